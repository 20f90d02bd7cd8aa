"""The peer's own pages and API, nothing else."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]

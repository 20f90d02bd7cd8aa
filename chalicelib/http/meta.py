"""What anybody may read: that it runs, and how it is used."""

import json

from chalicelib.http.call import Call
from chalicelib.http.docs_page import page
from chalicelib.http.endpoint import PREFIX, Answer, Page, Routes
from chalicelib.http.models.lists import HealthOut
from chalicelib.http.openapi import document

routes = Routes(__name__)


@routes.get("/health", gives=HealthOut)
def get_health(call: Call) -> Answer:
    """Ask whether it answers.

    It touches neither the table nor the bucket.
    """
    return Answer(HealthOut(status="ok", server_time=call.at))


@routes.get("/openapi.json")
def get_openapi(call: Call) -> Page:
    """Read the API's description, as OpenAPI 3.1."""
    before, _, _ = str(call.http.context.get("path", "")).partition(f"{PREFIX}/")
    described = document(routes.blueprint.current_app.routes, before or "/")
    return Page(json.dumps(described, ensure_ascii=False), "application/json")


@routes.get("/docs")
def get_docs(_call: Call) -> Page:
    """Read the API's description as a page."""
    return Page(page(document(routes.blueprint.current_app.routes)), "text/html; charset=utf-8")

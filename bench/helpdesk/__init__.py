"""django-helpdesk as a peer: a project of its own, in an environment of its own. Nothing else here imports it."""

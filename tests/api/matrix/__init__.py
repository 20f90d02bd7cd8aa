"""The matrix of who may reach what: every route, role, object and token (promise E)."""

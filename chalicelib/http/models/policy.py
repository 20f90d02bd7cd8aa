"""A policy version as it is shown: the document itself."""

from chalicelib.http.models.common import Out
from policies.model import Policy


class PolicyOut(Out):
    id: str
    version: int
    digest: str
    """SHA-256 of what it says; disputes pin it."""
    document: Policy

"""Appeals before they are filed: may I, why not, from when, and what it would cost (B12)."""

from typing import Any

from chalicelib.http.models.common import Instant, LocalInstant, Out, Query, Slug
from chalicelib.http.models.evidence import SubmissionOut


class QuotaQuery(Query):
    policy: Slug | None = None
    """The id of a policy; without it, the service's default one."""


class FailureOut(Out):
    dispute: str
    appeal: str
    at: Instant
    period: str
    """The month in which it counts, e.g. 2026-11."""


class PendingOut(Out):
    dispute: str
    appeal: str


class QuotaOut(Out):
    """How many failed appeals count, and how many are too many: more than the limit blocks."""

    policy: str
    party: str
    zone: str
    month: str
    failed_in_month: int
    per_month: int
    failed_in_year: int
    per_year: int
    blocked: bool
    reopens: Instant | None
    """From when an appeal is possible again, where it isn't now."""
    reopens_local: LocalInstant | None
    failures: tuple[FailureOut, ...]
    """Those of this year, oldest first."""
    pending: tuple[PendingOut, ...]
    reopens_if_pending_fail: Instant | None
    """From when, if all that is pending failed now; null: the shop would not be blocked."""


class EligibilityOut(Out):
    dispute: str
    may: bool
    obstacles: tuple[dict[str, Any], ...]
    """Everything in the way, as the problems that filing would answer, in their order."""
    window_until: Instant | None
    window_until_local: LocalInstant | None
    would_be_dismissed: bool
    """Filing it would have it dismissed at once: see accept_dismissal."""
    key_evidence: SubmissionOut
    """What is there for it now."""
    quota: QuotaOut
    server_time: Instant

"""Outages: what an operator declares, and what becomes of it."""

from datetime import timedelta
from typing import Annotated, Literal

from pydantic import Field

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.outage import OF_PARTIES, Declaration, OutageState, Scope, Unmended
from chalicelib.http.models.common import In, Instant, InstantIn, Line, Out, Party, Slug, Writing
from chalicelib.http.models.dispute import ByOut
from chalicelib.service.outages import Would

type Extended = Literal[
    DeadlineKind.RESPONSE,
    DeadlineKind.SETTLEMENT_CONFIRMATION,
    DeadlineKind.SUPPLEMENT,
    DeadlineKind.APPEAL_WINDOW,
    DeadlineKind.REVIEW,
    DeadlineKind.APPEAL_REVIEW,
]


class OutageIn(In):
    since: InstantIn
    until: InstantIn
    """Deadlines that fall from `since` to `until`, both inclusive, are given time again."""
    respondents: Annotated[tuple[Party, ...], Field(max_length=100)] = ()
    """Only theirs; none named: everybody's."""
    reasons: Annotated[tuple[Slug, ...], Field(max_length=50)] = ()
    """Only disputes of these; none named: of any."""
    kinds: Annotated[tuple[Extended, ...], Field(min_length=1, max_length=6)] = OF_PARTIES  # type: ignore[assignment]
    """Without it: all that a party has to keep."""
    extra_hours: Annotated[int, Field(ge=1, le=720)] | None = None
    """What a deadline that runs is given; without it, as long as the outage was."""
    cause: Line
    """What was out, in a line."""
    note: Writing | None = None

    def declaration(self) -> Declaration:
        extra = timedelta(hours=self.extra_hours) if self.extra_hours else None
        scope = Scope(self.since, self.until, self.respondents, self.reasons, self.kinds)
        return Declaration(scope, extra, self.cause, self.note)


class ResultOut(Out):
    """What has been done so far; exact at any moment."""

    disputes: int
    extended: int
    """Deadlines that ran."""
    set_aside: int
    """Defaults."""
    final: int
    """Lapses that stay: the ruling is final."""
    withdrawn: int
    """Lapses that stay: the dispute was withdrawn."""
    no_default: int
    """Lapses that stay: no default that they made stands."""


class OutageOut(Out):
    id: str
    state: OutageState
    since: Instant
    until: Instant
    respondents: tuple[str, ...]
    reasons: tuple[str, ...]
    kinds: tuple[DeadlineKind, ...]
    extra_seconds: int
    cause: str
    note: str | None
    declared_by: ByOut
    declared_at: Instant
    answered_by: ByOut | None
    answered_at: Instant | None
    updated_at: Instant
    result: ResultOut


class OutagesOut(Out):
    items: tuple[OutageOut, ...]
    next: str | None
    server_time: Instant


class ProspectOut(Out):
    """What would become of one deadline that fell in the outage."""

    dispute: str
    respondent: str
    reason: str
    deadline: str
    kind: DeadlineKind
    due: Instant
    would: Would
    due_after: Instant | None
    """Of one that is extended."""
    why: Unmended | None
    """Of one that is left as it is."""


class TotalsOut(Out):
    extended: int
    set_aside: int
    final: int
    withdrawn: int
    no_default: int
    complete: bool
    """false: there are more than were counted; read the pages."""


class PreviewOut(Out):
    """What would be done if it were done now. A page may have no items although `next` goes on."""

    outage: str
    totals: TotalsOut | None
    """With the first page only."""
    items: tuple[ProspectOut, ...]
    next: str | None
    server_time: Instant

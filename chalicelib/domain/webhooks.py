"""Webhooks: who is told of which events, at which address, and what becomes of an address that fails. Pure."""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from http import HTTPStatus
from typing import Final, get_args

from chalicelib.domain.errors import UnknownEventTypes, WebhookAddressRefused, WebhookDisabled, WebhookJustTested
from chalicelib.domain.events import Event
from chalicelib.domain.parties import PLATFORM
from chalicelib.domain.piece import PieceEvent

MOST: Final = 10
"""An owner has so many webhooks at most."""

ATTEMPTS_KEPT: Final = timedelta(days=30)
SECRETS_OVERLAP: Final = timedelta(hours=24)
"""A secret that was replaced goes on signing, beside the new one, for so long."""

TESTS_APART: Final = timedelta(minutes=1)
"""A webhook is tried out no more often: a test is a request to whomever its owner names."""

FAILS_AT_MOST: Final = timedelta(days=5)
"""An address at which nothing but failures happened for so long is disabled."""

SCHEDULE: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
"""How long after each failed attempt the next one follows, as Standard Webhooks recommends it."""

MOST_WAITED: Final = timedelta(hours=24)
"""What a receiver may ask for by Retry-After."""

_JITTER: Final = 0.1

TEST: Final = "webhook.test"
"""The type of an event that tells of nothing; every webhook gets it, when its owner asks."""

AUTOMATIC: Final = "0"
"""The first run of a delivery that nobody asked for. A replay is a run of its own, and so is one put back."""

_ADDRESS: Final = re.compile(
    r"https://(?P<host>(?:(?i:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)\.)+(?i:[a-z][a-z0-9-]{0,61}[a-z0-9]))(?::443)?"
    r"(?P<target>/[!$-;=?-Z_a-z~]*)?"
)
_LONGEST_ADDRESS: Final = 500
_LONGEST_HOST: Final = 253
_WORD: Final = re.compile(r"[A-Z][a-z]*")


class Why(StrEnum):
    """Why a webhook is disabled."""

    BY_OWNER = "by_owner"
    GONE = "gone"
    """The receiver answered 410."""
    FAILING = "failing"
    """FAILS_AT_MOST is over."""


@dataclass(frozen=True, slots=True)
class Disabled:
    at: datetime
    why: Why


@dataclass(frozen=True, slots=True)
class Secret:
    """A signing secret, encrypted."""

    sealed: str
    until: datetime | None = None
    """Until then it signs, if it was replaced."""


@dataclass(frozen=True, slots=True)
class Webhook:
    id: str
    owner: str
    """A party, `shop:…`, or PLATFORM."""
    seq: int
    url: str
    events: tuple[str, ...]
    created_at: datetime
    secrets: tuple[Secret, ...]
    """The newest first; two at most."""
    disabled: Disabled | None = None
    failing_since: datetime | None = None
    """The first failure since something was delivered."""
    tested_at: datetime | None = None

    def signing(self, now: datetime) -> tuple[Secret, ...]:
        return tuple(each for each in self.secrets if each.until is None or now <= each.until)


@dataclass(frozen=True, slots=True)
class Wanted:
    """A webhook as its owner asks for it."""

    owner: str
    url: str
    events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Change:
    """What is None stays as it is."""

    url: str | None = None
    events: tuple[str, ...] | None = None
    enabled: bool | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """An event as a webhook tells of it: which, of what, and no more. Of a test there is nothing but its id."""

    id: str
    type: str
    at: datetime
    dispute: str | None = None
    aggregate: str | None = None
    seq: int | None = None


class Trouble(StrEnum):
    """Why there was no answer."""

    ADDRESS_REFUSED = "address_refused"
    """The name leads to an address that isn't public."""
    UNRESOLVED = "unresolved"
    UNREACHABLE = "unreachable"
    TLS_FAILED = "tls_failed"
    TIMED_OUT = "timed_out"
    BROKEN_OFF = "broken_off"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a request: a status, or trouble."""

    milliseconds: int
    status: int | None = None
    trouble: Trouble | None = None
    retry_after: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Delivery:
    """One happening for one webhook, as it waits in the queue. `attempt` counts from 1."""

    webhook: str
    owner: str
    happening: Happening
    run: str
    not_before: datetime
    attempt: int = 1
    asked: bool = False
    """Its owner asked for it: then the type is wanted, whatever the webhook says."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One request that was made, as the log keeps it."""

    webhook: str
    happening: Happening
    run: str
    number: int
    at: datetime
    outcome: Outcome

    @property
    def delivered(self) -> bool:
        status = self.outcome.status
        return status is not None and HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES

    def kept(self, now: datetime) -> bool:
        return now - self.at <= ATTEMPTS_KEPT


def public_name(kind: str, *, of_piece: bool) -> str:
    """An event's type as webhooks say it: `Ruled` of a dispute is `dispute.ruled`."""
    aggregate = "piece" if of_piece else "dispute"
    words = [each.lower() for each in _WORD.findall(kind)]
    return f"{aggregate}.{'_'.join(words[1:] if words[0] == aggregate else words)}"


OF_DISPUTES: Final = tuple(sorted(public_name(each.__name__, of_piece=False) for each in get_args(Event.__value__)))
OF_PIECES: Final = tuple(sorted(public_name(each.__name__, of_piece=True) for each in get_args(PieceEvent.__value__)))


def known_events(owner: str) -> tuple[str, ...]:
    """What an owner may ask for: a party what is in its timelines, the platform what is in the feed."""
    return OF_DISPUTES + OF_PIECES if owner == PLATFORM else OF_DISPUTES


def host_and_target(url: str) -> tuple[str, str]:
    """The host name and what to ask it for. Raises WebhookAddressRefused for all but https on port 443.

    An IP address in any notation is no host name, for the last part of a name begins with a letter.
    """
    found = _ADDRESS.fullmatch(url)
    if found is None or len(url) > _LONGEST_ADDRESS or len(found["host"]) > _LONGEST_HOST:
        raise WebhookAddressRefused
    return found["host"].lower(), found["target"] or "/"


def register(wanted: Wanted, webhook_id: str, now: datetime) -> Webhook:
    """Without a secret yet. Raises WebhookAddressRefused, UnknownEventTypes."""
    host_and_target(wanted.url)
    return Webhook(webhook_id, wanted.owner, 1, wanted.url, _checked(wanted.owner, wanted.events), now, ())


def change(webhook: Webhook, wanted: Change, now: datetime) -> Webhook:
    """Enabled anew, or at another address, it has failed at nothing yet. Raises as `register`."""
    url = webhook.url if wanted.url is None else wanted.url
    host_and_target(url)
    events = webhook.events if wanted.events is None else _checked(webhook.owner, wanted.events)
    disabled = webhook.disabled
    if wanted.enabled is not None:
        disabled = None if wanted.enabled else disabled or Disabled(now, Why.BY_OWNER)
    afresh = url != webhook.url or (webhook.disabled is not None and disabled is None)
    failing_since = None if afresh else webhook.failing_since
    return replace(webhook, seq=webhook.seq + 1, url=url, events=events, disabled=disabled, failing_since=failing_since)


def rotate(webhook: Webhook, sealed: str, now: datetime) -> Webhook:
    """A new secret; the one before signs beside it for a while, an older one no more."""
    former = replace(webhook.secrets[0], until=now + SECRETS_OVERLAP)
    return replace(webhook, seq=webhook.seq + 1, secrets=(Secret(sealed), former))


def require_enabled(webhook: Webhook) -> None:
    if webhook.disabled:
        raise WebhookDisabled(why=webhook.disabled.why)


def test(webhook: Webhook, now: datetime) -> Webhook:
    """Raises WebhookDisabled, WebhookJustTested."""
    require_enabled(webhook)
    if webhook.tested_at is not None and now - webhook.tested_at < TESTS_APART:
        raise WebhookJustTested(again_at=webhook.tested_at + TESTS_APART)
    return replace(webhook, seq=webhook.seq + 1, tested_at=now)


def still_wanted(webhook: Webhook | None, delivery: Delivery) -> bool:
    """Asked at the moment of sending: the webhook is there, enabled, and wants this type, or its owner asked for it."""
    if webhook is None or webhook.disabled:
        return False
    return delivery.asked or delivery.happening.type in webhook.events


def after(webhook: Webhook, attempt: Attempt) -> Webhook:
    """The webhook once the attempt is known; the same where nothing changes. A test says nothing of it."""
    if attempt.happening.type == TEST:
        return webhook
    failing_since = None if attempt.delivered else webhook.failing_since or attempt.at
    disabled = webhook.disabled or _given_up(attempt, failing_since)
    if (failing_since, disabled) == (webhook.failing_since, webhook.disabled):
        return webhook
    return replace(webhook, seq=webhook.seq + 1, failing_since=failing_since, disabled=disabled)


def wait_after(attempt: Attempt, chance: float) -> timedelta | None:
    """How long until the next attempt; None where none follows. `chance`, from 0 to 1, keeps rivals apart."""
    if attempt.delivered or attempt.happening.type == TEST or attempt.number > len(SCHEDULE):
        return None
    asked = min(attempt.outcome.retry_after or timedelta(), MOST_WAITED)
    return max(SCHEDULE[attempt.number - 1], asked) * (1 + _JITTER * chance)


def _given_up(attempt: Attempt, failing_since: datetime | None) -> Disabled | None:
    if attempt.outcome.status == HTTPStatus.GONE:
        return Disabled(attempt.at, Why.GONE)
    if failing_since and attempt.at - failing_since >= FAILS_AT_MOST:
        return Disabled(attempt.at, Why.FAILING)
    return None


def _checked(owner: str, events: tuple[str, ...]) -> tuple[str, ...]:
    known = known_events(owner)
    unknown = tuple(each for each in events if each not in known)
    if unknown:
        raise UnknownEventTypes(unknown=unknown, known=known)
    return tuple(sorted(set(events)))

"""What a policy must be beside well-formed: its parts fit together, and its numbers can be meant."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import datetime
from operator import attrgetter
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from policies import calendar
from policies.errors import Place, Problem
from policies.model import Bilingual, EvidenceRule, Policy, Requirement, Shows, Term, Unit

_ID = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ZONE = re.compile(r"UTC|[A-Z][A-Za-z_]+(/[A-Z][A-Za-z0-9_+-]+)+")
_CURRENCY = re.compile(r"[A-Z]{3}")

# Longer than anything that a platform would mean: a slip of the unit, which would else overflow the calendar one day.
_LONGEST = Term(10, Unit.YEARS)

# Where less than one would make the rule impossible to keep.
_POSITIVE = (
    "version",
    "files.max_bytes",
    "files.max_pieces",
    "files.min_side_px",
    "files.max_pixels",
    "files.max_webp_pixels",
    "files.max_pdf_pages",
)

# Where nought has a meaning: none, never, at once.
_NOT_NEGATIVE = (
    "response.upload_grace_seconds",
    "supplement.max_per_side",
    "extension.max_times",
    "appeal.quota.per_month",
    "appeal.quota.per_year",
)

_UP_TO = {"blurred_below": 1, "dark_below": 255, "overexposed_above": 1, "blank_below": 255}


def problems(policy: Policy) -> Iterator[Problem]:
    """Everything that is wrong with a policy, in no promised order."""
    yield from _head(policy)
    yield from _ids(policy)
    yield from _numbers(policy)
    yield from _files(policy)
    yield from _requirements(policy)
    yield from _references(policy)
    yield from _appeal(policy)
    yield from _reminders(policy)
    for place, value in _walk((), policy):
        match value:
            case Bilingual():
                yield from _bilingual(place, value)
            case Term():
                yield from _term(place, value, policy)


def _head(policy: Policy) -> Iterator[Problem]:
    if policy.effective_from.utcoffset() is None:
        yield Problem(
            ("effective_from",), "names no instant without an offset", "Write it as 2026-01-01T00:00:00+08:00"
        )
    if not _zone_exists(policy.zone):
        yield Problem(("zone",), f"{policy.zone!r} is no zone", "Write an IANA name, e.g. Asia/Shanghai")
    if not _CURRENCY.fullmatch(policy.currency):
        yield Problem(("currency",), f"{policy.currency!r} is no currency", "Write its ISO 4217 code, e.g. CNY")


def _zone_exists(zone: str) -> bool:
    if not _ZONE.fullmatch(zone):
        return False
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, OSError):  # a folder of zones, e.g. America/Argentina, is an OSError
        return False
    return True


def _ids(policy: Policy) -> Iterator[Problem]:
    """Ids become parts of keys and addresses, so they hold nothing that would have to be escaped there."""
    places: list[Place] = [("reasons", each) for each in policy.reasons]
    places += [("requirements", each) for each in policy.requirements]
    places += [
        ("requirements", id_, "points", each) for id_, asked in policy.requirements.items() for each in asked.points
    ]
    named = [(("id",), policy.id), *((place, str(place[-1])) for place in places)]
    for place, name in named:
        if not _ID.fullmatch(name):
            yield Problem(
                place, f"{name!r} can't be an id", "Use small letters, digits and _, a letter first, 40 at the most"
            )


def _numbers(policy: Policy) -> Iterator[Problem]:
    for least, names in ((1, _POSITIVE), (0, _NOT_NEGATIVE)):
        for name in names:
            if (value := attrgetter(name)(policy)) < least:
                yield Problem(tuple(name.split(".")), f"{value} is too small", f"Write {least} or more")
    for name, most in _UP_TO.items():
        if not 0 <= (value := getattr(policy.quality, name)) <= most:
            yield Problem(("quality", name), f"{value} is out of range", f"Write a number from 0 to {most}")
    quota = policy.appeal.quota
    if quota.per_year < quota.per_month:
        yield Problem(
            ("appeal", "quota", "per_year"),
            f"{quota.per_year} a year is less than {quota.per_month} a month",
            "Allow at least as many in a year as in one of its months",
        )


def _files(policy: Policy) -> Iterator[Problem]:
    files = policy.files
    if files.max_webp_pixels > files.max_pixels:
        yield Problem(
            ("files", "max_webp_pixels"),
            "exceeds max_pixels",
            "Write max_pixels or less: WebP needs more memory, not less",
        )
    if files.min_side_px**2 > min(files.max_pixels, files.max_webp_pixels):
        yield Problem(("files", "min_side_px"), "leaves no size that is allowed", "Lower it, or allow more pixels")


def _requirements(policy: Policy) -> Iterator[Problem]:
    for id_, requirement in policy.requirements.items():
        if not requirement.points:
            yield Problem(
                ("requirements", id_, "points"), "is empty", "Say what the evidence must show, in one point or more"
            )
        if not requirement.media or len(set(requirement.media)) < len(requirement.media):
            yield Problem(("requirements", id_, "media"), "is empty or names one twice", "Name each accepted form once")
        yield from _kinds(("requirements", id_), requirement)


def _kinds(place: Place, requirement: Requirement) -> Iterator[Problem]:
    """A8, A11: what is refused is told by a point."""
    judged = any(point.shows is Shows.DOCUMENT_KIND for point in requirement.points.values())
    named = (*requirement.accepts, *requirement.refuses)
    if len(set(named)) < len(named):
        yield Problem((*place, "refuses"), "names a kind twice, or one that is accepted", "Name each kind once")
    if judged and not named:
        yield Problem((*place, "accepts"), "is missing", "Name the kinds that are accepted, or refused")
    if requirement.refuses and not judged:
        yield Problem((*place, "points"), "has none that shows document_kind", "Add `shows: document_kind` to one")


def _references(policy: Policy) -> Iterator[Problem]:
    if not policy.reasons:
        yield Problem(("reasons",), "is empty", "Write one reason or more")
    rules = dict(_rules(policy))
    for place, rule in rules.items():
        yield from _rule(place, rule, policy)
    used = {each for rule in rules.values() for each in rule.ids}
    for id_ in policy.requirements:
        if id_ not in used:
            yield Problem(("requirements", id_), "is not asked for anywhere", "Name it in a reason, or remove it")


def _rules(policy: Policy) -> Iterator[tuple[Place, EvidenceRule]]:
    for id_, reason in policy.reasons.items():
        yield ("reasons", id_, "respondent"), reason.respondent
        yield ("reasons", id_, "complainant"), reason.complainant
    yield ("appeal", "key_evidence"), policy.appeal.key_evidence


def _rule(place: Place, rule: EvidenceRule, policy: Policy) -> Iterator[Problem]:
    seen: set[str] = set()
    for where, id_ in _named(rule):
        if id_ not in policy.requirements:
            known = ", ".join(policy.requirements)
            yield Problem(
                (*place, *where), f"{id_!r} is no requirement", f"Define it under requirements, or name one of: {known}"
            )
        if id_ in seen:
            yield Problem((*place, *where), f"{id_!r} is named twice", "Name it once, in all_of, one_of or optional")
        seen.add(id_)
    for index, group in enumerate(rule.one_of):
        if not group[1:]:
            yield Problem((*place, "one_of", index), "is no choice", "Name two or more, or write it under all_of")


def _named(rule: EvidenceRule) -> Iterator[tuple[Place, str]]:
    for index, id_ in enumerate(rule.all_of):
        yield ("all_of", index), id_
    for number, group in enumerate(rule.one_of):
        for index, id_ in enumerate(group):
            yield ("one_of", number, index), id_
    for index, id_ in enumerate(rule.optional):
        yield ("optional", index), id_


def _appeal(policy: Policy) -> Iterator[Problem]:
    appeal = policy.appeal
    if not appeal.grounds or len(set(appeal.grounds)) < len(appeal.grounds):
        yield Problem(("appeal", "grounds"), "is empty or names one twice", "Name each ground that is allowed once")
    if not (appeal.key_evidence.all_of or appeal.key_evidence.one_of):
        yield Problem(
            ("appeal", "key_evidence"), "asks for nothing", "An appeal needs its key evidence: use all_of or one_of"
        )


def _reminders(policy: Policy) -> Iterator[Problem]:
    """C6: the sweep looks so far ahead, whatever the dispute's zone."""
    for field in fields(policy.reminders):
        named: tuple[Term, ...] = getattr(policy.reminders, field.name)
        if len(set(named)) < len(named):
            yield Problem(("reminders", field.name), "names one twice", "Name each time once")
        for index, term in enumerate(named):
            if term.unit not in calendar.ELAPSING:
                place = ("reminders", field.name, index, "unit")
                yield Problem(place, f"{term.unit} can't be counted back", "Write hours, minutes or seconds")


def _bilingual(place: Place, text: Bilingual) -> Iterator[Problem]:
    for language in ("en", "zh"):
        if not getattr(text, language).strip():
            yield Problem((*place, language), "is empty", "Write it in both languages")


def _term(place: Place, term: Term, policy: Policy) -> Iterator[Problem]:
    if term.count < 1:
        yield Problem((*place, "count"), f"{term.count} is too small", "Write 1 or more")
    elif policy.effective_from.utcoffset() is not None and _too_long(term, policy.effective_from):
        yield Problem(place, f"{term.count} {term.unit} are over ten years", "Write a shorter term, or another unit")


def _too_long(term: Term, start: datetime) -> bool:
    try:
        return calendar.add(start, term, "UTC") > calendar.add(start, _LONGEST, "UTC")
    except (OverflowError, ValueError):
        return True


def _walk(place: Place, value: object) -> Iterator[tuple[Place, object]]:
    yield place, value
    if is_dataclass(value):
        for field in fields(value):
            yield from _walk((*place, field.name), getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _walk((*place, key), each)
    elif isinstance(value, tuple):
        for index, each in enumerate(value):
            yield from _walk((*place, index), each)

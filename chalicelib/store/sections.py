"""What of a table is read next to check it: what lies in a part of it, and what changed."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import batched
from typing import Final, NamedTuple

from chalicelib.domain.model import Dispute
from chalicelib.domain.records import Part, Section, Stretch
from chalicelib.store import codec, keys, pages
from chalicelib.store.instants import ulid_floor
from chalicelib.store.keys import Key
from chalicelib.store.table import Item, Range, Table, text
from policies.calendar import year_of

_TOGETHER: Final = 20
"""Sections in a stretch, and the quotas of as many disputes."""


class _Place(NamedTuple):
    """In what a Scan gives."""

    start: Key | None = None
    """The key that the Scan goes on after."""
    done: str | None = None
    """Up to this partition, what it then gives is checked."""


def of_part(table: Table, after: str | None, part: Part, *, at_once: int) -> Sequence[Stretch]:
    """As `Records.sections` has it, of so many items at once."""
    start, done = _place(after)
    names, following = table.partitions(start, limit=at_once, part=part.number, of=part.of)
    rest = names[names.index(done) + 1 :] if done in names else names
    sections = (Section(each, _sort_in(each, start), _sort_in(each, following)) for each in rest)
    fresh = [each for each in sections if each.after is None or _divided(each)]
    end = codec.encode(_Place(following)) if following else None
    return _stretches(fresh, lambda last: codec.encode(_Place(start, last)), end)


def changed(table: Table, until: datetime, after: str | None, *, at_once: int) -> Sequence[Stretch]:
    """As `Records.changed` has it, of so many events at once.

    Disputes come in the order of their last events, so that nothing is behind a place between two of them. The
    snapshots tell which are to come once more, and which quotas they are counted in.
    """
    end = ulid_floor(until)
    ranges = [Range(keys.FEED, each, after or end, below=end) for each in keys.shards("FEED")]
    items, _ = pages.page(table, ranges, limit=at_once)
    ends = {text(each, "pk"): text(each, keys.FEED.sort) for each in items}
    last = text(items[-1], keys.FEED.sort) if items else after or end
    snapshots = [Key(each, "SNAPSHOT") for each in sorted(ends, key=ends.__getitem__)]
    found = table.get(snapshots) if snapshots else {}
    now = [each for each in snapshots if not last < str(found.get(each, {}).get("commit")) < end]
    stretches = _stretches([Section(each.pk) for each in now], ends.__getitem__, last)
    return tuple(_with_quotas(stretches, {key.pk: item for key, item in found.items()}))


def _stretches(sections: Sequence[Section], place: Callable[[str], str], end: str | None) -> Sequence[Stretch]:
    """At least one; the place after each is that of its last partition, and after the last one the end."""
    some = list(batched(sections, _TOGETHER, strict=False)) or [()]
    return [*(Stretch(each, place(each[-1].partition)) for each in some[:-1]), Stretch(some[-1], end)]


def _with_quotas(stretches: Iterable[Stretch], snapshots: Mapping[str, Item]) -> Iterator[Stretch]:
    """Each quota once, along with the first dispute that is counted in it."""
    known: set[str] = set()
    for each in stretches:
        read = (snapshots.get(section.partition, {}) for section in each.sections)
        fresh = dict.fromkeys(key.pk for item in read for key in _counted_in(item) if key.pk not in known)
        known.update(fresh)
        yield replace(each, sections=(*each.sections, *map(Section, fresh)))


def _place(after: str | None) -> _Place:
    """From the beginning, where it can't be read."""
    try:
        return codec.decode(after, _Place) if after else _Place()
    except codec.UNREADABLE:
        return _Place()


def quota_keys(dispute: Dispute) -> list[Key]:
    """Of the years that its appeals are counted in."""
    zone = dispute.policy.zone
    filed = {year_of(each.filed_at, zone) for each in dispute.appeals}
    years = filed | {each.counted.year for each in dispute.appeals if each.counted}
    return [keys.quota(dispute.policy.id, dispute.respondent, each) for each in sorted(years)]


def _counted_in(snapshot: Item) -> Iterator[Key]:
    """The quotas of its appeals; none where it can't be read, which is told of the dispute itself."""
    with suppress(*codec.UNREADABLE, KeyError, ValueError, OSError):
        yield from quota_keys(codec.decode(str(snapshot.get("state")), Dispute))


def _sort_in(partition: str, key: Key | None) -> str | None:
    """The sort key, where the key lies in that partition."""
    return key.sk if key and key.pk == partition else None


def _divided(section: Section) -> bool:
    """A caller's idempotency records are read as they come, and all other partitions at once."""
    return section.partition.startswith("I#")

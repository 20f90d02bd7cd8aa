"""What of a table is read next to check it: what lies in a part of it, and what changed."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime

import msgspec

from chalicelib.domain.model import Dispute
from chalicelib.domain.ports import Page
from chalicelib.domain.records import Part, Section
from chalicelib.store import codec, keys, pages
from chalicelib.store.instants import ulid_floor
from chalicelib.store.keys import Key
from chalicelib.store.table import Item, Range, Table, text
from policies.calendar import year_of


def of_part(table: Table, after: str | None, part: Part, *, at_once: int) -> Page[Section]:
    """As `Records.sections` has it, of so many items at once."""
    start = codec.decode(after, Key) if after else None
    names, following = table.partitions(start, limit=at_once, part=part.number, of=part.of)
    sections = (Section(each, _sort_in(each, start), _sort_in(each, following)) for each in names)
    fresh = tuple(each for each in sections if each.after is None or _divided(each))
    return Page(fresh, codec.encode(following) if following else None)


def changed(table: Table, until: datetime, after: str | None, *, at_once: int) -> Page[Section]:
    """As `Records.changed` has it, of so many events at once.

    The snapshots tell which disputes are to come once more, and which quotas they are counted in.
    """
    end = ulid_floor(until)
    ranges = [Range(keys.FEED, each, after or end, below=end) for each in keys.shards("FEED")]
    items, _ = pages.page(table, ranges, limit=at_once)
    last = text(items[-1], keys.FEED.sort) if items else after or end
    snapshots = [Key(each, "SNAPSHOT") for each in dict.fromkeys(text(each, "pk") for each in items)]
    found = table.get(snapshots) if snapshots else {}
    now = [each for each in snapshots if not last < str(found.get(each, {}).get("commit")) < end]
    counted = (key.pk for each in now if each in found for key in _counted_in(found[each]))
    return Page(tuple(map(Section, dict.fromkeys((*(each.pk for each in now), *counted)))), last)


def quota_keys(dispute: Dispute) -> list[Key]:
    """Of the years that its appeals are counted in."""
    zone = dispute.policy.zone
    filed = {year_of(each.filed_at, zone) for each in dispute.appeals}
    years = filed | {each.counted.year for each in dispute.appeals if each.counted}
    return [keys.quota(dispute.policy.id, dispute.respondent, each) for each in sorted(years)]


def _counted_in(snapshot: Item) -> Iterator[Key]:
    """The quotas of its appeals; none where it can't be read, which is told of the dispute itself."""
    with suppress(msgspec.MsgspecError, KeyError, ValueError, OSError):
        yield from quota_keys(codec.decode(str(snapshot.get("state")), Dispute))


def _sort_in(partition: str, key: Key | None) -> str | None:
    """The sort key, where the key lies in that partition."""
    return key.sk if key and key.pk == partition else None


def _divided(section: Section) -> bool:
    """A caller's idempotency records are read as they come, and all other partitions at once."""
    return section.partition.startswith("I#")

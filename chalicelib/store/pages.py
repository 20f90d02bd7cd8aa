"""Ranges as pages, which go on after the last sort key that they gave, or whole: merged by sort key over partitions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from heapq import merge

from chalicelib.store.table import Found, Item, Range, Table, text


def page(table: Table, ranges: Sequence[Range], *, limit: int) -> tuple[tuple[Item, ...], str | None]:
    """Up to `limit` items of the ranges, which are alike but for their partition, and where to go on, if anywhere."""
    found = [table.query(each, limit=limit + 1) for each in ranges if not each.empty]
    alike = ranges[0]
    items = sorted(
        (item for each in found for item in each.items),
        key=lambda item: text(item, alike.sort_attribute),
        reverse=alike.descending,
    )
    known = _known(alike, found, items)
    shown, cut = known[:limit], len(known) > limit or any(each.more for each in found)
    return tuple(shown), text(shown[-1], alike.sort_attribute) if shown and cut else None


def merged(table: Table, ranges: Sequence[Range], *, at_once: int) -> Iterator[Item]:
    """Every item of the ranges, which are alike but for their partition, in their order; each is read once.

    One Query of each range for each `at_once` items of it.
    """
    attribute = ranges[0].sort_attribute
    found = (whole(table, each, at_once=at_once) for each in ranges if not each.empty)
    return merge(*found, key=lambda item: text(item, attribute))


def whole(table: Table, wanted: Range, *, at_once: int = 500) -> Iterator[Item]:
    """Every item of the range: one Query for each `at_once` items, or megabyte."""
    found = table.query(wanted, limit=at_once)
    yield from found.items
    while found.more:
        found = table.query(replace(wanted, after=text(found.items[-1], wanted.sort_attribute)), limit=at_once)
        yield from found.items


def _known(alike: Range, found: Sequence[Found], items: Sequence[Item]) -> Sequence[Item]:
    """A Query that stopped early says nothing of what lies behind its last item: there the page ends."""
    ends = [text(each.items[-1], alike.sort_attribute) for each in found if each.more]
    if not ends:
        return items
    end = max(ends) if alike.descending else min(ends)
    beyond = [text(item, alike.sort_attribute) for item in items].index(end) + 1
    return items[:beyond]

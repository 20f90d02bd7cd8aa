"""A shop's quota in the table: one item of counters a policy, respondent and year, and a ledger that says why.

Counters change in one operation a transaction, for DynamoDB refuses two on one item; the ledger entry beside it exists
once an appeal and booking, so that no retry counts twice (promise B).
"""

from collections.abc import Iterator, Sequence

import msgspec

from chalicelib.domain.model import Failure
from chalicelib.domain.ports import Booking, Commit, LedgerEntry
from chalicelib.domain.quota import Pending, QuotaChange, QuotaYear
from chalicelib.store import codec, keys
from chalicelib.store.instants import stamp, unstamp
from chalicelib.store.table import (
    Absent,
    Clause,
    Compared,
    Item,
    Meaning,
    Op,
    Put,
    Update,
    Write,
    members,
    number,
    text,
)

_MONTHS = range(1, 13)


def writes(commit: Commit) -> Iterator[Write]:
    """What the commit does to quotas. ValueError where one year item is to be changed twice."""
    items = [keys.quota(each.policy, each.respondent, each.year) for each in commit.quota]
    if len(set(items)) < len(items):
        message = "a commit changes the quota of a year once"
        raise ValueError(message)
    for change in commit.quota:
        counts = _counts(change)
        if counts.only_if or not counts.only_checks:
            yield counts
        yield from _entries(commit, change)


def year_of(item: Item) -> QuotaYear:
    """The quota year that an item of counters holds."""
    _, policy, rest = text(item, "pk").split("#", 2)
    respondent, year = rest.rsplit("#", 1)
    by_month = {month: number(item, _month(month), 0) for month in _MONTHS}
    failures = (_failure(each, policy, respondent, int(year)) for each in members(item, "failures"))
    return QuotaYear(
        year=int(year),
        failed=number(item, "y", 0),
        by_month={month: count for month, count in by_month.items() if count},
        failures=tuple(sorted(failures, key=lambda each: (each.at, each.appeal))),
        pending=tuple(sorted(map(_pending, members(item, "pending")), key=lambda each: each.appeal)),
    )


def ledger_of(items: Sequence[Item]) -> tuple[LedgerEntry, ...]:
    """The entries, by instant."""
    entries = (codec.decode(text(each, "body"), LedgerEntry) for each in items)
    return tuple(sorted(entries, key=lambda each: (each.at, each.failure.appeal)))


def _counts(change: QuotaChange) -> Update:
    failed, back = change.add, change.take_back
    pend, settle = change.pend, change.settle
    if (failed and back) or (pend and settle and pend != settle):
        message = "a commit adds to a quota or takes back, and adds to what is pending or settles it"
        raise ValueError(message)
    if pend == settle:
        pend = settle = None
    counted = failed or back
    return Update(
        keys.quota(change.policy, change.respondent, change.year),
        add={"y": 1 if failed else -1, _month(counted.month): 1 if failed else -1} if counted else {},
        put_in=_members(failed, pend),
        take_out=_members(back, settle),
        only_if=_within(change),
        meaning=Meaning.QUOTA if change.check else Meaning.NOTHING,
    )


def _within(change: QuotaChange) -> tuple[Clause, ...]:
    """B5: strictly more than the limit blocks, and what was never counted is 0."""
    check = change.check
    if check is None:
        return ()
    return (
        Compared(_month(check.month), Op.AT_MOST, check.per_month, or_absent=True),
        Compared("y", Op.AT_MOST, check.per_year, or_absent=True),
    )


def _entries(commit: Commit, change: QuotaChange) -> Iterator[Put]:
    for booking, failure in ((Booking.FAILED, change.add), (Booking.TAKEN_BACK, change.take_back)):
        if failure:
            key = keys.ledger(change.policy, change.respondent, change.year, failure.appeal, booking)
            body = codec.canonical(LedgerEntry(booking, failure, commit.at, commit.by))
            item: Item = {"pk": key.pk, "sk": key.sk, "body": body, "commit": commit.id}
            yield Put(item, only_if=(Absent(),), meaning=Meaning.VERSION)


def _members(failure: Failure | None, pending: Pending | None) -> dict[str, str]:
    """The members of the item's sets that stand for them."""
    of_failures = {"failures": _encoded_failure(failure)} if failure else {}
    return of_failures | ({"pending": _encoded_pending(pending)} if pending else {})


def _month(month: int) -> str:
    return f"m{month:02}"


def _encoded_failure(failure: Failure) -> str:
    return codec.encode((failure.month, stamp(failure.at), failure.dispute, failure.appeal))


def _failure(encoded: str, policy: str, respondent: str, year: int) -> Failure:
    month, at, dispute, appeal = msgspec.json.decode(encoded, type=tuple[int, str, str, str])
    return Failure(policy, respondent, year, month, unstamp(at), dispute, appeal)


def _encoded_pending(pending: Pending) -> str:
    return codec.encode((pending.dispute, pending.appeal))


def _pending(encoded: str) -> Pending:
    return Pending(*msgspec.json.decode(encoded, type=tuple[str, str]))

"""What checking the table from outside costs, as long as disputes are kept: counted from runs of the very function.

What changed is checked once for each day on which something happened to it, as many as prices.json assumes; everything
else, and each anchor, once in as many days as the template says, and the latest anchors every day. Files are read for a
month, then listed for as long as they are there, 180 days, and in both places for some weeks after they are erased. An
anchor is read for all disputes of its day at once: what each costs is the chains' heads.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from bench import story, units
from bench.bill import Bill, Billed, Used
from chalicelib.domain.checking import Checked
from chalicelib.service.case_checks import LOOKED_FOR, READ_FOR
from chalicelib.store.checking import CheckItem
from chalicelib.store.dynamo import DynamoTable
from chalicelib.store.instants import ulid_floor
from tests.chaos.world import TABLE
from tests.contract.template import template

DAYS: Final = 365 * 3
PICTURES_DAYS: Final = 180
ROUND: Final = int(template()["Parameters"]["TableCheckDays"]["Default"])
"""Days in which everything is checked once."""

BEFORE_ALL: Final = "0"
"""Sorts before every place in the feed."""

_LISTING: Final = "s3.ListObjectVersions"
type Priced = Callable[[Used], float]
"""Dollars."""


@dataclass(frozen=True, slots=True)
class Looks:
    """Dollars that one look costs."""

    fresh: float
    """At all of it, in the first month."""
    rested: float
    """Likewise, later."""
    listed: float
    """At the files that lie there, or at one of the two places where they lay; in `rested`, too."""
    changed: float
    anchored: float
    """At the chains' heads of one day's anchor."""

    def at_all(self, days: int) -> float:
        """For three years, once in so many days."""
        later = DAYS - READ_FOR.days
        listings = PICTURES_DAYS - READ_FOR.days + 2 * LOOKED_FOR.days - later
        return (self.fresh * READ_FOR.days + self.rested * later + self.listed * listings) / days

    def costs(self, days_of_change: float) -> Mapping[str, float]:
        """For three years, as the template has it."""
        return {
            f"Verifying all, once in {ROUND} days for 3 years": self.at_all(ROUND),
            "Verifying what changed, a day later": self.changed * days_of_change,
            "Verifying the anchors, for 3 years": self.anchored * (ROUND + DAYS / ROUND),
        }


def looks(cloud: Billed, price: Priced) -> Looks:
    """At all the disputes that are there, each of which has gone through its life."""
    cloud.later(days=1)
    cloud.bill = Bill()
    cloud.anchor()
    idle, anchored = price(run(cloud, day=1)), run(cloud, anchor=0)
    anchors, heads = price(anchored), Used(charges=[each for each in anchored.charges if each.kind == "read"])
    changed, fresh = price(run(cloud, changed=True, day=1)), price(run(cloud))
    listed = price(Used(calls=Counter({_LISTING: len(story.MIX)})))
    return Looks(fresh - anchors, price(at_rest(cloud)) - anchors, listed, changed - idle, price(heads))


def at_rest(cloud: Billed) -> Used:
    """A look at all of it, a month later: records of requests have expired, and files are listed."""
    cloud.later(days=READ_FOR.days + 1)
    for item in cloud.items():
        if item["pk"]["S"].startswith("I#"):
            cloud.outside["dynamodb"].delete_item(TableName=TABLE, Key={name: item[name] for name in ("pk", "sk")})
    return run(cloud)


def run(cloud: Billed, *, changed: bool = False, day: int = 0, anchor: int | None = None) -> Used:
    """A run that checks all that ever changed, or nothing, and the whole table, or its anchors alone, or tomorrow."""
    book = CheckItem(DynamoTable(cloud.outside["dynamodb"], TABLE))
    noted = book.checked()
    changes = BEFORE_ALL if changed else ulid_floor(cloud.now)
    begun = Checked(1, cloud.now.toordinal() + day, changes, anchor=anchor, seq=noted.seq if noted else 0)
    if not book.note(begun):
        raise RuntimeError("somebody else checks the table")
    bill = cloud.bill = Bill()
    cloud.enqueue("audit", "{}")
    story.settled(cloud)
    return scanned(cloud, bill.of("verify"))


def scanned(cloud: Billed, used: Used) -> Used:
    """With what its Scans have read, which DynamoDB's answers don't say."""
    if used.calls["dynamodb.Scan"]:
        read = units.scanned(cloud.items())
        used.charges.append(units.Charge("Scan", units.TABLE, "", "read", read))
    return used

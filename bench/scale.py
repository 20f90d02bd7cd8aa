"""A day at internet scale: which key of the table gets hot, when, and how many shards it takes that none does.

10 million disputes a day, of which one shop has 1 %; a day's curve, and a sale whose best second has 20 × the mean.
Seconds are drawn one by one: arrivals are Poisson's. What a dispute does to each key was counted by carrying disputes
through (`story`, `money`); all of it is taken to happen in the second of its arrival, so that the peaks of all its
stages fall together: an upper bound. A partition key takes 1,000 write units and 3,000 read units a second, in the
table and in each index; an index that can't follow holds up the writes of the table. By Zipf's law the k-th shop has a
k-th of what the largest has: so where the largest shop's keys stay cool, all do.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from typing import Any, Final, Literal

from bench import money, story
from bench.bill import API, Bill, billed
from bench.figures import Figure, Part, Table
from bench.units import TABLE, Charge
from chalicelib.domain.parties import Role
from chalicelib.store.keys import SHARDS
from tests.api.build import ISSUER
from tests.contract.template import template

PER_DAY: Final = 10_000_000
LARGEST_SHOP: Final = 0.01
PEAK: Final = 20.0
SEED: Final = 20261111
LIMITS: Final[Mapping[str, int]] = {"write": 1000, "read": 3000}
_DAY: Final = 86_400
_SALE_AT: Final = 20 * 3600
_SALE_LASTS: Final = 900.0
"""Seconds in which most of its rush is over."""

type Kind = Literal["read", "write"]

SHARDED: Final = frozenset({"DUE", "LAPSED", "AWAITED", "ERASE", "OUTBOX", "U", "FEED"})
OF_ALL: Final = frozenset({"V", "I platform", "W platform"})
"""One partition for everybody, or for the platform, which opens all disputes as one subject."""
OF_A_SHOP: Final = frozenset({"R", "RS", "RR", "Q", "N", "UNREAD", "W shop", "I others"})
"""Messages and callers lie under hashes: all of them, the platform's apart, are taken to be one shop's."""
_PLATFORM: Final = sha256(f"{ISSUER}\0platform-1\0{Role.PLATFORM}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Family:
    """Keys of one kind in the table or one index."""

    place: str
    name: str
    kind: Kind
    units: float
    """That a dispute costs them."""

    @property
    def share(self) -> float:
        """Of all disputes, those that fall on the hottest key, before any sharding."""
        return LARGEST_SHOP if self.name in OF_A_SHOP else 1.0

    @property
    def shards(self) -> int:
        return SHARDS if self.name in SHARDED else 1


@dataclass(frozen=True, slots=True)
class Heat:
    """What the hottest key of a family takes in the worst second of the day."""

    family: Family
    peak: float
    """Units a second, in all shards together."""

    @property
    def a_key(self) -> float:
        return self.peak / self.family.shards

    @property
    def limit(self) -> int:
        return LIMITS[self.family.kind]

    @property
    def hot_from(self) -> int:
        """Disputes a day from which a key is hot, in a sale of the same height."""
        return math.floor(PER_DAY * self.limit / self.a_key)

    @property
    def shards_needed(self) -> int:
        """A power of two; a fifth is left free, for shards aren't quite alike."""
        return int(2 ** max(0, math.ceil(math.log2(self.peak / (0.8 * self.limit)))))


def load(second: int) -> float:
    """Of a day without a sale's mean: a day's curve, and the sale on top of it."""
    curve = 1 - 0.8 * math.cos(2 * math.pi * (second / _DAY - 0.6))
    return curve + (PEAK - 1) * math.exp(-abs(second - _SALE_AT) / _SALE_LASTS)


def worst_second(share: float, seed: int = SEED) -> float:
    """Arrivals on keys of this share of all disputes; the mean of the day is PER_DAY's, and the best second PEAK's."""
    rng, mean = Random(seed), share * PER_DAY / _DAY
    top = max(map(load, range(_DAY)))
    return max(float(arrivals(rng, mean * load(second) * PEAK / top)) for second in range(_DAY))


def arrivals(rng: Random, mean: float) -> int:
    """Of small means by Knuth's way, of large ones nearly normal."""
    if mean > 30:
        return max(0, round(rng.gauss(mean, math.sqrt(mean))))
    limit, product, drawn = math.exp(-mean), rng.random(), 0
    while product > limit:
        product, drawn = product * rng.random(), drawn + 1
    return drawn


def heats(families: Sequence[Family]) -> list[Heat]:
    """The hottest first."""
    drawn = {share: worst_second(share) for share in {each.share for each in families}}
    found = [Heat(each, drawn[each.share] * each.units) for each in families]
    return sorted(found, key=lambda each: each.a_key / each.limit, reverse=True)


def families(bills: Mapping[Any, Bill]) -> list[Family]:
    """Of disputes of the mix, those that many disputes share; a dispute's own key is told apart."""
    found: dict[tuple[str, str, Kind], float] = defaultdict(float)
    for life, bill in bills.items():
        for each in bill.charges:
            if name := _shared(each):
                found[each.place, name, each.kind] += story.MIX[life] * each.units
    return [Family(*key, round(units, 1)) for key, units in found.items() if round(units, 1)]


def _shared(charge: Charge) -> str | None:
    name, _, rest = charge.partition.partition("#")
    if name == "W":
        return "W shop" if rest.startswith("shop:") else "W platform"
    if name == "I":
        return "I platform" if rest == _PLATFORM else "I others"
    if name in SHARDED:
        return name if charge.place != TABLE else None
    return name if name in OF_ALL | OF_A_SHOP else None


def own_key(bills: Mapping[Any, Bill]) -> float:
    """Write units of the dearest command on the dispute's own key, which come at once."""
    most: dict[int, float] = defaultdict(float)
    for bill in bills.values():
        for used in bill.used.values():
            of_it = [each.units for each in used.charges if each.kind == "write" and each.partition.startswith("D#")]
            most[len(most)] = sum(of_it) / max(1, used.runs)
    return max(most.values())


def rows(found: Sequence[Heat]) -> Iterator[tuple[str, ...]]:
    """As docs/scale.md has them."""
    for each in found:
        family = each.family
        yield (
            f"`{family.name}`",
            family.place,
            f"{family.units:g} {family.kind}",
            f"{each.a_key:,.0f}",
            f"{each.limit:,}",
            f"{each.hot_from:,}" if each.hot_from < PER_DAY else "never",
            str(family.shards),
            str(each.shards_needed),
        )


HEAD: Final = (
    "keys",
    "where",
    "units a dispute",
    "peak a key, units/s",
    "limit",
    "hot from, disputes a day",
    "shards now",
    "shards it takes",
)


@dataclass(frozen=True, slots=True)
class Quota:
    """What a dispute takes of something that the account, a service or the template bounds."""

    name: str
    takes: float
    limit: float
    """A second."""

    @property
    def in_a_sale(self) -> int:
        """Disputes a day from which the best second of a sale has more than that."""
        return math.floor(self.limit / self.takes * _DAY / PEAK)

    @property
    def on_a_day(self) -> int:
        """And from which the mean second has: what waits in a queue is never caught up with."""
        return math.floor(self.limit / self.takes * _DAY)


def quotas(bills: Mapping[Any, Bill]) -> list[Quota]:
    """The first to be reached first."""
    mix = [(story.MIX[life], bill) for life, bill in bills.items()]
    writes, reads = money.mean(bills, "write"), money.mean(bills, "read")
    found = [
        Quota("DynamoDB, write units of a table and its indexes", writes, 40_000),
        Quota("DynamoDB, read units of a table", reads, 40_000),
        Quota("API Gateway, `ApiRateLimit`", sum(share * bill.of(API).runs for share, bill in mix), 200),
        Quota("API Gateway, account", sum(share * bill.of(API).runs for share, bill in mix), 10_000),
        Quota("EventBridge, events", sum(share * bill.events for share, bill in mix), 10_000),
        Quota("S3, uploads under one prefix", sum(share * bill.uploads for share, bill in mix), 3_500),
        Quota("Lambda, account: 1,000 at once", sum(map(_at_once(mix), _functions(mix))), 1_000),
        *(Quota(f"`{name}`: {most} at once", _at_once(mix)(name), most) for name, most in _bounded(mix)),
    ]
    return sorted(found, key=lambda each: each.on_a_day)


type _Mix = Sequence[tuple[float, Bill]]


def _functions(mix: _Mix) -> set[str]:
    return {name for _, bill in mix for name in bill.used}


def _at_once(mix: _Mix) -> Callable[[str], float]:
    """Seconds that a dispute keeps a function busy: so many run at once for each dispute a second."""
    return lambda name: sum(share * money.seconds(money.memory_gb(name), bill.of(name)) for share, bill in mix)


def _bounded(mix: _Mix) -> Iterator[tuple[str, int]]:
    """Functions that the template lets run so often at once, and no oftener."""
    for name in sorted(_functions(mix)):
        events = template()["Resources"].get(name.capitalize(), {}).get("Properties", {}).get("Events", {})
        for each in events.values():
            if most := each["Properties"].get("ScalingConfig", {}).get("MaximumConcurrency"):
                yield name, most


def _quota_row(quota: Quota) -> tuple[str, ...]:
    return quota.name, f"{quota.takes:.3g}", f"{quota.limit:,}", f"{quota.on_a_day:,}", f"{quota.in_a_sale:,}"


QUOTA_HEAD: Final = ("what", "a dispute takes", "limit a second", "reached by the mean from", "in a sale's peak from")


def measure() -> Part:
    with billed() as cloud:
        bills = money.carried_through(cloud)
    found = heats(families(bills))
    worst = max(found, key=lambda each: each.peak / each.limit / each.shards_needed)
    en = f"hottest key, 10 million disputes a day and a sale, as many shards as it takes: `{worst.family.name}`"
    zh = f"每天一千万件纠纷并有大促时，分片足够的情况下最热的键：`{worst.family.name}`"
    value = round(worst.peak / worst.limit / worst.shards_needed, 2)
    now = found[0]
    first_en = (
        f"disputes a day from which, in such a sale, the first key gets hot with today's shards: `{now.family.name}`"
    )
    first_zh = f"按现有分片，在此类大促中最先过热的键 `{now.family.name}` 对应的每日纠纷量"
    return Part(
        [
            Figure("scale", en, zh, value, "of its limit", at_most=1.0),
            Figure("scale-now", first_en, first_zh, now.hot_from, ""),
        ],
        [
            Table("The hottest keys of a day of 10 million disputes", HEAD, list(rows(found))),
            Table("Quotas, in disputes a day", QUOTA_HEAD, list(map(_quota_row, quotas(bills)))),
        ],
    )

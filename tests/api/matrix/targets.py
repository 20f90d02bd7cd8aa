"""What the address of a route can name, as each role sees it: its own, another's, what isn't there.

A route that addresses what nothing here makes has to be told of: `FAMILIES` by the names in its path, `APT` (apt.py) by
what it changes.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Final

from chalicelib.domain.parties import Role
from chalicelib.http.instants import rfc3339
from tests.api.build import BUYER, SHOP
from tests.api.matrix.apt import APT, EXAMPLES, Apt, Body, D, Route
from tests.api.matrix.town import OTHER_BUYER, OTHER_SHOP, ROUTES, Case, Hook, Town, cases_of, done, hooks_of

ABSENT: Final = "01K00000000000000000000000"
NOBODY: Final = "S999"
BUNDLE: Final = f"{D}/bundle"


class Standing(StrEnum):
    OWN = "own"
    FOREIGN = "foreign"
    ABSENT = "absent"


type Path = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Target:
    """An address with what is sent there. What is foreign has a twin: the same, naming what is absent."""

    standing: Standing
    path: Path = field(default_factory=dict)
    query: str = ""
    body: Body | None = None
    parties: tuple[str, ...] | None = None
    """Of the token, where they aren't the role's own."""
    twin: "Target | None" = None


class Scene:
    """The town, and everything in it that an address could name."""

    def __init__(self) -> None:
        self.town = town = Town()
        self.tried: dict[tuple[Route, Role], list[Target]] = {}
        owners = (town.merchant, town.caller("merchant", OTHER_SHOP), town.platform)
        self.hooks = dict(zip(("ours", "theirs", "platform's"), hooks_of(town, *owners), strict=True))
        self.theirs = cases_of(town, OTHER_SHOP, OTHER_BUYER)
        self.ours = cases_of(town, SHOP, BUYER)
        self.outage, _ = _outage(town), _outage(town)
        self.bundles = {
            each["fresh"].dispute: _bundles_of(town, each["fresh"])
            for each in (self.ours, self.theirs)
            if ("POST", BUNDLE) in ROUTES
        }
        town.tell()
        town.put_back(town.state())

    @cached_property
    def parties(self) -> Mapping[str, tuple[str, ...]]:
        return {Role.MERCHANT: (SHOP,), Role.BUYER: (BUYER,)}


def _bundles_of(town: Town, case: Case) -> dict[Role, str]:
    """Asked for by each side and by staff, each for itself."""
    askers = (
        town.caller(Role.MERCHANT, case.shop),
        town.caller(Role.BUYER, case.buyer),
        town.platform,
    )
    path = BUNDLE.format(dispute_id=case.dispute)
    return {Role(each.role): str(done(each.post(path))["id"]) for each in askers}


def _outage(town: Town) -> str:
    asked = {
        "since": rfc3339(town.clock().replace(hour=0)),
        "until": rfc3339(town.clock()),
        "cause": "Uploads failed.",
        "note": "Until it was taken back.",
    }
    return str(done(town.caller("operator", sub="operator-2").post("/v1/outages", asked))["id"])


def targets(scene: Scene, route: Route, role: Role) -> list[Target]:
    """What to try, made once. LookupError, saying what to add, for a route that nothing here knows."""
    if (route, role) not in scene.tried:
        scene.tried[route, role] = _targets(scene, route, role)
    return scene.tried[route, role]


def _targets(scene: Scene, route: Route, role: Role) -> list[Target]:
    method, path = route
    names = tuple(re.findall(r"{(\w+)}", path))
    if not names:
        return list(COLLECTIONS.get(route, _anything)(role))
    if names not in FAMILIES:
        raise LookupError(
            f"{method} {path} addresses {', '.join(names)}, which no family makes: say in FAMILIES "
            "(tests/api/matrix/targets.py) what a role's own, another's and an absent one is"
        )
    return list(FAMILIES[names](scene, role, route))


def _anything(_role: Role) -> Iterator[Target]:
    yield Target(Standing.OWN)


def _disputes(role: Role) -> Iterator[Target]:
    yield Target(Standing.OWN)
    kind, other = ("shop", OTHER_SHOP) if role is Role.MERCHANT else ("buyer", OTHER_BUYER)
    if role in (Role.MERCHANT, Role.BUYER):
        for more in ("", "&sort=newest", "&order_id=O-1"):
            absent = Target(Standing.ABSENT, query=f"{kind}={NOBODY}{more}")
            yield Target(Standing.FOREIGN, query=f"{kind}={other.partition(':')[2]}{more}", twin=absent)
            yield absent


def _reviews(_role: Role) -> Iterator[Target]:
    yield Target(Standing.OWN, query="queue=review")
    yield Target(Standing.OWN, query="queue=appeal")


def _registers(role: Role) -> Iterator[Target]:
    body = EXAMPLES["register_webhook"]
    yield Target(Standing.OWN, body=body)
    if role is Role.MERCHANT:
        absent = Target(Standing.ABSENT, body=body | {"shop": NOBODY})
        yield Target(Standing.FOREIGN, body=body | {"shop": "S2"}, twin=absent)
        yield absent


def _hooks(role: Role) -> Iterator[Target]:
    yield Target(Standing.OWN)
    if role is Role.MERCHANT:
        absent = Target(Standing.ABSENT, query=f"shop={NOBODY}")
        yield Target(Standing.FOREIGN, query="shop=S2", twin=absent)
        yield absent


def _messages(role: Role) -> Iterator[Target]:
    """The platform's systems read its own and a buyer's, and no shop's."""
    yield Target(Standing.OWN)
    if role is Role.PLATFORM:
        yield Target(Standing.OWN, query="buyer=B1")
    for kind, other in _others(role):
        absent = Target(Standing.ABSENT, query=f"{kind}={NOBODY}")
        yield Target(Standing.FOREIGN, query=f"{kind}={other}", twin=absent)
        yield absent


def _reads_messages(role: Role) -> Iterator[Target]:
    body = {"until": "2026-11-02T04:00:00.000Z"}
    yield Target(Standing.OWN, body=body)
    if role is Role.PLATFORM:
        yield Target(Standing.OWN, body=body | {"buyer": "B1"})
    for kind, other in _others(role):
        absent = Target(Standing.ABSENT, body=body | {kind: NOBODY})
        yield Target(Standing.FOREIGN, body=body | {kind: other}, twin=absent)
        yield absent


def _others(role: Role) -> list[tuple[str, str]]:
    """Whom a role doesn't speak for."""
    others = {
        Role.MERCHANT: [("shop", "S2"), ("buyer", "B1")],
        Role.BUYER: [("buyer", "B2"), ("shop", "S1")],
        Role.PLATFORM: [("shop", "S1")],
    }
    return others.get(role, [])


COLLECTIONS: Final[Mapping[Route, Callable[[Role], Iterator[Target]]]] = {
    ("GET", "/v1/disputes"): _disputes,
    ("GET", "/v1/reviews"): _reviews,
    ("POST", "/v1/webhooks"): _registers,
    ("GET", "/v1/webhooks"): _hooks,
    ("GET", "/v1/messages"): _messages,
    ("POST", "/v1/messages/read"): _reads_messages,
}
"""Routes without names in their path that can be asked for another's all the same, or need a query."""


def _of_dispute(scene: Scene, role: Role, route: Route) -> Iterator[Target]:
    for case, body in _cases(scene, scene.ours, route):
        yield Target(Standing.OWN, {"dispute_id": case.dispute}, body=body)
    absent = Target(Standing.ABSENT, {"dispute_id": ABSENT})
    yield absent
    for case, body in _cases(scene, scene.theirs, route):
        there, twin = {"dispute_id": case.dispute}, Target(Standing.ABSENT, {"dispute_id": ABSENT}, body=body)
        seen = Standing.FOREIGN if role in scene.parties else Standing.OWN
        yield Target(seen, there, body=body, twin=twin)
    for parties in _strange(role):
        case = scene.ours["appealed"]
        twin = Target(Standing.ABSENT, {"dispute_id": ABSENT}, parties=parties)
        yield Target(Standing.FOREIGN, {"dispute_id": case.dispute}, parties=parties, twin=twin)


def _cases(scene: Scene, cases: Mapping[str, Case], route: Route) -> Iterator[tuple[Case, Body | None]]:
    """Where the route does something, and two others."""
    apt = APT.get(route, Apt())
    case = cases[apt.state]
    yield case, apt.body(scene.town, case) if apt.body else None
    yield from ((cases[each], None) for each in ("appealed", "final") if each != apt.state)


def _strange(role: Role) -> Iterator[tuple[str, ...]]:
    """Tokens of a party's role that name no party, or one of another kind or of another spelling."""
    if role is Role.MERCHANT:
        yield from ((), (BUYER,), ("shop:s1",), ("shop:S1.",), (OTHER_SHOP, BUYER))
    if role is Role.BUYER:
        yield from ((), (SHOP,), ("buyer:b1",), (OTHER_BUYER, SHOP))


type Pair = tuple[str | None, str | None]
"""A role's own thing of a case, and one that isn't for it to see or touch."""


def _things(scene: Scene, role: Role, route: Route, of: Callable[[Case], Pair]) -> Iterator[Target]:
    """Things of a dispute, as `of` finds them."""
    name = re.findall(r"{(\w+)}", route[1])[1]
    nowhere = Target(Standing.ABSENT, {"dispute_id": ABSENT, name: ABSENT})
    yield nowhere
    ours, theirs = _cases(scene, scene.ours, route), _cases(scene, scene.theirs, route)
    for (case, body), (other, _) in zip(ours, theirs, strict=True):
        mine, hidden = of(case)
        for each in filter(None, (mine,)):
            yield Target(Standing.OWN, {"dispute_id": case.dispute, name: each}, body=body)
            yield Target(Standing.FOREIGN, {"dispute_id": ABSENT, name: each}, twin=nowhere)
        unknown = Target(Standing.ABSENT, {"dispute_id": case.dispute, name: ABSENT}, body=body)
        for each in filter(None, (hidden, *of(other))):
            yield Target(Standing.FOREIGN, {"dispute_id": case.dispute, name: each}, body=body, twin=unknown)
            if role in scene.parties and each != hidden:
                yield Target(Standing.FOREIGN, {"dispute_id": other.dispute, name: each}, twin=nowhere)


def _pieces(scene: Scene, role: Role, route: Route) -> Iterator[Target]:
    """What a side hasn't sent off is its own; staff sees all, and the platform acts for the complainant."""
    acts = route[0] != "GET"

    def of(case: Case) -> Pair:
        if role is Role.MERCHANT:
            return case.his, case.hers
        if role is Role.BUYER or (role is Role.PLATFORM and acts):
            return case.hers, case.his
        return case.hers or case.his, None

    return _things(scene, role, route, of)


def _requests(scene: Scene, role: Role, route: Route) -> Iterator[Target]:
    """They ask the respondent here."""
    if role is Role.MERCHANT:
        return _things(scene, role, route, lambda case: (case.request, None))
    return _things(scene, role, route, lambda case: (None, case.request))


def _appeals(scene: Scene, role: Role, route: Route) -> Iterator[Target]:
    return _things(scene, role, route, lambda case: (case.appeal, None))


def _bundles(scene: Scene, role: Role, route: Route) -> Iterator[Target]:
    """Each side's own show what it may see; staff's are any staff's."""

    def of(case: Case) -> Pair:
        asked = scene.bundles.get(case.dispute, {})
        side = role if role in scene.parties else Role.PLATFORM
        return asked.get(side), asked.get(Role.BUYER if side is Role.MERCHANT else Role.MERCHANT)

    return _things(scene, role, route, of)


def _outages(scene: Scene, _role: Role, _route: Route) -> Iterator[Target]:
    """Any operator's business."""
    yield Target(Standing.OWN, {"outage_id": scene.outage})
    yield Target(Standing.ABSENT, {"outage_id": ABSENT})


def _hook_pairs(scene: Scene, role: Role) -> tuple[Hook, list[Hook]]:
    mine = "platform's" if role is Role.PLATFORM else "ours"
    return scene.hooks[mine], [each for name, each in scene.hooks.items() if name != mine]


def _hook(scene: Scene, role: Role, _route: Route) -> Iterator[Target]:
    mine, others = _hook_pairs(scene, role)
    absent = Target(Standing.ABSENT, {"webhook_id": ABSENT})
    yield Target(Standing.OWN, {"webhook_id": mine.id})
    yield absent
    for each in others:
        yield Target(Standing.FOREIGN, {"webhook_id": each.id}, twin=absent)


def _hook_events(scene: Scene, role: Role, _route: Route) -> Iterator[Target]:
    mine, others = _hook_pairs(scene, role)
    never = f"{ABSENT}:1"
    absent = Target(Standing.ABSENT, {"webhook_id": ABSENT, "event_id": never})
    yield Target(Standing.OWN, {"webhook_id": mine.id, "event_id": mine.event})
    yield absent
    for each in others:
        yield Target(Standing.FOREIGN, {"webhook_id": each.id, "event_id": each.event}, twin=absent)
        if role is Role.PLATFORM:
            continue  # it hears of everything
        unsent = Target(Standing.ABSENT, {"webhook_id": mine.id, "event_id": never})
        yield Target(Standing.FOREIGN, {"webhook_id": mine.id, "event_id": each.event}, twin=unsent)


def _shops(_scene: Scene, role: Role, _route: Route) -> Iterator[Target]:
    """Who isn't a shop may ask for any."""
    yield Target(Standing.OWN, {"shop": "S1"})
    if role is Role.MERCHANT:
        absent = Target(Standing.ABSENT, {"shop": NOBODY})
        yield absent
        yield Target(Standing.FOREIGN, {"shop": "S2"}, twin=absent)
        for parties in _strange(role):
            yield Target(Standing.FOREIGN, {"shop": "S1"}, parties=parties, twin=absent)


def _policies(_scene: Scene, _role: Role, _route: Route) -> Iterator[Target]:
    """Nobody's own."""
    yield Target(Standing.OWN, {"policy_id": "marketplace", "version": "1"})
    yield Target(Standing.ABSENT, {"policy_id": "nobodys", "version": "1"})
    yield Target(Standing.ABSENT, {"policy_id": "marketplace", "version": "999"})


FAMILIES: Final[Mapping[tuple[str, ...], Callable[[Scene, Role, Route], Iterator[Target]]]] = {
    ("dispute_id",): _of_dispute,
    ("dispute_id", "piece_id"): _pieces,
    ("dispute_id", "request_id"): _requests,
    ("dispute_id", "appeal_id"): _appeals,
    ("dispute_id", "bundle_id"): _bundles,
    ("outage_id",): _outages,
    ("webhook_id",): _hook,
    ("webhook_id", "event_id"): _hook_events,
    ("shop",): _shops,
    ("policy_id", "version"): _policies,
}

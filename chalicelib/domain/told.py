"""What a party is told of an event: nothing that is the other side's or staff's. Staff are told all of it."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.events import (
    AppealDecided,
    AppealFiled,
    AppealSetAside,
    DeadlineCleared,
    DeadlineSet,
    DisputeOpened,
    Erased,
    EvidenceRegistered,
    EvidenceRequested,
    EvidenceRequestLapsed,
    EvidenceSealed,
    EvidenceSupplied,
    EvidenceWithdrawn,
    HoldLifted,
    HoldPlaced,
    Responded,
    ReviewClaimed,
    ReviewReleased,
    Ruled,
    SetAsideAsked,
    SetAsideDeclined,
)
from chalicelib.domain.parties import Role, Side
from chalicelib.domain.viewer import Viewer

type Data = dict[str, Any]
type _Rule = Callable[[Viewer, Data, Role], Data | None]

_OF_SIDE: Final = {Role.MERCHANT: Side.RESPONDENT, Role.BUYER: Side.COMPLAINANT, Role.PLATFORM: Side.COMPLAINANT}


def told(kind: str, viewer: Viewer, data: Data, role: Role) -> Data | None:
    """Of an event of the dispute, as it is stored, that somebody of this role caused; None: it is none of theirs."""
    if viewer.staff:
        return data
    rule = _RULES.get(kind)
    shown = rule(viewer, data, role) if rule else data
    return None if shown is None else _without_people(shown)


def _without_people(value: Any) -> Any:  # noqa: ANN401  (JSON)
    """Whoever acted is shown by role, at any depth: `{id, role}` becomes `{role}`."""
    match value:
        case {"id": _, "role": role} if len(value) == 2:  # noqa: PLR2004  (these two)
            return {"role": role}
        case dict():
            return {name: _without_people(each) for name, each in value.items()}
        case list():
            return [_without_people(each) for each in value]
        case _:
            return value


def _withheld(_viewer: Viewer, _data: Data, _role: Role) -> None:
    """Staff's own doings."""


def _opened(viewer: Viewer, data: Data, _role: Role) -> Data:
    return data if viewer.knows_complainant else data | {"statement": None}


def _erased(viewer: Viewer, data: Data, _role: Role) -> Data:
    return data | {"pieces": list(viewer.known(data["pieces"]))}


def _registered(viewer: Viewer, data: Data, _role: Role) -> Data | None:
    return data if viewer.is_of(Side(data["piece"]["side"])) else None


def _withdrawn(viewer: Viewer, data: Data, role: Role) -> Data | None:
    """The dispute doesn't know a withdrawn piece any more, but each side withdraws its own only."""
    return data if viewer.is_of(_OF_SIDE[role]) else None


def _sealed(viewer: Viewer, data: Data, _role: Role) -> Data:
    return data | {"pieces": list(viewer.known(data["pieces"]))}


def _responded(viewer: Viewer, data: Data, _role: Role) -> Data:
    hidden: Data = {} if viewer.is_of(Side.RESPONDENT) else {"statement": None, "pieces": []}
    return data | {"response": data["response"] | hidden}


def _requested(viewer: Viewer, data: Data, _role: Role) -> Data | None:
    return data if viewer.is_of(Side(data["request"]["side"])) else None


def _of_request(viewer: Viewer, data: Data, _role: Role) -> Data | None:
    return data if viewer.knows_request(data["request"]) else None


def _deadline_set(viewer: Viewer, data: Data, _role: Role) -> Data | None:
    deadline = data["deadline"]
    private = deadline["kind"] == DeadlineKind.REVIEW_CLAIM or not viewer.knows_request(deadline["request"])
    return None if private else data


def _deadline_cleared(viewer: Viewer, data: Data, _role: Role) -> Data | None:
    """It doesn't say whose it was: that of a supplement is shown to a side that was asked for one."""
    asked = any(viewer.is_of(each.side) for each in viewer.dispute.requests)
    shown = {DeadlineKind.REVIEW_CLAIM: False, DeadlineKind.SUPPLEMENT: asked}
    return data if shown.get(DeadlineKind(data["kind"]), True) else None


def _ruled(viewer: Viewer, data: Data, _role: Role) -> Data:
    ruling = data["ruling"]
    own = {
        "checklist": [each for each in ruling["checklist"] if viewer.is_of(Side(each["side"]))],
        "invalid_pieces": list(viewer.known(ruling["invalid_pieces"])),
    }
    return data | {"ruling": ruling | own}


def _appeal_filed(viewer: Viewer, data: Data, _role: Role) -> Data:
    hidden: Data = {"statement": None, "pieces": []} if viewer.complainant else {}
    return data | {"appeal": data["appeal"] | hidden}


def _appeal_decided(viewer: Viewer, data: Data, _role: Role) -> Data:
    return data | ({"counted": None, "rationale": None} if viewer.complainant else {})


def _appeal_set_aside(viewer: Viewer, data: Data, _role: Role) -> Data:
    return data | ({"taken_back": None} if viewer.complainant else {})


_RULES: Final[Mapping[str, _Rule]] = {
    kind.__name__: rule
    for kind, rule in (
        (EvidenceRegistered, _registered),
        (EvidenceWithdrawn, _withdrawn),
        (EvidenceSealed, _sealed),
        (Responded, _responded),
        (EvidenceRequested, _requested),
        (EvidenceSupplied, _of_request),
        (EvidenceRequestLapsed, _of_request),
        (DeadlineSet, _deadline_set),
        (DeadlineCleared, _deadline_cleared),
        (DisputeOpened, _opened),
        (Erased, _erased),
        (HoldPlaced, _withheld),
        (HoldLifted, _withheld),
        (ReviewClaimed, _withheld),
        (ReviewReleased, _withheld),
        (Ruled, _ruled),
        (AppealFiled, _appeal_filed),
        (AppealDecided, _appeal_decided),
        (AppealSetAside, _appeal_set_aside),
        (SetAsideAsked, _withheld),
        (SetAsideDeclined, _withheld),
    )
}
"""What a party is told of an event; an event that isn't here holds nothing but what both sides may know."""

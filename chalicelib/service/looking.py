"""What both looks at a piece have in common: how it is read, what is kept of it, and how it is committed."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from chalicelib.domain import piece as pieces
from chalicelib.domain.claim import Text
from chalicelib.domain.model import Dispute
from chalicelib.domain.parties import By, Role
from chalicelib.domain.piece import Piece, PieceEvent
from chalicelib.domain.ports import Commit, EvidenceBucket, NewId, PieceChange, PrivateText, Store
from chalicelib.service.texts import TextKeeper

if TYPE_CHECKING:
    from evidence.looks import Look  # with Pillow, and who only erases looks at nothing

INSPECTOR = By("recourse-inspector", Role.SYSTEM)
TRIES = 5


def loaded(store: Store, dispute_id: str, piece_id: str) -> tuple[Dispute | None, Piece | None]:
    dispute = store.load(dispute_id).dispute
    if dispute is None:
        return None, None
    found, _ = store.facts(dispute_id, [piece_id], policy=dispute.policy.id, respondent=dispute.respondent, years=())
    return dispute, found.get(piece_id)


def keep_copies(bucket: EvidenceBucket, piece: Piece, look: "Look") -> str | None:
    """Puts the clean copy, if any, and the crops; gives the copy's key."""
    for point, crop in look.crops.items():
        bucket.put_clean(pieces.crop_key(piece.dispute, piece.id, point), crop, "image/jpeg")
    if look.clean_copy is None:
        return None
    key = pieces.clean_key(piece.dispute, piece.id)
    bucket.put_clean(key, look.clean_copy, "image/jpeg")
    return key


def words(look: "Look", new_id: NewId, new_salt: Callable[[], str]) -> tuple[Text | None, tuple[PrivateText, ...]]:
    """What was seen, by point, as a private text: it may name people."""
    seen = {each.point: each.seen for each in look.inspection.findings if each.seen}
    if not seen:
        return None, ()
    keeper = TextKeeper(new_id, new_salt)
    return keeper.keep(json.dumps(seen, ensure_ascii=False, sort_keys=True)), tuple(keeper.kept)


def commit_of(
    piece: Piece, name: tuple[str, datetime], *steps: Callable[[Piece], PieceEvent | None]
) -> tuple[Piece, Commit]:
    """The piece after the steps, and the commit of what they did; `name` is its id and its instant."""
    now, recorded, (commit, at) = piece, [], name
    for step in steps:
        event = step(now)
        if event:
            now, one = pieces.record(now, event, INSPECTOR, at)
            recorded.append(one)
    changes = (PieceChange(piece.seq, now, tuple(recorded)),)
    return now, Commit(id=commit, at=at, by=INSPECTOR, dispute_id=piece.dispute, pieces=changes)

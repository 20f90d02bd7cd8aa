"""A14: what has arrived, although the inspector hasn't come to it yet."""

from collections.abc import Mapping

from chalicelib.domain.piece import Arrival, Piece
from chalicelib.domain.ports import EvidenceBucket


def arrivals(bucket: EvidenceBucket, found: Mapping[str, Piece]) -> Mapping[str, Arrival]:
    """What the object store holds of pieces whose arrival isn't recorded; one question each."""
    asked = {each.id: bucket.find(each.key) for each in found.values() if each.key and not each.arrival}
    return {piece: arrival for piece, arrival in asked.items() if arrival}

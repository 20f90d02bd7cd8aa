"""Who complains, and what was sent: it lies beside the snapshot, and is put into the dispute as it is read."""

from collections.abc import Mapping

from chalicelib.domain.keeping import PARTICULARS, Particulars
from chalicelib.domain.model import Dispute
from chalicelib.store import codec, keys
from chalicelib.store.keys import Key
from chalicelib.store.table import Item, text


def key(dispute_id: str) -> Key:
    """Read together with the snapshot."""
    return keys.text(dispute_id, PARTICULARS)


def put_in(dispute: Dispute, found: Mapping[Key, Item]) -> Dispute:
    """What has been erased, or is to be, isn't there any more."""
    item = found.get(key(dispute.id))
    if item is None or dispute.texts_erased_at:
        return dispute
    return dispute.with_particulars(codec.decode(text(item, "text"), Particulars))

"""What of a dispute its evidence is compared with."""

import re
import unicodedata

from chalicelib.domain.model import Dispute
from evidence.facts import CaseFacts

_SHORTEST = 8
"""Letters and digits of a waybill number. What is shorter ("none", "-") stands for none."""
_PARCEL_OF_SEVERAL = re.compile(r"(?<=^JD)([A-Z0-9]+)(?:-\d{1,2}){2}-?$")
"""JD adds to a number which parcel it is, of how many: JDVB01234567890-1-2-."""


def facts_of(dispute: Dispute) -> CaseFacts:
    """What says something: blanks, dashes and gifts that cost nothing are left out."""
    order = dispute.order
    numbers = (_number(each.waybill_no) for each in order.shipments)
    amounts = (*(each.price.amount for each in order.items), dispute.requested_remedy.money.amount)
    return CaseFacts(
        order_id=order.id.strip(),
        shop_name=order.shop_name.strip(),
        waybills=tuple(dict.fromkeys(each for each in numbers if len(each) >= _SHORTEST)),
        products=tuple(title for each in order.items if (title := each.title.strip())),
        amounts=tuple(dict.fromkeys(each for each in amounts if each)),
    )


def _number(written: str) -> str:
    """Letters and digits alone, in capitals and half width."""
    plain = unicodedata.normalize("NFKC", written).strip().upper()
    return re.sub(r"[^A-Z0-9]", "", _PARCEL_OF_SEVERAL.sub(r"\1", plain))

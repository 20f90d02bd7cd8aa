"""What of a dispute its evidence is compared with."""

from chalicelib.domain.model import Dispute
from evidence.facts import CaseFacts


def facts_of(dispute: Dispute) -> CaseFacts:
    order = dispute.order
    prices = (each.price.amount for each in order.items)
    return CaseFacts(
        order_id=order.id,
        shop_name=order.shop_name,
        waybills=tuple(each.waybill_no for each in order.shipments),
        products=tuple(each.title for each in order.items),
        amounts=tuple(dict.fromkeys((*prices, dispute.requested_remedy.money.amount))),
    )

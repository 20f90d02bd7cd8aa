"""What is read, by whom: D2 for what was typed in as evidence."""

from dataclasses import replace

import pytest

from chalicelib.domain import commands as c
from chalicelib.domain.claim import Item, Order, Remedy, Text
from chalicelib.domain.errors import NotFound
from chalicelib.domain.model import Stage
from chalicelib.domain.parties import Actor, Role
from chalicelib.domain.ports import PrivateText
from chalicelib.service.commands import Request
from policies.book import PolicyBook
from policies.model import Medium, RemedyKind
from tests.build import BUYER, BUYER_PARTY, MERCHANT, PLATFORM, REVIEWER, SEEN_FINE, SHOP, a_policy, yuan
from tests.unit.service.build import Shop

OF_THE_SHOP = Actor("platform-9", Role.PLATFORM, frozenset({SHOP}))


def typed(*, confidential: bool) -> tuple[Shop, str, str]:
    """A dispute under review, in a reviewer's hands; and what the complainant has typed in as evidence."""
    policy = a_policy()
    either = replace(policy.requirements["claim_photo"], media=(Medium.IMAGE, Medium.STATEMENT))
    shop = Shop(book=PolicyBook.of([replace(policy, requirements={**policy.requirements, "claim_photo": either})]))
    order = Order("O-1", "Sample shop", (Item("SKU-1", "Teapot", 1, yuan(100)),))
    ref, remedy = shop.commands.policy_ref(None, shop.now), Remedy(RemedyKind.REFUND_ONLY, yuan(100))
    opening = c.Open("EXT-1", ref, SHOP, BUYER_PARTY, order, "quality", remedy, None, confidential=confidential)
    dispute = shop.commands.open(opening, Request(PLATFORM, shop.now)).dispute.id
    words = Text("text-1", "0" * 64)
    written = c.RegisterPiece("claim_photo", Stage.CLAIM, None, Medium.STATEMENT, words, SEEN_FINE)
    texts = (PrivateText(words.id, "salt", "My cousin packed them."),)
    registered = shop.ask(dispute, written, by=BUYER, texts=texts).piece
    assert registered
    shop.ask(dispute, c.ReportSettlement(Text("text-2", "0" * 64)))
    shop.ask(dispute, c.AnswerSettlement(confirmed=False), by=BUYER)
    shop.ask(dispute, c.ClaimReview(), by=REVIEWER)
    return shop, dispute, registered.id


@pytest.mark.parametrize("caller", [MERCHANT, OF_THE_SHOP])
def test_d2_the_shop_s_people_see_that_it_is_there_and_not_its_words(caller):
    shop, dispute, piece = typed(confidential=True)
    _, listed = shop.queries.pieces(dispute, caller)
    _, alone = shop.queries.piece(dispute, piece, caller)
    assert [(each.id, each.statement) for each in (*listed, alone)] == [(piece, None)] * 2


@pytest.mark.parametrize("caller", [BUYER, PLATFORM, REVIEWER])
def test_d2_who_handles_the_case_reads_it(caller):
    shop, dispute, piece = typed(confidential=True)
    assert shop.queries.piece(dispute, piece, caller)[1].statement == Text("text-1", "0" * 64)


def test_d2_a_reviewer_who_doesn_t_hold_the_case_sees_nothing_of_it():
    shop, dispute, piece = typed(confidential=True)
    another = replace(REVIEWER, id="reviewer-9")
    assert shop.queries.pieces(dispute, another)[1] == ()
    with pytest.raises(NotFound):
        shop.queries.piece(dispute, piece, another)


def test_where_nobody_complains_in_confidence_the_shop_reads_it():
    shop, dispute, piece = typed(confidential=False)
    assert shop.queries.piece(dispute, piece, MERCHANT)[1].statement == Text("text-1", "0" * 64)

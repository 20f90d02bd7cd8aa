"""A3: meaningless text is no answer; a short honest sentence is."""

import time

import pytest

from evidence.statement import inspect_statement, meaningless
from policies.model import Medium
from tests.unit.evidence.build import a_requirement

MEANINGLESS = """
11|１１|1|123|12345|123456|987654|1234567890|111111111|1212|①|1️⃣|1-2-3-4-5-6
好的|好的。|好滴|好吧|知道了|我知道了|知道啦|收到|收到了|好的，收到，谢谢|嗯|嗯嗯|嗯嗯好的|哦哦|是的|对的|可以|行|明白了|没问题|没事的|谢谢您|您好|测试|在吗
ok|OK|ＯＫ|Okay!|yes|ＹＥＳ！|no problem|No problem, thanks|Got it|Thank you.|hello
test|test test test|n/a|k|sure|fine|hmm
ok 好的|OK的|ok了|ok 11|👌ok👌
asdf|ASDFGH|qwerty|asdasd|qweasdzxc|lkjh|hahaha|aaaa|啊啊啊啊|哈哈哈哈哈|。。。|！！！|...|?|——|😀👍|👍🏻|🆗|❤️❤️|***
"""

HONEST = """
已退款|货已签收|买家拒收|没收到货|破损|漏发|发错了|不同意|同意退款|已收到|已发货|不是我们的|没有|2件|3kg|5月3日签收|206.76元|王勇艳|顺丰|在途|在派送
好的，已退款|可以退款|收到货了|好评返现|行李箱坏了|可乐漏了|哈尔滨|成都仓发货|是买家损坏的|我知道是快递弄坏的|对方拒收|试穿过|谢绝退货|买家说好的
refund sent|Wrong address|It broke|Damaged|Returned|no|DHL|The buyer signed for it|ok, refund sent
He said ok|Nothing was missing|yes we shipped it
SF3230380012621|465685110644693|1Z88899K2324252627|2026-05-03|13800138000|运单465685110644693
買家拒收|返品済み|환불됨|Возврат отправлен
"""


def lines(block):
    return [each for line in block.strip().splitlines() for each in line.split("|")]


@pytest.mark.parametrize("text", lines(MEANINGLESS))
def test_what_says_nothing_is_refused_with_how_to_answer(text):
    defect = meaningless(text)
    assert defect is not None
    assert defect.code == "statement_meaningless"
    assert "SF1234567890" in defect.fix.en


@pytest.mark.parametrize("text", lines(HONEST))
def test_a_short_honest_answer_is_taken(text):
    assert meaningless(text) is None


@pytest.mark.parametrize("text", ["", " \n\t", "\u3000", "\u200b\u200d\ufeff"])
def test_blanks_and_invisible_characters_are_empty(text):
    defect = meaningless(text)
    assert defect
    assert defect.code == "statement_empty"


@pytest.mark.parametrize("text", ["谢" * 20_000 + "走", "test " * 20_000 + "walk", "asd" * 20_000 + "x", "1" * 20_000])
def test_a_long_text_is_judged_at_once(text):
    started = time.process_time()
    meaningless(text)
    assert time.process_time() - started < 0.5


def test_a_statement_leaves_every_point_to_the_reviewer():
    inspection = inspect_statement("买家拒收", a_requirement(media=(Medium.STATEMENT,)))
    assert inspection.medium is Medium.STATEMENT
    assert inspection.defect is None
    assert [each.verdict for each in inspection.findings] == ["open", "open"]


def test_a_meaningless_statement_has_a_defect_and_no_findings():
    inspection = inspect_statement("知道了", a_requirement(media=(Medium.STATEMENT,)))
    assert inspection.defect
    assert inspection.defect.code == "statement_meaningless"
    assert not inspection.findings


def test_a_statement_where_a_file_is_wanted_is_refused():
    defect = inspect_statement("买家拒收", a_requirement()).defect
    assert defect
    assert defect.code == "medium_not_accepted"

"""What is certain is met or not met, all else open, with what was seen and where (A7 to A13)."""

from datetime import UTC, datetime
from functools import cache

import pytest

from evidence.facts import CaseFacts
from evidence.findings import Sight, findings, kind_of, wants_text, wants_waybill
from evidence.model import Verdict
from evidence.text import Barcode, Box, Line
from evidence.writing import Writing
from policies.book import PolicyBook
from policies.model import DocumentKind

WAYBILL = "SF3230380012621"
FACTS = CaseFacts(
    order_id="2026110112345678901", shop_name="悦家日用旗舰店", waybills=(WAYBILL,), products=("陶瓷餐具套装",)
)
PROOF = ("快递签收证明", f"快递单号：{WAYBILL}", "收件人姓名：王勇", "派件人姓名：罗涛", "日期：2026年10月30日")
RECEIPT = ("运费收据", f"运单号：{WAYBILL}", "运费金额：¥206.76元", "开票时间：2026-10-30 09:50", "寄件网点：上海")
LABEL = (
    "申通快递",
    "电子面单",
    "879-A10 753",
    WAYBILL,
    "收件 胡超 132****9543",
    "湖北省武汉市洪山区珞喻路487号",
    "寄件 黄丽娜 153****9127",
    "打印时间：2026-10-11",
    "已验视",
)
CHAT = ("转账成功", "¥161.46", "转账时间 2026年11月12日 12:30:05", "收款时间 2026-11-12", "支付方式 零钱", "微信支付")
COVER = (
    "检测报告",
    "报告编号：TR-2026-0815",
    "样品名称：陶瓷餐具套装",
    "店铺名称：悦家日用旗舰店",
    "委托单位：浙江检测有限公司",
    "签发日期：2026-08-15",
)
BODY = (
    *("检测项目", "技术要求", "检测结果", "单项判定"),
    *("铅溶出量", "≤0.5", "0.1", "合格"),
    *("镉溶出量", "≤0.05", "0.01", "合格"),
    "检测结论：合格",
)


@cache
def requirement(name: str):
    return PolicyBook.from_folder().in_force("marketplace", datetime(2026, 11, 20, tzinfo=UTC)).requirements[name]


def page(*texts: str, confidence: float = 0.98) -> tuple[Line, ...]:
    step = 1 / (len(texts) + 1)
    return tuple(
        Line(text, Box(0.1, number * step, 0.1 + min(0.8, 0.02 * len(text)), (number + 0.5) * step), confidence)
        for number, text in enumerate(texts)
    )


def found(name: str, *pages: tuple[str, ...], facts: CaseFacts = FACTS, **more):
    sights = [Sight(facts, lines=page(*each), **more) for each in pages]
    return {each.point: each for each in findings(requirement(name), sights)}


def barcode(text: str) -> Barcode:
    return Barcode(text, "Code128", Box(0.2, 0.2, 0.8, 0.3))


def test_a7_a_proof_that_can_be_read_meets_its_fields_and_leaves_stamp_hand_and_relevance_to_a_person():
    points = found("proof_of_delivery", PROOF, looked_for_stamp=True)
    met = {name for name, each in points.items() if each.verdict is Verdict.MET}
    assert met == {"waybill_number", "recipient_name", "delivery_person", "date"}
    assert points["recipient_name"].seen == "王勇"
    assert points["date"].seen == "2026-10-30"
    assert {points[name].verdict for name in ("red_stamp", "filled_in_by_hand", "relevance")} == {Verdict.OPEN}


def test_a13_what_was_seen_says_where_and_whats_open_says_the_fix():
    points = found("proof_of_delivery", PROOF[:2])
    assert points["waybill_number"].box is not None
    assert points["waybill_number"].fix is None
    assert (points["date"].code, points["date"].verdict) == ("not_seen", Verdict.OPEN)
    assert points["date"].fix == requirement("proof_of_delivery").points["date"].fix


def test_another_waybill_number_is_said_plainly_and_decides_nothing():
    other = tuple(each.replace(WAYBILL, "SF3230380012622") for each in PROOF)
    point = found("proof_of_delivery", other)["waybill_number"]
    assert (point.verdict, point.code, point.seen) == (Verdict.OPEN, "other_waybill", "SF3230380012622")
    assert point.fix is not None


def test_a_barcode_tells_before_any_text_is_read():
    sight = Sight(FACTS, barcodes=(barcode(WAYBILL),))
    point = {each.point: each for each in findings(requirement("weighing_record"), [sight])}
    assert (point["waybill_number"].verdict, point["waybill_number"].code) == (Verdict.MET, "of_this_dispute")
    assert (point["weight"].verdict, point["weight"].code) == (Verdict.OPEN, "for_the_reviewer")


def test_a_number_that_cant_be_read_for_certain_is_neither_this_disputes_nor_another():
    lines = page("快递单号：SF323O38OO1262l", confidence=0.6)
    (point, *_) = findings(requirement("proof_of_delivery"), [Sight(FACTS, lines=lines)])
    assert point.point == "waybill_number"
    assert (point.verdict, point.code) in {(Verdict.OPEN, "hard_to_read"), (Verdict.OPEN, "not_seen")}


def test_where_the_dispute_names_no_waybill_a_legible_one_is_met():
    point = found("proof_of_delivery", PROOF, facts=CaseFacts())["waybill_number"]
    assert (point.verdict, point.code) == (Verdict.MET, "legible")


def test_a8_a_freight_receipt_is_met_with_amount_time_and_number():
    points = found("freight_receipt", RECEIPT)
    assert {name: points[name].verdict for name in ("amount", "time", "waybill_number")} == dict.fromkeys(
        ("amount", "time", "waybill_number"), Verdict.MET
    )
    assert points["amount"].seen == "206.76"


def test_a8_a_date_without_the_time_of_day_is_left_to_the_reviewer():
    point = found("freight_receipt", (*RECEIPT[:3], "开票日期：2026-10-30"))["time"]
    assert (point.verdict, point.code) == (Verdict.OPEN, "date_only")


@pytest.mark.parametrize(("lines", "screenshot"), [(LABEL, False), (CHAT, True)])
def test_a8_a_waybill_and_a_chat_transfer_are_no_freight_receipts(lines, screenshot):
    point = found("freight_receipt", lines, screenshot=screenshot, barcodes=())["accepted_kind"]
    assert (point.verdict, point.code) == (Verdict.NOT_MET, "kind_refused")
    assert point.fix == requirement("freight_receipt").points["accepted_kind"].fix


def test_what_stands_in_a_document_of_another_kind_is_left_to_the_reviewer():
    points = found("proof_of_delivery", CHAT, screenshot=True)
    assert (points["date"].verdict, points["date"].code) == (Verdict.OPEN, "in_other_kind")
    assert points["date"].seen == "2026-11-12"
    assert "聊天或钱包转账记录" in points["date"].message.zh


def test_a10_the_weight_that_a_carrier_billed_by_is_no_weighing_record():
    points = found("weighing_record", (*LABEL, "计费重量：4.09kg"), barcodes=(barcode(WAYBILL),))
    assert (points["weight"].verdict, points["weight"].code) == (Verdict.OPEN, "in_other_kind")
    assert points["waybill_number"].verdict is Verdict.MET


def test_a9_a_waybill_whose_number_and_recipient_can_be_read_is_legible():
    points = found("goods_with_waybill", LABEL, barcodes=(barcode(WAYBILL),))
    assert points["waybill_legible"].verdict is Verdict.MET
    assert {points[name].verdict for name in ("whole_goods", "waybill_in_same_picture")} == {Verdict.OPEN}


def test_a10_the_weight_on_the_scale_is_met():
    points = found("weighing_record", ("电子秤 最大称量 30kg", "27.21", "kg", f"运单号：{WAYBILL}"))
    assert (points["weight"].verdict, points["weight"].seen) == (Verdict.MET, "27.21 kg")
    assert points["waybill_number"].verdict is Verdict.MET


def test_another_waybill_number_on_one_page_is_said_whatever_is_on_the_next():
    sights = [
        Sight(FACTS, lines=page("运单号：SF3230380012799", confidence=0.95)),
        Sight(FACTS, lines=page("运单号：SF323O38OO1262l", confidence=0.99)),
    ]
    (number,) = [each for each in findings(requirement("weighing_record"), sights) if each.point == "waybill_number"]
    assert number.code == "other_waybill"


def test_what_stands_beside_another_waybill_number_may_be_of_another_parcel():
    scale = ("电子秤 最大称量 30kg", "27.21", "kg")
    mine, foreign = f"运单号：{WAYBILL}", "运单号：SF3230380012799"
    one_picture = found("weighing_record", (*scale, mine, foreign))
    assert (one_picture["weight"].verdict, one_picture["weight"].code) == (Verdict.OPEN, "beside_other_waybill")
    assert one_picture["waybill_number"].verdict is Verdict.MET
    two_pages = found("weighing_record", (*scale, foreign), (mine,))
    assert two_pages["weight"].verdict is Verdict.OPEN


def test_a11_an_invoice_beside_a_cover_doesnt_stand_for_the_reports_results():
    invoice = (
        "增值税专用发票",
        "发票号码：12345678",
        "购买方名称：悦家日用旗舰店",
        "价税合计：¥1423.99",
        "开票日期：2026-08-15",
    )
    for pages in ((COVER, invoice), (invoice, COVER), (invoice,)):
        assert found("product_document", *pages)["report_body"].verdict is Verdict.OPEN


def test_a11_the_cover_alone_isnt_enough():
    points = found("product_document", COVER)
    assert (points["report_body"].verdict, points["report_body"].code) == (Verdict.NOT_MET, "report_cover_only")
    assert points["accepted_kind"].verdict is Verdict.MET


def test_a11_of_a_report_in_one_file_each_point_may_be_on_another_page():
    points = found("product_document", COVER, BODY)
    assert points["report_body"].verdict is Verdict.MET
    assert points["shop_name"].verdict is Verdict.MET


def test_a11_another_shops_name_is_left_to_the_reviewer():
    point = found("product_document", tuple(each.replace("悦家日用", "宏达户外") for each in COVER))["shop_name"]
    assert (point.verdict, point.code) == (Verdict.OPEN, "other_shop")


@pytest.mark.parametrize(
    ("writing", "code"),
    [
        (Writing.PRINTED, "looks_printed"),
        (Writing.BOTH, "for_the_reviewer"),
        (None, "for_the_reviewer"),
    ],
)
def test_a7_how_it_was_written_is_a_hint_at_most(writing, code):
    point = found("proof_of_delivery", PROOF, writing=writing)["filled_in_by_hand"]
    assert (point.verdict, point.code) == (Verdict.OPEN, code)


@pytest.mark.parametrize(("stamp", "code"), [(Box(0.6, 0.6, 0.8, 0.8), "stamp_seen"), (None, "no_stamp_seen")])
def test_a7_a_stamp_is_a_hint_at_most(stamp, code):
    point = found("proof_of_delivery", PROOF, looked_for_stamp=True, stamp=stamp)["red_stamp"]
    assert (point.verdict, point.code) == (Verdict.OPEN, code)


def test_a12_relevance_is_a_persons_whatever_is_seen():
    assert found("proof_of_delivery", PROOF)["relevance"].code == "for_the_reviewer"


def test_a_piece_without_a_page_to_look_at_is_open():
    assert {each.verdict for each in findings(requirement("freight_receipt"), [])} == {Verdict.OPEN}


def test_the_kind_is_told_where_it_is_certain():
    assert kind_of([Sight(FACTS, lines=page(*CHAT), screenshot=True)]) is DocumentKind.CHAT_TRANSFER
    assert kind_of([Sight(FACTS, lines=page("你好"))]) is None


def test_only_what_a_machine_can_answer_is_read():
    assert wants_text(requirement("freight_receipt"))
    assert not wants_text(requirement("claim_photo"))
    assert wants_waybill(requirement("goods_with_waybill"))
    assert not wants_waybill(requirement("product_document"))

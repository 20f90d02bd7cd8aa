"""Waybill and order numbers: who else's they may be, and how they come out of a camera."""

import pytest

from evidence.facts import CaseFacts
from evidence.fields import FieldName, read_fields
from evidence.fields.carriers import is_carriers
from evidence.text import Barcode, Box
from tests.unit.evidence.pages import at, line, page

OURS = "SF3230380012621"
FACTS = CaseFacts(order_id="2026110112345678901", waybills=(OURS,))


def numbers(lines, facts=FACTS, barcodes=()):
    return [each for each in read_fields(lines, facts, barcodes) if each.name is FieldName.WAYBILL_NUMBER]


def number(lines, facts=FACTS, barcodes=()):
    return numbers(lines, facts, barcodes)[0]


def barcode(text, symbology="Code128"):
    return Barcode(text, symbology, Box(0.2, 0.3, 0.8, 0.4))


@pytest.mark.parametrize(
    "text",
    [
        f"运单号码：{OURS}",
        f"运单号:{OURS}",
        f"快递单号 {OURS}",
        f"运单号{OURS}",
        "运单号：SF32 3038 0012 621",
        "运单号：SF32-3038-0012-621",
        "運單號碼：ＳＦ３２３０３８００１２６２１",
        "货单号；sf3230380012621",
        "WAYBILL NO. SF3230380012621",
        "Tracking Number: SF3230380012621",
        "运 单 号：SF3230380012621",
        "【运单号】SF3230380012621",
        "运单号（必填）：SF3230380012621",
        "运单号/Waybill No.：SF3230380012621",
        "兹证明运单号SF3230380012621的快件已签收",
        "兹证明运单号SF3230380012621的快件已签收，派件员：罗涛华。",
        "SF3230380012621-1-2-",
        "运单号：SF3230380012621 2024-06-06 09:50",
        "运单号：SF3230380012621 电话：13812345678",
    ],
)
def test_the_disputes_number_is_found_however_it_is_written(text):
    found = number(page(text))
    assert (found.value, found.sure, found.matches) == (OURS, True, True)


@pytest.mark.parametrize("read", ["SF323O380012621", "SF32303800I2621", "SF323038001262l", "5F3230380012621"])
def test_letters_among_digits_are_the_digits_that_they_look_like(read):
    assert number(page(f"运单号：{read}")).value == OURS


def test_a_letter_that_may_be_several_digits_needs_a_good_line_to_be_believed():
    assert number(page("运单号：SF32303B0012621", confidence=0.95)).matches is True
    assert number(page("运单号：SF32303B0012621", confidence=0.85)).matches is None


def test_a_number_of_another_parcel_is_noticed():
    found = number(page("运单号：SF9999999999999"))
    assert (found.sure, found.matches) == (True, False)


@pytest.mark.parametrize("place", range(2, len(OURS)))
@pytest.mark.parametrize("step", [1, 3, 5, 8])
def test_one_digit_off_is_another_number(place, step):
    other = OURS[:place] + str((int(OURS[place]) + step) % 10) + OURS[place + 1 :]
    assert number(page(f"运单号：{other}")).matches is False
    assert number((), barcodes=[barcode(other)]).matches is False


@pytest.mark.parametrize("confidence", [0.3, 0.6, 0.85])
def test_poor_print_with_a_likely_slip_is_neither_ours_nor_anothers(confidence):
    found = number(page("运单号：SF3230380012627", confidence=confidence))
    assert (found.sure, found.matches) == (False, None)


def test_a_digit_too_few_or_too_many_is_no_other_number():
    assert number(page("运单号：SF323038001262")).matches is None
    assert number(page("运单号：SF32303800126211")).matches is None


def test_ours_in_poor_print_is_not_certain():
    found = number(page(f"运单号：{OURS}", confidence=0.7))
    assert (found.sure, found.matches) == (False, None)


def test_our_number_within_a_longer_one_is_not_ours():
    facts = CaseFacts(waybills=("434800799778",))
    assert number(page("运单号：434800799778860"), facts).matches is False


def test_a_barcode_outranks_a_slip_in_the_text():
    found = numbers(page("SF32 3038 0012 827"), barcodes=[barcode(OURS)])
    assert [(each.value, each.sure, each.matches) for each in found] == [(OURS, True, True)]


def test_a_barcode_of_another_parcel_is_another_number():
    assert number(page(), barcodes=[barcode("777353270741676")]).matches is False


def test_a_qr_code_may_hold_our_number_in_an_address():
    assert number((), barcodes=[barcode(f"https://example.invalid/w/{OURS}?t=1", "QRCode")]).matches is True


def test_what_else_is_in_a_qr_code_is_no_number():
    assert not numbers((), barcodes=[barcode("https://example.invalid/w/434800799778860", "QRCode")])


def test_a_barcode_checks_itself_so_that_its_number_need_not():
    assert number((), barcodes=[barcode("1Z88899K2324252627")], facts=CaseFacts()).value == "1Z88899K2324252627"


@pytest.mark.parametrize(
    ("text", "symbology"),
    [
        *(
            ("6901234567892", "Code128"),
            ("16901234567899", "ITF"),
            ("4006381333931", "Code128"),
            ("036000291452", "Code128"),
        ),
        *(("860123456789014", "Code128"), ("(01)06901234567892(21)777353270741", "Code128")),
    ],
)
def test_the_code_of_goods_or_of_a_telephone_is_no_other_waybills(text, symbology):
    assert not numbers((), barcodes=[barcode(text, symbology)])
    assert number((), CaseFacts(waybills=(text,)), [barcode(text, symbology)]).matches is True


@pytest.mark.parametrize("text", ["6901234567893", "860123456789017", "4348007997715"])
def test_what_only_has_the_length_of_such_a_code_is_one(text):
    assert number((), barcodes=[barcode(text)]).matches is False


@pytest.mark.parametrize("label", ["收据单号", "小票单号", "交易单号", "销售单号", "派工单号", "收银小票单号"])
def test_the_number_of_another_paper_is_no_waybills(label):
    assert not numbers(page(f"{label}：777353270741676"))


def test_a_bare_label_needs_a_carriers_number():
    assert not numbers(page("单号：2024060612"))
    assert number(page("单号：777353270741676")).matches is False
    assert number(page("申通单号：777353270741676")).matches is False


def test_of_two_barcodes_one_slip_apart_the_rarer_is_a_misreading():
    codes = [barcode(OURS), barcode(OURS, "QRCode"), barcode("SF3230480012621")]
    assert [each.value for each in numbers((), barcodes=codes)] == [OURS]


@pytest.mark.parametrize(
    "text",
    [
        "收件 胡超 132****9543",
        "电话：13812345678",
        "13166386331-6853",
        "879-A10 753",
        "打印时间：2024-06-06 09:50:30",
        "纳税人识别号：91310000123456789X",
        "发票号码：24312000000012345678",
        "发票代码：031001900104",
        "订单号：6623198386309384",
        "开户行及账号：6222021234567890123",
        "报告编号：QC202406061234",
        "交易单号 4200001234202406061234",
        "上海市青浦区华徐公路830号18幢1607室",
        "¥1234567890.12",
        "6 901234 567892",
        "20240606 093012",
        "+86 13812345678",
        "138-1234-5678",
    ],
)
def test_other_numbers_are_no_waybill_numbers(text):
    assert not numbers(page(text))


def test_a_number_below_its_bars_needs_no_label():
    found = number(page("圆通速递", "4348 0079 9778 860"), CaseFacts(waybills=("434800799778860",)))
    assert (found.value, found.sure, found.matches) == ("434800799778860", True, True)
    assert number(page("4348 0079 9778 861"), CaseFacts(waybills=("434800799778860",))).matches is False


def test_where_ours_is_seen_without_a_label_others_without_one_are_none():
    assert [each.value for each in numbers(page(OURS, "668682323064"))] == [OURS]


def test_a_number_below_an_empty_field_is_still_one():
    assert number(at(("签收人：", 0.1, 0.2), ("777353270741676", 0.1, 0.25)), CaseFacts()).value == "777353270741676"
    assert not numbers(at(("发票号码：", 0.1, 0.2), ("777353270741676", 0.1, 0.25)), CaseFacts())
    assert not numbers(at(("SN", 0.1, 0.2), ("777353270741676", 0.3, 0.2)), CaseFacts())


def test_a_number_torn_in_two_is_put_together():
    assert number(at(("运单号：SF3230380012", 0.1, 0.2), ("621", 0.31, 0.2))).value == OURS


@pytest.mark.parametrize("size", [3, 4, 5])
@pytest.mark.parametrize("known", [OURS, "JDVB2495032612605", "DPK102331099788", "434800779977886"])
def test_groups_of_any_size_are_one_number(known, size):
    grouped = " ".join(known[place : place + size] for place in range(0, len(known), size))
    assert number(page(grouped), CaseFacts(waybills=(known,))).matches is True
    assert number(page(grouped[:-1] + str((int(grouped[-1]) + 1) % 10)), CaseFacts(waybills=(known,))).matches is False


def test_a_poor_label_makes_no_poor_number():
    lines = (line("快递单号", 0.1, 0.2, 0.85), line("SF3230380012627", 0.5, 0.2, 0.99))
    assert number(lines).matches is False


def test_the_code_on_a_stamp_is_no_second_number():
    found = numbers(page(f"运单号：{OURS}", "6803231983187"))
    assert [each.value for each in found] == [OURS]


def test_several_numbers_are_all_told_ours_first():
    found = numbers(page("运单号：SF9999999999999", f"运单号：{OURS}"))
    assert [(each.value, each.matches) for each in found] == [(OURS, True), ("SF9999999999999", False)]


def test_the_value_may_stand_to_the_right_of_its_label_or_below():
    right = at(("快递单号", 0.1, 0.2), (OURS, 0.5, 0.2))
    below = at(("快递单号", 0.1, 0.2), (OURS, 0.1, 0.25))
    apart = at(("快递单号：", 0.1, 0.2), (OURS, 0.6, 0.24))
    assert all(number(each).matches for each in (right, below, apart))


def test_in_a_table_the_value_is_in_the_column_of_its_label():
    lines = at(
        *(("运单号码", 0.1, 0.3), ("件数", 0.4, 0.3), ("运费", 0.6, 0.3)),
        *(("434800799778860", 0.1, 0.35), ("1", 0.42, 0.35), ("74.43", 0.6, 0.35)),
    )
    assert number(lines, CaseFacts()).value == "434800799778860"


def test_without_facts_a_label_and_a_form_are_enough_to_be_sure_of_the_reading():
    found = number(page("运单号：SF9999999999999"), CaseFacts())
    assert (found.sure, found.matches) == (True, None)


def test_a_label_with_a_letter_misread_is_understood_but_not_certain():
    found = number(page("道单号码：777353270741676"), CaseFacts())
    assert (found.value, found.sure) == ("777353270741676", False)


def test_an_order_number_is_read_by_its_label_and_compared():
    fields = read_fields(page("订单编号：2026110112345678901"), FACTS)
    assert [(each.name, each.matches) for each in fields] == [(FieldName.ORDER_NUMBER, True)]
    fields = read_fields(page("订单编号：2026110112345678902"), FACTS)
    assert [(each.name, each.matches) for each in fields] == [(FieldName.ORDER_NUMBER, False)]


@pytest.mark.parametrize(
    "known",
    [
        *("SF3230380012621", "JT2820833383902", "YT4327341634981", "777353270741676", "75483721629976"),
        *("DPK102331099788", "JDVB5253037486889", "1Z999AA10123456784", "RA123456785CN"),
    ],
)
def test_carriers_forms_are_known(known):
    assert is_carriers(known)


@pytest.mark.parametrize("broken", ["1Z999AA10123456785", "RA123456784CN", "SF12345", "111111111111111", "13812345678"])
def test_broken_forms_and_check_digits_are_noticed(broken):
    assert not is_carriers(broken)


@pytest.mark.parametrize("label", ["WAYBİLL NO.", "waybıll no.", "ConſIgnment No.", "TRAC\u212aING NO."])
def test_letters_of_other_languages_in_a_label_are_those_that_they_look_like(label):
    assert number(page(f"{label}: {OURS}")).matches is True

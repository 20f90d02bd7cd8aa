"""Amounts, dates and weights, in the ways in which people write them, and where they stand."""

import pytest

from evidence.facts import CaseFacts
from evidence.fields import FieldName, read_fields
from tests.unit.evidence.pages import at, line, page
from tests.unit.evidence.reading import first, read, value

OURS = "SF3230380012621"
OTHER_DAYS = (
    *("打印时间", "下单时间", "寄件日期", "出生日期", "生产日期", "有效期至", "截止日期", "失效日期", "预计送达时间"),
    *("Print Date", "Birth date", "SHIP DATE"),
)


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("运费金额：¥206.76元", "206.76"),
        ("运费金额:￥1,206.76", "1206.76"),
        ("运费：206.76 元", "206.76"),
        ("运费 206.76元", "206.76"),
        ("合计：RMB 206.76", "206.76"),
        ("合计：人民币206.76元", "206.76"),
        ("合计：人民币206元整", "206.00"),
        ("运费：¥12", "12.00"),
        ("运费：206元7角", "206.70"),
        ("运费：206元7角6分", "206.76"),
        ("运费：206. 76元", "206.76"),
        ("运费：206,76元", "206.76"),
        ("实收：V135.69元", "135.69"),
        ("合计：206.7", "206.70"),
        ("合 计：¥２０６．７６", "206.76"),
        ("合計：206.76圓", "206.76"),
        ("TOTAL: $206.76", "206.76"),
        ("TOTAL: USD 1,206.76", "1206.76"),
        ("合计（大写）：贰佰零陆元柒角陆分 （小写）：¥206.76", "206.76"),
    ],
)
def test_amounts_are_read_however_they_are_written(text, amount):
    found = first(FieldName.AMOUNT, page(text))
    assert (found.value, found.sure) == (amount, True)


@pytest.mark.parametrize(
    "text",
    [
        "计费重量：27.21kg",
        "运费：3件",
        "206.76",
        "电话：13812345678",
        "合计：20.6.76",
        "合计：",
        "¥12.00/kg",
        "金额：0.00",
    ],
)
def test_what_is_no_money_is_no_amount(text):
    assert value(FieldName.AMOUNT, page(text)) is None


def test_the_total_comes_before_its_parts():
    lines = page("单价：¥10.00", "金额：¥20.00", "运费：¥6.00", "合计：¥26.00", "实付：¥25.00", "价税合计：¥27.00")
    assert value(FieldName.AMOUNT, lines) == "27.00"


def test_what_the_capitals_say_as_well_comes_first_and_is_certain():
    lines = page("运费：¥74.43", "合计：¥80.43", "人民币（大写）：柒拾肆元肆角叁分")
    assert [(each.value, each.sure) for each in read(FieldName.AMOUNT, lines)] == [("74.43", True), ("80.43", False)]


def test_digits_that_the_capitals_deny_are_not_certain():
    found = first(FieldName.AMOUNT, page("合计：¥206.76", "大写：贰佰零陆元柒角伍分"))
    assert (found.value, found.sure) == ("206.76", False)


def test_a_bare_whole_number_may_be_a_count():
    found = first(FieldName.AMOUNT, page("合计：44"))
    assert (found.value, found.sure) == ("44.00", False)


def test_cells_of_a_table_are_no_amounts():
    lines = at(
        *(("名称", 0.1, 0.3), ("数量", 0.3, 0.3), ("单价", 0.5, 0.3), ("金额", 0.7, 0.3)),
        *(("陶瓷餐具", 0.1, 0.35), ("44", 0.3, 0.35), ("32.36", 0.5, 0.35), ("1423.99", 0.7, 0.35)),
    )
    assert value(FieldName.AMOUNT, lines) is None


def test_an_amount_of_the_dispute_is_recognised_as_such():
    facts = CaseFacts(amounts=(20676,))
    assert first(FieldName.AMOUNT, page("¥206.76"), facts).matches is True
    assert first(FieldName.AMOUNT, page("¥206.75"), facts).matches is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "¥206.76",
            "声明价值 ¥206.76",
            "声明价值金额：¥206.76",
            "货物价值：¥206.76",
            "商品货款 ¥206.76",
            "商品金额：206.76元",
        ),
        *(
            "优惠金额：¥206.76",
            "保价费：¥206.76",
            *("不含税金额：¥206.76", "原运费：¥206.76", "订单金额：¥206.76"),
            "优惠合计：¥206.76",
            "TOTAL DISCOUNT: $206.76",
            "INSURED AMOUNT: $206.76",
        ),
    ],
)
def test_an_amount_that_equals_an_items_price_is_not_certain_by_that(text):
    found = read(FieldName.AMOUNT, page(text), CaseFacts(amounts=(20676,)))
    assert not any(each.sure for each in found)


def test_what_the_capitals_deny_is_not_certain_even_if_the_dispute_knows_it():
    found = first(FieldName.AMOUNT, page("合计：¥206.76", "大写：壹拾贰元整"), CaseFacts(amounts=(20676,)))
    assert (found.value, found.sure, found.matches) == ("206.76", False, True)


@pytest.mark.parametrize("text", ["优惠 ¥0.00", "合计：¥0.00", "运费：0.00元"])
def test_nothing_is_no_certain_amount(text):
    assert not any(each.sure for each in read(FieldName.AMOUNT, page(text), CaseFacts(amounts=(0,))))


def test_an_amount_without_a_label_is_not_certain():
    found = first(FieldName.AMOUNT, page("转账成功", "¥161.46"))
    assert (found.value, found.sure) == ("161.46", False)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("日期：2024-06-06", "2024-06-06"),
        ("日期：2024/6/6", "2024-06-06"),
        ("日期：2024.06.06", "2024-06-06"),
        ("日期：2024年6月6日", "2024-06-06"),
        ("日期：2024 年 6 月 6 日", "2024-06-06"),
        ("日 期：２０２４年６月６日", "2024-06-06"),
        ("签发日期 06-Jun-2024", "2024-06-06"),
        ("Date: June 6, 2024", "2024-06-06"),
        ("Date: 6 Jun 2024", "2024-06-06"),
        ("签发日期：二〇二四年六月六日", "2024-06-06"),
        ("收件人签名 日期：2024年6月6日", "2024-06-06"),
        ("日期：二○二四年十二月二十六日", "2024-12-26"),
        ("【日期】2024-06-06", "2024-06-06"),
        ("日期（Date）：2024-06-06", "2024-06-06"),
        ("日期 Date: 2024-06-06", "2024-06-06"),
        ("签收时间：2024-06-0609:50", "2024-06-06"),
        ("开票时间：2024-06-0609:50", "2024-06-06"),
        ("报告日期：2024-06-06", "2024-06-06"),
        ("快件签收日期：2024-06-06", "2024-06-06"),
        ("授权日期：2024-06-06", "2024-06-06"),
    ],
)
def test_dates_are_read_however_they_are_written(text, day):
    found = first(FieldName.DATE, page(text))
    assert (found.value, found.sure) == (day, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("日期：20240606", "2024-06-06"),
        ("日期：2026-0818", "2026-08-18"),
        ("日期：24年6月6日", "2024-06-06"),
        ("日期：1998-06-06", "1998-06-06"),
        ("2024年6月6日", "2024-06-06"),
        ("二〇二四年六月六日", "2024-06-06"),
        *((f"{label}：2024-06-06", "2024-06-06") for label in OTHER_DAYS),
        ("出生日期 Date: 2024-06-06", "2024-06-06"),
        ("出 生 日 期：2024-06-06", "2024-06-06"),
        ("下单 日期：2024-06-06", "2024-06-06"),
        ("Date of expiry: 2024-06-06", "2024-06-06"),
    ],
)
def test_a_date_in_poor_form_or_of_another_matter_is_read_but_not_certain(text, day):
    found = first(FieldName.DATE, page(text))
    assert (found.value, found.sure) == (day, False)


@pytest.mark.parametrize(
    "text", ["日期：2024-13-06", "日期：2023-02-29", "24/6/6", "日期：2024年6月", "SF2024060612345"]
)
def test_impossible_and_incomplete_dates_are_none(text):
    assert value(FieldName.DATE, page(text)) is None


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("开票时间：2024-06-06 09:50", "2024-06-06T09:50"),
        ("开票时间：2024-06-06 09：50：30", "2024-06-06T09:50:30"),
        ("开票时间：2024-06-0609:50", "2024-06-06T09:50"),
        ("开票时间：2024年6月6日 上午9点50分", "2024-06-06T09:50"),
        ("开票时间：2024年6月6日下午3:05", "2024-06-06T15:05"),
        ("Date: 06-Jun-2024 3:05 PM", "2024-06-06T15:05"),
    ],
)
def test_the_time_of_day_is_read_with_its_date(text, moment):
    found = first(FieldName.TIME, page(text))
    assert (found.value, found.sure) == (moment, True)


def test_a_time_on_a_line_of_its_own_belongs_to_the_date():
    assert value(FieldName.TIME, page("日期：2024-06-06", "时间：09:50")) == "2024-06-06T09:50"


@pytest.mark.parametrize("text", ["打印时间：2024-06-06 09:50", "下单时间：2024-06-06 09:50", "2024-06-06 09:50"])
def test_the_time_of_a_print_or_an_order_is_not_certain(text):
    found = first(FieldName.TIME, page(text))
    assert (found.value, found.sure) == ("2024-06-06T09:50", False)


def test_the_clock_of_a_phone_is_no_time():
    assert value(FieldName.TIME, page("16:23", "转账成功")) is None


def test_the_more_telling_date_comes_first_and_a_term_is_not_certain():
    found = read(FieldName.DATE, page("授权期限：2024-01-01至2024-12-31", "授权日期：2023-12-20"))
    assert [(each.value, each.sure) for each in found][:2] == [("2023-12-20", True), ("2024-01-01", False)]


def test_a_date_torn_in_two_is_put_together():
    assert value(FieldName.DATE, at(("签发日期：2026/10/", 0.1, 0.2), ("14", 0.285, 0.2))) == "2026-10-14"


def display(number, *others):
    return (line(number, 0.3, 0.6, height=0.1), *others)


@pytest.mark.parametrize(
    ("number", "weight"),
    [
        ("27.21", "27.21 kg"),
        ("27.21kg", "27.21 kg"),
        ("27,21", "27.21 kg"),
        ("27. 21", "27.21 kg"),
        ("0.450", "0.450 kg"),
    ],
)
def test_the_display_of_a_scale_is_read(number, weight):
    assert value(FieldName.WEIGHT, display(number, line("kg", 0.5, 0.66))) == weight


def test_a_display_outranks_what_the_waybill_says():
    lines = display("27.21", line("kg", 0.5, 0.66), line("计费重量：9.45kg", 0.1, 0.2))
    assert [(each.value, each.sure) for each in read(FieldName.WEIGHT, lines)] == [("27.21 kg", True)]


def test_a_display_without_a_unit_is_in_that_of_the_scales_limit_and_not_certain():
    found = first(FieldName.WEIGHT, display("27.21", line("电子秤 最大称量 30kg", 0.2, 0.75)))
    assert (found.value, found.sure) == ("27.21 kg", False)


def test_a_scale_that_weighs_in_grams_shows_grams():
    found = first(FieldName.WEIGHT, display("2202", line("电子秤 Max 3000g d=1g", 0.2, 0.75)))
    assert (found.value, found.sure) == ("2202 g", False)


def test_where_a_scale_was_not_read_the_waybills_weight_does_not_stand_in():
    assert value(FieldName.WEIGHT, page("计费重量：9.45kg", "电子秤 最大称量 30kg")) is None


def test_a_whole_number_on_a_display_may_have_lost_a_digit():
    found = first(FieldName.WEIGHT, display("621", line("g", 0.5, 0.66)))
    assert (found.value, found.sure) == ("621 g", False)


def test_a_lost_point_is_noticed():
    assert value(FieldName.WEIGHT, display("2721", line("kg", 0.5, 0.66), line("Max 30kg e=10g", 0.2, 0.75))) is None
    assert first(FieldName.WEIGHT, display("27", line("kg", 0.5, 0.66))).sure is False


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("净重：0.5kg", "0.5 kg"),
        ("重量：500克", "500 g"),
        ("重量（kg）：1.25", "1.25 kg"),
        ("实际重量 5.4斤", "5.4 斤"),
        ("毛重：２.５公斤", "2.5 kg"),
        ("G.W.: 12.5 KG", "12.5 kg"),
    ],
)
def test_labelled_weights_are_read(text, weight):
    found = first(FieldName.WEIGHT, page(text))
    assert (found.value, found.sure) == (weight, True)


@pytest.mark.parametrize("lines", [page("净重：0.00kg"), display("0.00", line("kg", 0.5, 0.66))])
def test_an_empty_scale_weighs_nothing_for_certain(lines):
    assert first(FieldName.WEIGHT, lines).sure is False


@pytest.mark.parametrize(
    "text", ["净含量：500g", "最大称量 30kg", "Max 3000g d=1g", "≤75 mg/kg", "12元/kg", "¥12.00/kg"]
)
def test_other_weights_are_none(text):
    assert value(FieldName.WEIGHT, page(text)) is None


def test_a_leaning_table_keeps_its_rows():
    rows = [("品名", "女士针织衫"), ("规格型号", "ME66-26"), ("检验日期", "2024-06-17"), ("商家名称", "木槿服饰旗舰店")]
    placed = [
        each
        for at_, (label, text) in enumerate(rows)
        for each in ((label, 0.2, 0.2 + 0.03 * at_), (text, 0.5, 0.2 + 0.03 * at_))
    ]
    found = {each.name: each.value for each in read_fields(at(*placed, lean=0.06), CaseFacts())}
    assert found == {
        FieldName.PRODUCT_NAME: "女士针织衫",
        FieldName.MODEL: "ME66-26",
        FieldName.DATE: "2024-06-17",
        FieldName.SHOP_NAME: "木槿服饰旗舰店",
    }


def test_a_turned_form_keeps_its_rows_although_they_are_nearer_to_the_next():
    rows = [("快件单号", OURS), ("收货人姓名", "范志玉"), ("派件人姓名", "于飞然"), ("派送日期", "2024年1月5日")]
    placed = [
        each
        for at_, (label, text) in enumerate(rows)
        for each in ((label, 0.22 + 0.006 * at_, 0.32 + 0.045 * at_), (text, 0.42 + 0.006 * at_, 0.295 + 0.045 * at_))
    ]
    found = {each.name: each.value for each in read_fields(at(*placed), CaseFacts())}
    assert found == {
        FieldName.WAYBILL_NUMBER: OURS,
        FieldName.RECIPIENT: "范志玉",
        FieldName.DELIVERY_PERSON: "于飞然",
        FieldName.DATE: "2024-01-05",
    }


def test_a_value_that_looks_like_a_label_is_one_all_the_same():
    assert value(FieldName.MODEL, page("产品型号：SN3227")) == "SN3227"
    assert value(FieldName.PRODUCT_NAME, page("品名：商品收纳盒")) == "商品收纳盒"


def test_heads_of_a_table_are_no_values_of_each_other():
    assert not read_fields(page("Description Qty Unit Price Amount", "商品名称 规格型号 数量 单价 金额"), CaseFacts())


def test_headings_are_no_labels():
    assert not read_fields(page("购买方信息", "收件人签字栏", "快递员须知"), CaseFacts())


def test_carriers_are_named():
    assert value(FieldName.CARRIER, page("韵达快递运费收据")) == "韵达快递"
    assert first(FieldName.CARRIER, page("顺丰速运")).sure is True
    assert value(FieldName.CARRIER, page("三件套 SUPSON")) is None


def test_a_badly_read_line_makes_nothing_certain():
    lines = page("运单号：SF3230380012621", "运费：¥206.76元", "日期：2024-06-06 09:50", "收件人：胡超", confidence=0.7)
    assert not any(each.sure for each in read_fields(lines, CaseFacts()))


def test_nothing_is_read_from_nothing():
    assert read_fields((), CaseFacts()) == ()
    assert read_fields(page("", "  ", "。"), CaseFacts()) == ()

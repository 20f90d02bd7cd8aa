"""Amounts, dates, weights and names, in the ways in which people write them."""

import pytest

from evidence.facts import CaseFacts
from evidence.fields import FieldName, read_fields
from tests.unit.evidence.pages import at, line, page

OURS = "SF3230380012621"


def read(name, lines, facts=None):
    return [each for each in read_fields(lines, facts or CaseFacts()) if each.name is name]


def first(name, lines, facts=None):
    return next(iter(read(name, lines, facts)), None)


def value(name, lines, facts=None):
    found = first(name, lines, facts)
    return found.value if found else None


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
        ("2024年6月6日", "2024-06-06"),
        ("二〇二四年六月六日", "2024-06-06"),
        ("日期：二○二四年十二月二十六日", "2024-12-26"),
        ("【日期】2024-06-06", "2024-06-06"),
        ("日期（Date）：2024-06-06", "2024-06-06"),
        ("日期 Date: 2024-06-06", "2024-06-06"),
        ("打印时间：2024-06-0609:50", "2024-06-06"),
    ],
)
def test_dates_are_read_however_they_are_written(text, day):
    found = first(FieldName.DATE, page(text))
    assert (found.value, found.sure) == (day, True)


@pytest.mark.parametrize(
    ("text", "day"),
    [("日期：20240606", "2024-06-06"), ("日期：2026-0818", "2026-08-18"), ("日期：24年6月6日", "2024-06-06")],
)
def test_a_date_in_poor_form_is_read_but_not_certain(text, day):
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


@pytest.mark.parametrize(
    "text", ["净含量：500g", "最大称量 30kg", "Max 3000g d=1g", "≤75 mg/kg", "12元/kg", "¥12.00/kg"]
)
def test_other_weights_are_none(text):
    assert value(FieldName.WEIGHT, page(text)) is None


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("收件人：胡超", "胡超"),
        ("收件人姓名：王勇艳", "王勇艳"),
        ("收货人: 欧阳娜娜", "欧阳娜娜"),
        ("签收人：买买提·艾力", "买买提·艾力"),
        ("收件 胡超 132****9543", "胡超"),
        ("收件  方海佳 133****3279", "方海佳"),
        ("收苏超 13166386331-6853", "苏超"),
        ("收 胡超 13212349543", "胡超"),
        ("收件 牛 唐辉勇 177****3346", "唐辉勇"),
        ("收件人：胡超先生", "胡超"),
        ("收 件 人：胡 超", "胡超"),
        ("收件人:张三 电话:13812345678", "张三"),
        ("Consignee: John Smith", "John Smith"),
    ],
)
def test_recipients_are_read(text, name):
    found = first(FieldName.RECIPIENT, page(text))
    assert (found.value, found.sure) == (name, True)


@pytest.mark.parametrize(
    "text",
    [
        *("收件人：", "收件人已签收：", "收件人手机号：138****5678", "签收人：已验视", "寄件 胡超 132****9543"),
        *("收款人：宋玉", "签收人：本人", "您的签字代表收件人已验收", "收据", "已收款", "收件地址：上海市"),
    ],
)
def test_what_is_no_recipient_is_none(text):
    assert value(FieldName.RECIPIENT, page(text)) is None


def test_a_masked_or_misread_name_is_not_certain():
    assert first(FieldName.RECIPIENT, page("收件人：胡**")).sure is False
    assert first(FieldName.RECIPIENT, page("收件人：未敏伟")).sure is False


def test_the_recipient_is_the_upper_of_two_parties_where_the_disc_was_not_read():
    found = first(FieldName.RECIPIENT, page("程斌 138****8591", "上海市青浦区", "陆艳 184****7001"))
    assert (found.value, found.sure) == ("程斌", False)


@pytest.mark.parametrize("label", ["派件人", "派件人姓名", "派送员", "快递员", "投递员", "业务员", "快遞員"])
def test_who_brought_it_is_read(label):
    found = first(FieldName.DELIVERY_PERSON, page("收件人：王勇艳", f"{label}：罗涛华"))
    assert (found.value, found.sure) == ("罗涛华", True)


def test_shop_product_and_model_are_read_and_compared():
    facts = CaseFacts(shop_name="悦家日用旗舰店", products=("新款 陶瓷餐具套装 XT3722 家用",))
    lines = page("店铺名称：悦家日用旗舰店", "商品名称：陶瓷餐具套装", "规格型号：XT3722")
    found = {each.name: (each.value, each.sure, each.matches) for each in read_fields(lines, facts)}
    assert found == {
        FieldName.SHOP_NAME: ("悦家日用旗舰店", True, True),
        FieldName.PRODUCT_NAME: ("陶瓷餐具套装", True, True),
        FieldName.MODEL: ("XT3722", True, True),
    }


def test_another_shop_is_noticed_and_a_likely_one_left_open():
    facts = CaseFacts(shop_name="悦家日用旗舰店")
    assert first(FieldName.SHOP_NAME, page("店铺名称：宏达户外专卖"), facts).matches is False
    assert first(FieldName.SHOP_NAME, page("店铺名称：悦家家居"), facts).matches is None


@pytest.mark.parametrize(
    "text",
    [
        *(
            "兹授权“优品鞋靴专卖店”为本公司VELO品牌的授权经销商",
            "兹授权优品鞋靴专卖店在网络平台销售",
            "抬头：优品鞋靴专卖店",
        ),
        *("购买方名称：优品鞋靴专卖店", "被授权方：优品鞋靴专卖店", "購買方：优品鞋靴专卖店"),
        "兹授权 优品鞋靴专卖店（被授权方）在天猫平台销售",
    ],
)
def test_the_shop_is_found_where_documents_name_it(text):
    assert value(FieldName.SHOP_NAME, page(text)) == "优品鞋靴专卖店"


def test_the_name_of_anybody_is_no_certain_shop():
    found = first(FieldName.SHOP_NAME, page("购买方信息", "名称：优品鞋靴专卖店"))
    assert (found.value, found.sure) == ("优品鞋靴专卖店", False)
    lines = at(("名称", 0.1, 0.3), ("数量", 0.4, 0.3), ("陶瓷餐具套装", 0.1, 0.35), ("44", 0.4, 0.35))
    assert value(FieldName.SHOP_NAME, lines) is None


def test_the_class_of_goods_on_a_tax_invoice_is_not_their_name():
    lines = at(("商品名称", 0.1, 0.3), ("数量", 0.4, 0.3), ("*日用品*陶瓷餐具套装", 0.1, 0.35), ("44", 0.4, 0.35))
    assert value(FieldName.PRODUCT_NAME, lines) == "陶瓷餐具套装"


@pytest.mark.parametrize("text", ["型号：2026-10-24", "型号：女士针织衫"])
def test_a_day_or_a_word_is_no_certain_model(text):
    assert first(FieldName.MODEL, page(text)).sure is False


def test_words_of_a_name_in_english_are_no_labels():
    assert value(FieldName.SHOP_NAME, page("Bill To: Lucky Store Model Goods Ltd")) == "Lucky Store Model Goods Ltd"


def test_titles_of_reports_are_no_products():
    assert value(FieldName.PRODUCT_NAME, page("产品检测报告", "产品合格证")) is None


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

"""Names of people, shops and goods: whose they are, and what isn't one."""

import pytest

from evidence.facts import CaseFacts
from evidence.fields import FieldName, read_fields
from tests.unit.evidence.pages import at, page
from tests.unit.evidence.reading import first, read, value


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
        ("收件人：司马文", "司马文"),
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


@pytest.mark.parametrize("label", ["收件人", "派件人"])
@pytest.mark.parametrize(
    "text",
    [
        *(
            "华联超市",
            "高新网点",
            "包装完好",
            "万达广场",
            "代签收",
            "温馨驿站",
            "全家便利",
            "时代广场",
            "路边",
            "马上送达",
        ),
        *(
            "万家店",
            "金库",
            "文印室",
            "单元门口",
            "付款",
            "司机",
            "高新区",
            "王府井站",
            "李家村",
            "安全",
            *("王老板", "张某", "李四代", "刘阿姨", "王总"),
            "欧阳",
            "John Smith",
        ),
    ],
)
def test_a_place_a_shop_or_a_word_is_no_certain_name(label, text):
    assert not any(
        each.sure for each in read_fields(page(f"{label}：{text}"), CaseFacts()) if each.name is not FieldName.CARRIER
    )


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
    ("text", "shop"),
    [
        *(
            ("店铺名称：旗舰店", "优选数码旗舰店"),
            ("店铺名称：数码旗舰店", "优选数码旗舰店"),
            ("Contact the manager", "Man"),
        ),
        *(("店铺名称：优选", "优"), ("Shop: AB Trading", "AB"), ("店铺名称：大悦家居馆", "悦家")),
    ],
)
def test_a_part_of_a_word_or_of_a_name_is_not_the_shop(text, shop):
    found = read(FieldName.SHOP_NAME, page(text), CaseFacts(shop_name=shop))
    assert not any(each.matches for each in found)


@pytest.mark.parametrize(
    ("text", "shop"),
    [
        *(("店铺名称：优选数码旗舰店（官方）", "优选数码旗舰店"), ("店铺名称：优选数码旗舰", "优选数码旗舰店")),
        *(("Shop: The Man Shop", "man shop"), ("店 铺：悦 家 日 用", "悦家日用"), ("店铺名称：悦家", "悦家")),
    ],
)
def test_the_whole_name_of_the_shop_or_nearly_is_the_shop(text, shop):
    assert first(FieldName.SHOP_NAME, page(text), CaseFacts(shop_name=shop)).matches is True


@pytest.mark.parametrize(
    ("text", "product"), [("Occupation: Teacher", "Cup"), ("Product: Cupboard", "Cup"), ("品名：Teapot", "Tea")]
)
def test_a_part_of_a_word_is_not_the_product(text, product):
    found = read(FieldName.PRODUCT_NAME, page(text), CaseFacts(products=(product,)))
    assert not any(each.matches for each in found)
    assert first(FieldName.PRODUCT_NAME, page("Product: Cup 300 ml"), CaseFacts(products=("Cup",))).matches is True


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


def test_how_a_letter_goes_on_is_no_shop():
    lines = page("兹授权“优品鞋靴专卖店”为本公司VELO品牌的", "授权经销商，在网络平台销售本公司生产的商品。")
    assert [each.value for each in read(FieldName.SHOP_NAME, lines)] == ["优品鞋靴专卖店"]


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

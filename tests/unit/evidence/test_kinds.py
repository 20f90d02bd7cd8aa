"""Kinds of documents: what is recognised, what is certain, and what mustn't be."""

import pytest

from evidence.kinds import ReportPart, recognise
from evidence.text import Barcode, Box
from policies.model import DocumentKind
from tests.unit.evidence.pages import line, page

WAYBILL = page(
    *(
        "申通快递",
        "电子面单",
        "879-A10 753",
        "SF32 3038 0012 621",
        "收件 胡超 132****9543",
        "湖北省武汉市洪山区珞喻路487号",
    ),
    *("寄件 黄丽娜 153****9127", "打印时间：2025-10-11", "物品：真皮手提包", "计费重量：4.09kg", "签收人：", "已验视"),
)
RECEIPT = page(
    *("韵达快递运费收据", "运单号码：465685110644693", "运费金额：¥206.76元", "开票时间：2024-06-06 09:50"),
    *("寄件网点：上海市青浦区", "付款方式：到付", "经手人：朱洋丽"),
)
TRANSFER = page(
    "转账成功", "¥161.46", "转账时间 2026年11月12日12:30:05", "收款时间 2026-06-01", "支付方式 零钱", "微信支付"
)
PROOF = page(
    *("快递签收证明", "兹证明以下快件已由我公司派送并签收：", "快递单号：JT2820833383902", "收件人姓名：王勇艳"),
    *("派件人姓名：罗涛华", "日期：2024年1月13日", "特此证明。"),
)
COVER = page(
    "报告编号：QC123456789",
    "检测报告",
    "TEST REPORT",
    "样品名称：陶瓷餐具",
    "委托单位：悦家日用",
    "签发日期：2024-01-01",
)
BODY = page(
    *(
        "检测报告",
        "报告编号：QC123456789",
        "检测项目",
        "技术要求",
        "检测结果",
        "单项判定",
        "外观质量",
        "表面平整",
        "符合",
        "合格",
    ),
    "检测结论：所检项目均符合标准要求",
)
GRANT = page(
    "品牌授权书",
    "授权编号：JC489015770",
    "兹授权“优品鞋靴专卖店”为本公司授权经销商",
    "特此授权。",
    "授权单位：某某公司",
)
INVOICE = page(
    *(
        "增值税电子普通发票",
        "发票代码：031001900104",
        "发票号码：12345678",
        "开票日期：2024年6月6日",
        "购买方名称：悦家日用旗舰店",
    ),
    *("纳税人识别号：91310000123456789X", "价税合计（大写）：贰佰元整", "（小写）¥200.00", "销售方名称：某某公司"),
)
SCALE = (line("27.21", 0.3, 0.6, height=0.1), line("kg", 0.6, 0.66), line("电子秤 最大称量 30kg", 0.2, 0.75))


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        (WAYBILL, DocumentKind.WAYBILL),
        (RECEIPT, DocumentKind.FREIGHT_RECEIPT),
        (TRANSFER, DocumentKind.CHAT_TRANSFER),
        (PROOF, DocumentKind.DELIVERY_PROOF),
        (COVER, DocumentKind.TEST_REPORT),
        (BODY, DocumentKind.TEST_REPORT),
        (GRANT, DocumentKind.AUTHORISATION),
        (INVOICE, DocumentKind.INVOICE),
        (SCALE, DocumentKind.SCALE),
    ],
)
def test_each_kind_is_recognised_for_certain(lines, kind):
    seen = recognise(lines)
    assert (seen.kind, seen.sure) == (kind, True)
    assert seen.marks
    assert set(seen.marks) <= set(lines)


def test_a_parcel_on_a_scale_is_a_scale():
    assert recognise((*WAYBILL, *SCALE)).kind is DocumentKind.SCALE


def test_goods_with_a_waybill_are_a_waybill_by_its_barcode_and_its_parties():
    lines = page("NOVA", "831-C61 637", "李伟强 130****4318", "孙杰 172****7071", "打印时间：2025-02-05")
    code = Barcode("434800799778860", "Code128", Box(0.2, 0.2, 0.6, 0.3))
    seen = recognise(lines, [code])
    assert (seen.kind, seen.sure) == (DocumentKind.WAYBILL, True)


@pytest.mark.parametrize(
    "titles",
    [
        "运费发票",
        "快递费收据",
        "收款收据",
        "收 款 收 据",
        "货运费用收据",
        "运费收款凭条",
        "运费凭证",
        "物流专用发票",
        "貨運收據",
    ],
)
def test_receipts_for_freight_are_no_invoices_for_goods(titles):
    seen = recognise(page(titles, "运单号：465685110644693", "运费：¥206.76", "日期：2024-06-06", "经手人：朱洋丽"))
    assert (seen.kind, seen.sure) == (DocumentKind.FREIGHT_RECEIPT, True)


def test_a_receipt_that_names_a_waybill_is_none():
    lines = (*RECEIPT, line("寄件 黄丽娜 153****9127", 0.1, 0.8), line("收件 胡超 132****9543", 0.1, 0.86))
    seen = recognise(lines, [Barcode("465685110644693", "Code128", Box(0.2, 0.9, 0.6, 0.95))])
    assert not (seen.kind is DocumentKind.WAYBILL and seen.sure)


def test_a_waybill_is_never_a_receipt():
    seen = recognise((*WAYBILL, line("到付 ¥12.00", 0.5, 0.5), line("付款方式：到付", 0.5, 0.6)))
    assert seen.kind is DocumentKind.WAYBILL


def test_a_carriers_form_that_states_what_was_paid_is_for_a_person():
    seen = recognise((*WAYBILL, line("运费合计：¥12.00", 0.5, 0.5)))
    assert not seen.sure


def test_a_receipt_and_a_waybill_in_one_picture_are_for_a_person():
    assert not recognise((*RECEIPT, *WAYBILL)).sure


def test_a_receipt_for_goods_is_none_for_freight():
    seen = recognise(
        page("收款收据", "付款单位：悦家", "收款事由：货款", "金额：¥206.76", "日期：2024-06-06", "经手人：朱洋丽")
    )
    assert not seen.sure


@pytest.mark.parametrize(
    "lines",
    [
        page(
            "账单详情",
            "转账-转给胡超",
            "-161.46",
            "当前状态 对方已收钱",
            "转账时间 2026年1月2日 12:30:05",
            "支付方式 零钱通",
        ),
        page(
            "胡超",
            "运费多少",
            "微信转我就行",
            "¥161.46",
            "你发起了一笔转账",
            "微信转账",
            "¥161.46",
            "已收款",
            "微信转账",
        ),
        page(
            "账单详情",
            "胡超",
            "-161.46",
            "交易成功",
            "付款方式 余额宝",
            "转账备注 运费",
            "对方账户 胡** 138******12",
            "支付宝",
        ),
        page("QQ钱包", "转账成功", "161.46元", "收款人 胡超", "付款方式 QQ钱包余额", "转账时间 2026-01-02 12:30:05"),
    ],
)
def test_transfers_between_people_are_recognised_in_a_screenshot(lines):
    seen = recognise(lines, screenshot=True)
    assert (seen.kind, seen.sure) == (DocumentKind.CHAT_TRANSFER, True)


def test_a_formal_receipt_that_was_paid_by_phone_is_no_transfer():
    seen = recognise(
        (*RECEIPT, line("支付方式：微信支付", 0.1, 0.8), line("转账时间：2024-06-06", 0.1, 0.86)), screenshot=True
    )
    assert not (seen.kind is DocumentKind.CHAT_TRANSFER and seen.sure)


def test_a_payment_to_a_business_is_for_a_person():
    lines = page("转账成功", "-12.00", "商户全称 某某快递有限公司", "支付方式 零钱", "交易单号 4200001234", "微信支付")
    assert not recognise(lines, screenshot=True).sure


@pytest.mark.parametrize(
    "lines",
    [
        page("微信支付凭证", "付款金额", "¥12.00", "收款方 圆通速递", "支付方式", "零钱", "微信支付"),
        page(
            "订单详情", "实付款 ¥99.00", "运费 ¥0.00", "收货人 胡超", "支付方式 微信支付", "付款时间 2024-06-06 09:50"
        ),
        page("支付成功", "¥12.00", "快递公司 圆通速递", "运单号 YT4327341634981", "支付方式 支付宝"),
        page("快递已签收", "签收人：本人", "快递员 胡超", "运单号 YT4327341634981", "圆通速递"),
        page("检测报告", "品牌", "商品名称 陶瓷餐具", "加入购物车"),
    ],
)
def test_pages_of_a_phone_that_are_like_a_document_are_for_a_person(lines):
    assert not recognise(lines, screenshot=True).sure


def test_a_carriers_tax_invoice_is_for_a_person():
    lines = (*INVOICE, line("*运输服务*运费", 0.1, 0.8))
    assert not recognise(lines).sure


def test_the_parts_of_a_report_are_told_apart():
    assert recognise(COVER).parts == {ReportPart.COVER}
    assert recognise(BODY).parts == {ReportPart.BODY}
    assert recognise(INVOICE).parts == frozenset()


REPORT_OF_ONE_PAGE = page(
    *("检测报告", "报告编号：QC123456789", "委托单位：悦家日用", "样品名称：陶瓷餐具", "签发日期：2024-01-01"),
    *("甲醛含量：未检出", "铅溶出量 0.02 合格", "经检验，所检项目均符合GB 4806.4"),
)


@pytest.mark.parametrize(
    "result",
    [
        *(
            "甲醛含量：未检出",
            "铅溶出量 0.02 合格",
            "经检测，样品良好",
            "检验结论见下",
            "铅溶出量：0.02 mg/L",
            "甲醛 ≤ 75",
        ),
        *("Conclusion: Pass", "Lead ND", "The sample conforms to GB 4806.4", "可迁移铅 12mg/kg", "Formaldehyde: N.D."),
    ],
)
@pytest.mark.parametrize("confidence", [0.99, 0.5])
def test_a_report_with_a_result_anywhere_is_no_mere_cover(result, confidence):
    assert recognise((*COVER, line(result, 0.1, 0.8, confidence))).parts == frozenset()


def test_a_report_of_one_page_without_a_table_is_for_a_person():
    seen = recognise(REPORT_OF_ONE_PAGE)
    assert (seen.kind, seen.sure, seen.parts) == (DocumentKind.TEST_REPORT, True, frozenset())


HEADS = ("检测报告", "报告编号：QC123456789", "检测项目", "技术要求", "检测结果", "单项判定")


def test_heads_without_results_are_no_body():
    assert recognise(page(*HEADS)).parts == frozenset()
    assert recognise(page(*HEADS, "1", "2", "3.1")).parts == frozenset()


@pytest.mark.parametrize("results", [("符合",), ("0.02mg/kg", "≤75"), ("12 mg/kg", "18.6 MPa"), ("PASS",)])
def test_heads_with_results_below_are_a_body(results):
    assert recognise(page(*HEADS, *results)).parts == {ReportPart.BODY}


@pytest.mark.parametrize(
    "lines",
    [
        page("检测报告", "目录", "检测项目 1", "技术要求 1", "检测结果 2", "单项判定 2", "检测结论：合格 3"),
        page("检测报告", "报告编号：QC1", "检测项目......1", "技术要求……1", "检测结果......2", "单项判定", "合格"),
        page(
            "产品合格证", "检验项目", "技术要求", "检验结果", "单项判定", "合格", "检验员：03", "生产日期：2024-01-01"
        ),
    ],
)
def test_contents_and_certificates_of_the_maker_are_no_body(lines):
    seen = recognise(lines)
    assert (seen.sure, seen.parts) == (False, frozenset())


@pytest.mark.parametrize(
    ("label", "amount"),
    [
        *(("运费", "¥12.00"), ("应收", "12.00"), ("费用合计", "12.00元"), ("实收金额(元)", "12.00"), ("运费", "12")),
        *(("Charges paid", "$12.00"), ("总计", "￥12"), ("现付", "¥12.00")),
    ],
)
@pytest.mark.parametrize("confidence", [0.99, 0.7])
def test_a_carriers_slip_with_the_fee_in_a_cell_of_its_own_is_for_a_person(label, amount, confidence):
    beside = (line(label, 0.5, 0.8, confidence), line(amount, 0.75, 0.8, confidence))
    below = (line(label, 0.5, 0.8, confidence), line(amount, 0.5, 0.85, confidence))
    for cells in (beside, below):
        seen = recognise((*WAYBILL, *cells))
        assert (seen.kind, seen.sure) == (DocumentKind.WAYBILL, False)


def test_a_title_outweighs_a_table_of_goods():
    seen = recognise(page("出厂检测报告", "品名：玻璃密封罐", "数量", "单价", "金额", "合计：¥5563.29"))
    assert seen.kind is DocumentKind.TEST_REPORT


def test_a_title_alone_is_no_part():
    assert recognise(page("检测报告", "商品名称：陶瓷餐具", "日期：2024-01-01")).parts == frozenset()


@pytest.mark.parametrize(
    "lines",
    [
        (),
        page("清晨的雾还没有散，河边已经有人在洗菜。"),
        page("红烧牛肉面 18元", "番茄炒蛋 22元", "今日菜单"),
        page("陶瓷餐具套装", "¥99.90", "产地：浙江省", "物价员：胡超"),
        page("请把运费收据和签收证明一起上传"),
    ],
)
def test_what_is_no_document_is_none(lines):
    seen = recognise(lines)
    assert (seen.kind, seen.sure) == (None, False)


@pytest.mark.parametrize("lines", [WAYBILL, RECEIPT, TRANSFER, PROOF, COVER, GRANT, INVOICE])
def test_a_badly_read_page_is_never_certain(lines):
    assert not recognise([line(each.text, each.box.left, each.box.top, 0.6) for each in lines]).sure


@pytest.mark.parametrize("lines", [WAYBILL, RECEIPT, TRANSFER, PROOF, COVER, GRANT, INVOICE])
def test_a_title_alone_is_never_certain(lines):
    assert not any(recognise([each]).sure for each in lines)

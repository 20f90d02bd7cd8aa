"""Kinds of documents, told apart by what is written on them (A8, A11).

Each kind has titles, which are its own, and marks, which several may bear. Nothing is certain by one of them alone, nor
where a title or the like of another kind is seen as well.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from evidence.fields.names import is_addressed
from evidence.fields.pairs import Page
from evidence.fields.waybills import waybill_of
from evidence.fields.weights import displays_in, limit_of
from evidence.fields.words import plain, squeezed
from evidence.text import Barcode, Line
from policies.model import DocumentKind


class ReportPart(StrEnum):
    COVER = "cover"
    BODY = "body"


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a picture is taken for."""

    kind: DocumentKind | None
    sure: bool
    """Certain enough to say not_met of an excluded kind, or met of an accepted one."""
    parts: frozenset[ReportPart]
    """Of a test report: what was seen for certain."""
    marks: tuple[Line, ...]
    """The lines that told, the most telling first."""


_TITLES: Mapping[DocumentKind, str] = {
    DocumentKind.WAYBILL: r"^电子面单|电子运单$|^電子面單",
    DocumentKind.DELIVERY_PROOF: (
        r"^.{0,8}(?:签收|妥投|派送|投递|送达|红章|簽收)(?:证明|底单|确认|回执|凭证|證明)[书单]?$|PROOFOFDELIVERY"
    ),
    DocumentKind.FREIGHT_RECEIPT: (
        r"(?:运费|快递费?|货运|物流|邮费|運費).{0,6}(?:收据|发票|凭证|凭条|小票|专用票|收款单|收據|發票)$"
        r"|^.{0,10}(?:收款|收费|交费)(?:收据|凭证|凭条|小票|收據)$|^收据$|FREIGHT(?:RECEIPT|INVOICE)|SHIPPINGRECEIPT"
    ),
    DocumentKind.CHAT_TRANSFER: (
        r"^转账成功|^微信转账$|^转账-|^微信红包|^扫二维码付款|^QQ(?:转账|钱包)|^转账给|发起了?一笔转账|^待对方确认收款"
        r"|^.{0,12}已收款$|^对方已收[钱款]|^轉賬成功|^已转账$|^请收款$|^已被接收$|^转账到账|^收款到账"
        r"|^转账(?:备注|说明)|转账红包$"
    ),
    DocumentKind.TEST_REPORT: (
        r"(?:检测|检验|測試|测试|检验检测|质检|质量检验|檢測|檢驗)(?:结果)?(?:报告|報告)书?$|^TEST(?:ING)?REPORT$|^INSPECTIONREPORT$"
    ),
    DocumentKind.AUTHORISATION: (
        r"授权(?:证书|书|委托书|证明)$|授權[证證]?書$|^LETTEROFAUTHORI[SZ]ATION|^AUTHORI[SZ]ATION(?:LETTER|CERTIFICATE)?$"
    ),
    DocumentKind.INVOICE: (
        r"(?:增值税|电子|普通|专用|采购|进货|购货|销售|机打|定额|形式).{0,6}发票(?:[((].{2,6}[))])?$|^.{0,8}(?:销货|送货|出库|采购|进货|发货)(?:清单|单)$"
        r"|發票$|^(?:COMMERCIAL|PROFORMA|TAX)?INVOICE$"
    ),
    DocumentKind.SCALE: r"电子(?:台|计价|计数|桌)?秤|(?:快递|台|电子|厨房)秤|最大[称秤]量|^MAX:?\d|電子秤|DIGITALSCALE",
}
"""What a document of the kind calls itself, without spaces and in capitals; a freight invoice is one of freight."""

_MARKS: Mapping[DocumentKind, tuple[str, ...]] = {
    DocumentKind.WAYBILL: (
        *(
            "打印时间|列印時間",
            "已验视|已检视|已安检|已实名|已驗視",
            "计费重量|計費重量",
            "集包地|目的地|中转站|转运中心",
        ),
        *(
            "签收人|签收栏|签收时间|签字代表",
            "^(?:物品|托寄物|内容|内件)",
            "代收货款|到付|寄付|特惠|标快|标准快递|特快",
        ),
        *("^(?:SHIPTO|SHIPFROM)", "TRACKING(?:NUMBER|NO|#)", "2NDDAYAIR|NEXTDAYAIR|PRIORITYMAIL|GROUND", "^[12]/[12]$"),
    ),
    DocumentKind.DELIVERY_PROOF: (
        *(
            "兹证明|茲證明|特开具此证明",
            "特此证明|以上情况属实|内容真实有效",
            "派件人|派送员|派件员|快递员|投递员|派送人",
        ),
        *(
            "收件人|收货人|签收人",
            "已(?:妥投|签收|派送)|派送并签收|并由本人签收",
            "签收日期|派送日期|签收时间|派送时间",
        ),
        *("红章|加盖网点", "业务专用章"),
    ),
    DocumentKind.FREIGHT_RECEIPT: (
        *(
            "运费|快递费|邮费|運費",
            "(?:运单|快递|货)号?(?:号码|单号|编号)|运单号|货单号",
            "经手人|收款人|开票人|开单人",
        ),
        *(
            "付款方式|结算方式",
            "寄件网点|营业部|营业厅",
            "开票时间|开票日期|收款时间|付款时间|收费日期",
            "收款单位|收款事由",
        ),
        *("大写|大寫", "保价费|包装费|首重|续重", "财务专用章|收款专用章|收讫"),
    ),
    DocumentKind.CHAT_TRANSFER: (
        *(
            "^转账时间|^轉賬時間",
            "^收款时间",
            "^(?:支付|付款)方式",
            "^零钱",
            "^微信(?:支付|转账)|^支付宝$|^QQ钱包",
            "^转账单号",
        ),
        *(
            "^当前状态",
            "^转账说明|^转账备注|^添加备注",
            "^账单(?:详情|服务|分类)?$",
            "^交易成功|^支付成功|^付款成功",
            "已收款",
        ),
        *(
            "^对方账户|^对方已收",
            "^-¥?\\d+\\.\\d{2}$",
            "^申请转账电子凭证|^对订单有疑惑|^查看(?:零钱|账单)",
            "^(?:交易|转账)单号",
        ),
        *("^收款人", "^[345]G\\d{1,3}%?$|^WIFI", "转账", "^余额宝|^花呗|^账户余额|储蓄卡", "^收款方"),
    ),
    DocumentKind.TEST_REPORT: (
        *(
            "报告编号|报告号|報告編號|REPORTNO",
            "委托单位|委托方|送检单位|委託單位",
            "受检单位|生产单位|制造商|生产企业",
        ),
        *(
            "检测单位|检验单位|检测机构",
            "签发日期|报告日期|检测日期|检验日期",
            "检测类别|检验类别|委托检验|出厂检验|型式检验",
        ),
        *(
            "检测依据|检验依据|执行标准",
            "样品名称|样品编号|样品状态|规格型号",
            "CMA|CNAS|检验检测专用章|检测专用章|质检专用章",
        ),
        *("主检|审核:|批准:", "检测结论|检验结论", "店铺名称|商品名称|产品名称", "TESTREPORT", "第\\d+页共\\d+页"),
    ),
    DocumentKind.AUTHORISATION: (
        *(
            "兹授权|茲授權|HEREBYAUTHORI",
            "特此授权|特此授權|特此证明",
            "授权(?:期限|有效期|日期|时间)",
            "授权(?:编号|单位|方|人)",
        ),
        *("被授权|授权店铺|授权经销商|经销商", "不得转授权|转授权", "品牌|商标", "店铺名称|商品名称|规格型号|型号"),
    ),
    DocumentKind.INVOICE: (
        *(
            "发票代码|發票代碼",
            "发票号码|發票號碼|INVOICENO",
            "开票日期|采购日期",
            "购买方|购货单位|BILLTO",
            "销售方|供货单位|供应商|销售单位",
        ),
        *(
            "纳税人识别号|统一社会信用代码",
            "价税合计|價稅合計",
            "税率|税额|征收率",
            "^单价|UNITPRICE",
            "^数量|QTY|QUANTITY",
        ),
        *(
            "^合计|^总计",
            "校验码|机器编号",
            "收款人|复核|开票人|制单",
            "货物或应税劳务",
            "店铺名称|商品名称|规格型号|^型号|^品名",
        ),
    ),
    DocumentKind.SCALE: (
        *(
            "(?:电子|快递|台)秤",
            "最大[称秤]量|^MAX\\W?\\d|MAX\\d",
            "^(?:KG|G|公斤|千克)$",
            "去皮|置零|单价|TARE|ZERO",
            "[ED]=\\d+G",
        ),
    ),
}
"""What documents of the kind say besides."""

_BODY = (
    *(
        "^(?:检测|检验|试验|測試|检查)项目|^TESTITEM",
        "^(?:技术|标准|指标|质量)要求|^标准值|^REQUIREMENT",
        "^(?:单项)?(?:判定|评定)|^单项结论",
    ),
    *(
        "^(?:检测|检验|实测)(?:结果|值|数据)|^实测值|^RESULT",
        "^(?:合格|符合|未检出|PASS)$",
        "(?:所检项目|检测结论|检验结论).*(?:合格|符合)",
    ),
)
_COVER = (
    "报告编号|報告編號|REPORTNO",
    "委托单位|送检单位|受检单位|检测单位|生产单位",
    "^TESTREPORT",
    "检测类别|检验类别",
    "签发日期|报告日期",
)
_FEWEST_OF_BODY = 3
_FEWEST_OF_COVER = 2
_TITLE_WEIGHT = 3
_LONGEST_TITLE = 24

_SURE_FROM: Mapping[DocumentKind, int] = {
    DocumentKind.WAYBILL: 7,
    DocumentKind.DELIVERY_PROOF: 5,
    DocumentKind.FREIGHT_RECEIPT: 5,
    DocumentKind.CHAT_TRANSFER: 6,
    DocumentKind.TEST_REPORT: 4,
    DocumentKind.AUTHORISATION: 4,
    DocumentKind.INVOICE: 6,
    DocumentKind.SCALE: 5,
}
"""Points from which a kind is certain: three for a title, one for each other mark."""
_MORE_ON_SCREEN = 2
"""Points: a shop's page on a phone has words of many documents."""
_ON_SCREEN = (DocumentKind.CHAT_TRANSFER, DocumentKind.WAYBILL)
_LIKELY_FROM = 3
_SURE_WITHOUT_TITLE = 4
"""Marks that aren't words, or are a report's table, from which a document needs no title."""
_DOUBTS: Mapping[DocumentKind, str] = {
    # A carrier's form that states what was paid may pass for a receipt.
    DocumentKind.WAYBILL: r"(?:运费|快递费|邮费|费用|合计|实付|实收|運費|FREIGHT|TOTAL).{0,6}[¥\d]",
    # A payment to a business, or on its paper, isn't one between people.
    DocumentKind.CHAT_TRANSFER: r"商户|^收款方|^商品|^商家|收单机构|经营者|收讫|收款专用章|回单",
    # Carriers' invoices are for freight.
    DocumentKind.INVOICE: r"运输服务|收派服务|快递服务|物流辅助|快递费|^\W*运费",
}
_NEEDS: Mapping[DocumentKind, str] = {
    # A receipt is for freight only where it says so.
    DocumentKind.CHAT_TRANSFER: r"微信|零钱|QQ|支付宝|余额宝|花呗|账户余额|红包|已收[钱款]|收款时间|一笔转账",
    DocumentKind.FREIGHT_RECEIPT: r"运费|快递费|邮费|货运|物流|運費|运单|快递单|货单|快件|FREIGHT|SHIPPING",
}
_ROUTE = re.compile(r"\d{3}[- ]\d{0,2}[A-Z]\d{2}(?:[- ]\d{2,3})?(?![A-Z\d])")
"""The sorting code that carriers print in large type."""
_WELL_READ = 0.85


@dataclass(frozen=True, slots=True)
class _Seen:
    """What speaks for one kind."""

    kind: DocumentKind
    titles: tuple[Line, ...] = ()
    marks: tuple[Line, ...] = ()
    others: int = 0
    """Marks that aren't lines: barcodes, addresses, a display, that it is a screenshot."""

    @property
    def points(self) -> int:
        return _TITLE_WEIGHT * min(len(self.titles), 2) + len(self.marks) + self.others

    @property
    def lines(self) -> tuple[Line, ...]:
        return tuple(dict.fromkeys((*self.titles, *self.marks)))


def recognise(lines: Sequence[Line], barcodes: Sequence[Barcode] = (), *, screenshot: bool = False) -> Recognised:
    """What kind of document it is. A parcel on a scale is a scale; `screenshot`: a phone made the picture."""
    read = [each for each in lines if each.confidence >= _WELL_READ]
    page = Page(read)
    seen = {kind: _seen(kind, read) for kind in DocumentKind}
    seen = seen | {each.kind: each for each in _with_others(seen, page, barcodes, screenshot=screenshot)}
    first = _first(seen)
    if first.points < _LIKELY_FROM:
        return Recognised(None, sure=False, parts=frozenset(), marks=())
    none: frozenset[ReportPart] = frozenset()
    parts = _parts(read) if first.kind is DocumentKind.TEST_REPORT else none
    needed = _SURE_FROM[first.kind] + (_MORE_ON_SCREEN if screenshot and first.kind not in _ON_SCREEN else 0)
    sure = first.points >= needed and _is_alone(first, seen) and not _is_doubtful(first.kind, read)
    return Recognised(first.kind, sure, parts, first.lines)


def _seen(kind: DocumentKind, lines: Sequence[Line]) -> _Seen:
    short = [each for each in lines if len(squeezed(each.text)) <= _LONGEST_TITLE]
    titles = tuple(each for each in short if re.search(_TITLES[kind], squeezed(each.text)))
    return _Seen(kind, titles, tuple(each for each in _matched(_MARKS[kind], lines) if each not in titles))


def _matched(patterns: Sequence[str], lines: Sequence[Line]) -> Iterator[Line]:
    """For each pattern, the first line that matches."""
    for pattern in patterns:
        found = next((each for each in lines if re.search(pattern, squeezed(each.text))), None)
        if found:
            yield found


def _with_others(
    seen: Mapping[DocumentKind, _Seen], page: Page, barcodes: Sequence[Barcode], *, screenshot: bool
) -> Iterator[_Seen]:
    """With the marks that aren't words."""
    coded = any(waybill_of(each) for each in barcodes)
    routed = any(_ROUTE.match(plain(each.text)) for each in page.lines)
    addressed = sum(is_addressed(each.text) for each in page.lines)
    yield replace(seen[DocumentKind.WAYBILL], others=2 * coded + 2 * routed + min(addressed, 2))
    yield replace(seen[DocumentKind.SCALE], others=bool(displays_in(page)) + 2 * bool(limit_of(page.lines)))
    yield replace(
        seen[DocumentKind.CHAT_TRANSFER], others=2 * screenshot * bool(seen[DocumentKind.CHAT_TRANSFER].marks)
    )
    yield replace(seen[DocumentKind.TEST_REPORT], others=_body_marks(page.lines))


def _first(seen: Mapping[DocumentKind, _Seen]) -> _Seen:
    """What most speaks for; of a scale with a parcel on it, the label has more to say."""
    scale = seen[DocumentKind.SCALE]
    return scale if scale.titles and scale.others else max(seen.values(), key=lambda each: each.points)


def _is_alone(first: _Seen, seen: Mapping[DocumentKind, _Seen]) -> bool:
    """Whether something that is the kind's own was seen, and nothing that is another's."""
    together = {first.kind} | ({DocumentKind.WAYBILL} if first.kind is DocumentKind.SCALE else set())
    foreign = any(set(each.titles) - set(first.titles) for each in seen.values() if each.kind not in together)
    own = bool(first.titles) or first.others >= _SURE_WITHOUT_TITLE
    return own and not foreign


def _is_doubtful(kind: DocumentKind, lines: Sequence[Line]) -> bool:
    """Whether something in it speaks against it, or what it can't do without is missing."""
    doubts, needs = _DOUBTS.get(kind), _NEEDS.get(kind)
    texts = [squeezed(each.text) for each in lines]
    doubted = doubts is not None and any(re.search(doubts, each) for each in texts)
    return doubted or (needs is not None and not any(re.search(needs, each) for each in texts))


def _parts(lines: Sequence[Line]) -> frozenset[ReportPart]:
    body = _body_marks(lines)
    if body >= _FEWEST_OF_BODY:
        return frozenset({ReportPart.BODY})
    cover = len(tuple(_matched(_COVER, lines)))
    return frozenset({ReportPart.COVER}) if not body and cover >= _FEWEST_OF_COVER else frozenset()


def _body_marks(lines: Sequence[Line]) -> int:
    return len(tuple(_matched(_BODY, lines)))

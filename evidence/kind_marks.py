"""The words by which kinds of documents are told apart: a pattern a line, for texts without spaces and in capitals."""

import re
from collections.abc import Mapping

from policies.model import DocumentKind

type Patterns = tuple[re.Pattern[str], ...]


def _each(patterns: str) -> Patterns:
    return tuple(map(re.compile, patterns.split()))


TITLES: Mapping[DocumentKind, Patterns] = {
    DocumentKind.WAYBILL: _each(r"""
        ^电子面单$|电子运单$|^電子面單$
    """),
    DocumentKind.DELIVERY_PROOF: _each(r"""
        ^.{0,8}(?:签收|妥投|派送|投递|送达|红章|簽收)(?:证明|底单|确认|回执|凭证|證明)[书单]?$
        PROOFOFDELIVERY
    """),
    DocumentKind.FREIGHT_RECEIPT: _each(r"""
        (?:运费|快递费?|货运|物流|邮费|運費|貨運|快遞費?).{0,6}(?:收据|发票|凭证|凭条|小票|专用票|收款单|收據|發票)$
        ^.{0,10}(?:收款|收费|交费)(?:收据|凭证|凭条|小票|收據)$|^收据$|FREIGHT(?:RECEIPT|INVOICE)|SHIPPINGRECEIPT
    """),
    DocumentKind.CHAT_TRANSFER: _each(r"""
        ^转账成功|^微信转账$|^转账-|^微信红包|^扫二维码付款|^QQ(?:转账|钱包)|^转账给|发起了?一笔转账
        ^待对方确认收款|^.{0,12}已收款$|^对方已收[钱款]|^轉賬成功|^已转账$|^请收款$|^已被接收$
        ^转账到账|^收款到账|^转账(?:备注|说明)|转账红包$
    """),
    DocumentKind.TEST_REPORT: _each(r"""
        (?:检测|检验|測試|测试|检验检测|质检|质量检验|檢測|檢驗)(?:结果)?(?:报告|報告)书?$
        ^TEST(?:ING)?REPORT$|^INSPECTIONREPORT$
    """),
    DocumentKind.AUTHORISATION: _each(r"""
        授权(?:证书|书|委托书|证明)$|授權[证證]?書$|^LETTEROFAUTHORI[SZ]ATION|^AUTHORI[SZ]ATION(?:LETTER|CERTIFICATE)?$
    """),
    DocumentKind.INVOICE: _each(r"""
        (?:增值税|电子|普通|专用|采购|进货|购货|销售|机打|定额|形式).{0,6}发票(?:[((].{2,6}[))])?$
        ^.{0,8}(?:销货|送货|出库|采购|进货|发货)(?:清单|单)$|發票$|^(?:COMMERCIAL|PROFORMA|TAX)?INVOICE$
    """),
    DocumentKind.SCALE: _each(r"""
        电子(?:台|计价|计数|桌)?秤|(?:快递|台|电子|厨房)秤|最大[称秤]量|^MAX:?\d|電子秤|DIGITALSCALE
    """),
}
"""What a document of the kind calls itself; a freight invoice is one of freight."""

MARKS: Mapping[DocumentKind, Patterns] = {
    DocumentKind.WAYBILL: _each(r"""
        打印时间|列印時間
        已验视|已检视|已安检|已实名|已驗視
        计费重量|計費重量
        集包地|目的地|中转站|转运中心
        签收人|签收栏|签收时间|签字代表
        ^(?:物品|托寄物|内容|内件)
        代收货款|到付|寄付|特惠|标快|标准快递|特快
        ^(?:SHIPTO|SHIPFROM)
        TRACKING(?:NUMBER|NO|#)
        2NDDAYAIR|NEXTDAYAIR|PRIORITYMAIL|GROUND
        ^[12]/[12]$
    """),
    DocumentKind.DELIVERY_PROOF: _each(r"""
        兹证明|茲證明|特开具此证明
        特此证明|以上情况属实|内容真实有效
        派件人|派送员|派件员|快递员|投递员|派送人
        收件人|收货人|签收人
        已(?:妥投|签收|派送)|派送并签收|并由本人签收
        签收日期|派送日期|签收时间|派送时间
        红章|加盖网点
        业务专用章
    """),
    DocumentKind.FREIGHT_RECEIPT: _each(r"""
        运费|快递费|邮费|運費
        (?:运单|快递|货)号?(?:号码|单号|编号)|运单号|货单号|[运運]單號|貨單號
        经手人|收款人|开票人|开单人
        付款方式|结算方式
        寄件网点|营业部|营业厅
        开票时间|开票日期|收款时间|付款时间|收费日期
        收款单位|收款事由
        大写|大寫
        保价费|包装费|首重|续重
        财务专用章|收款专用章|收讫
    """),
    DocumentKind.CHAT_TRANSFER: _each(r"""
        ^转账时间|^轉賬時間
        ^收款时间
        ^(?:支付|付款)方式
        ^零钱
        ^微信(?:支付|转账)|^支付宝$|^QQ钱包
        ^转账单号
        ^当前状态
        ^转账说明|^转账备注|^添加备注
        ^账单(?:详情|服务|分类)?$
        ^交易成功|^支付成功|^付款成功
        已收款
        ^对方账户|^对方已收
        ^-¥?\d+\.\d{2}$
        ^申请转账电子凭证|^对订单有疑惑|^查看(?:零钱|账单)
        ^(?:交易|转账)单号
        ^收款人
        ^[345]G\d{1,3}%?$|^WIFI
        转账
        ^余额宝|^花呗|^账户余额|储蓄卡
        ^收款方
    """),
    DocumentKind.TEST_REPORT: _each(r"""
        报告编号|报告号|報告編號|REPORTNO
        委托单位|委托方|送检单位|委託單位
        受检单位|生产单位|制造商|生产企业
        检测单位|检验单位|检测机构
        签发日期|报告日期|检测日期|检验日期
        检测类别|检验类别|委托检验|出厂检验|型式检验
        检测依据|检验依据|执行标准
        样品名称|样品编号|样品状态|规格型号
        CMA|CNAS|检验检测专用章|检测专用章|质检专用章
        主检|审核:|批准:
        检测结论|检验结论
        店铺名称|商品名称|产品名称
        TESTREPORT
        第\d+页共\d+页
    """),
    DocumentKind.AUTHORISATION: _each(r"""
        兹授权|茲授權|HEREBYAUTHORI
        特此授权|特此授權|特此证明
        授权(?:期限|有效期|日期|时间)
        授权(?:编号|单位|方|人)
        被授权|授权店铺|授权经销商|经销商
        不得转授权|转授权
        品牌|商标
        店铺名称|商品名称|规格型号|型号
    """),
    DocumentKind.INVOICE: _each(r"""
        发票代码|發票代碼
        发票号码|發票號碼|INVOICENO
        开票日期|采购日期
        购买方|购货单位|BILLTO
        销售方|供货单位|供应商|销售单位
        纳税人识别号|统一社会信用代码
        价税合计|價稅合計
        税率|税额|征收率
        ^单价|UNITPRICE
        ^数量|QTY|QUANTITY
        ^合计|^总计
        校验码|机器编号
        收款人|复核|开票人|制单
        货物或应税劳务
        店铺名称|商品名称|规格型号|^型号|^品名
    """),
    DocumentKind.SCALE: _each(r"""
        (?:电子|快递|台)秤
        最大[称秤]量|^MAX\W?\d|MAX\d
        ^(?:KG|G|公斤|千克)$
        去皮|置零|单价|TARE|ZERO
        [ED]=\d+G
    """),
}
"""What documents of the kind say besides."""

BODY = _each(r"""
    ^(?:检测|检验|试验|測試|检查)项目|^TESTITEM
    ^(?:技术|标准|指标|质量)要求|^标准值|^REQUIREMENT
    ^(?:单项)?(?:判定|评定)|^单项结论
    ^(?:检测|检验|实测)(?:结果|值|数据)|^实测值|^RESULT
    ^(?:合格|符合|未检出|PASS)$
    (?:所检项目|检测结论|检验结论).*(?:合格|符合)
""")
"""Of a test report: the heads of its table, and what stands in it."""

_UNIT = r"(?:[MΜN]?G|CFU|个)/(?:KG|L|ML|G|M|DM|CM|100)|MG|ΜG|PPM|PPB|MPA|KPA|[MK]?Ω|°C|级"
"""In capitals, as all texts here: Μ is the Greek one, of micrograms."""
MEASURED = re.compile(rf"^[<>≤≥±+-]*\d+(?:\.\d+)?(?:{_UNIT})$|^[<>≤≥±+-]+\d+(?:\.\d+)?|^\d+\.\d{{2,}}$")
"""A cell of a table that holds what was measured, and no number of a page or a row."""
VERDICT = re.compile(
    r"^(?:合格|符合|未检出|PASS(?:ED)?|N\.?D\.?)$|所检项目.*(?:合格|符合)|(?:检测|检验)结论.*(?:合格|符合)"
)
"""What a report comes to, as a line of its own or as a sentence."""
RESULT = re.compile(
    r"合格|符合|未检出|经检[验测]|结论|經檢|未檢出|PASS|(?<![A-Z])N\.?D\.?(?![A-Z])|NOTDETECTED|CONFORM|COMPL(?:Y|IES|IAN)"
    rf"|CONCLUSION|[<>≤≥]\d|\d(?:{_UNIT})(?![A-Z])"
)
"""Anything that may be a result, of which a cover has none."""

COVER = _each(r"""
    报告编号|報告編號|REPORTNO
    委托单位|送检单位|受检单位|检测单位|生产单位
    ^TESTREPORT
    检测类别|检验类别
    签发日期|报告日期
""")

FEE = re.compile(
    r"运费|快递费|邮费|费用|合计|总计|共计|小计|总额|实付|实收|应付|应收|已付|现付|现结|收款|付款金额|金额|運費|合計|實付|實收|"
    r"FREIGHT|TOTAL|CHARGE|AMOUNT|PAID|FEE(?![A-Z])|POSTAGE"
)
"""What was to be paid: a carrier's form that states it may pass for a receipt, wherever on it the sum stands."""
MONEY = re.compile(r"[¥￥$€]\d|(?:RMB|CNY|USD|人民币)\d|\d[元圆圓]|^\d{1,6}\.\d{1,2}$")

DOUBTS: Mapping[DocumentKind, re.Pattern[str]] = {
    DocumentKind.WAYBILL: re.compile(rf"(?:{FEE.pattern}).{{0,6}}[¥\d]"),
    # What a report lists isn't in it; and what the maker says of his goods is no report.
    DocumentKind.TEST_REPORT: re.compile(r"^目[录錄次]|^(?:TABLEOF)?CONTENTS$|(?:\.|…|·){3,}\d{1,3}$|合格证书?$"),
    # A payment to a business, or on its paper, isn't one between people.
    DocumentKind.CHAT_TRANSFER: re.compile(r"商户|^收款方|^商品|^商家|收单机构|经营者|收讫|收款专用章|回单"),
    # Carriers' invoices are for freight.
    DocumentKind.INVOICE: re.compile(r"运输服务|收派服务|快递服务|物流辅助|快递费|^\W*运费"),
}
"""What speaks against a kind."""

NEEDS: Mapping[DocumentKind, re.Pattern[str]] = {
    # A receipt is for freight only where it says so.
    DocumentKind.CHAT_TRANSFER: re.compile(
        r"微信|零钱|QQ|支付宝|余额宝|花呗|账户余额|红包|已收[钱款]|收款时间|一笔转账|转账-|转账单号"
    ),
    DocumentKind.FREIGHT_RECEIPT: re.compile(
        r"运费|快递费|邮费|货运|物流|運費|貨運|运单|運單|快递单|货单|快件|FREIGHT|SHIPPING"
    ),
}
"""What a kind can't do without."""

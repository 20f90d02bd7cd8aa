"""The words that stand before a value, as forms, labels and receipts print them.

Of each field the more telling come first: a total before a sum, a sum before a price. Traditional and English forms
are among them. Chinese labels may be set with spaces between their letters, English ones in any case.
"""

from collections.abc import Mapping

from evidence.fields.model import FieldName
from evidence.fields.words import listed

LABELS: Mapping[FieldName, tuple[str, ...]] = {
    FieldName.WAYBILL_NUMBER: listed(
        "运单号码|运单编号|运单号|快递单号|快递运单号|快递编号|物流单号|物流运单号|快件单号|面单号|面单号码|"
        "货运单号|货单号|托运单号|邮件号|邮件号码|包裹号|退货单号|退回单号|寄件单号|运单|单号|運單號碼|運單號|"
        "快遞單號|物流單號|託運單號|WAYBILL NUMBER|WAYBILL NO.|WAYBILL NO|WAYBILL|TRACKING NUMBER|TRACKING NO.|"
        "TRACKING NO|TRACKING #|TRACKING ID|AIR WAYBILL|AWB NO.|AWB NO|AWB|CONSIGNMENT NO.|CONSIGNMENT NO"
    ),
    FieldName.ORDER_NUMBER: listed(
        "订单编号|订单号码|订单号|平台订单号|商家订单号|客户订单号|订单|訂單編號|訂單號|ORDER NUMBER|ORDER NO.|"
        "ORDER NO|ORDER ID|ORDER #"
    ),
    FieldName.AMOUNT: listed(
        "价税合计(小写)|价税合计小写|(小写)|小写|价税合计|合计(小写)|合计小写|金额小写|小写金额|金额(小写)|"
        "实付运费|实收运费|运费金额|运费合计|实付金额|实收金额|应付金额|应收金额|支付金额|付款金额|收款金额|"
        "应收运费|应付运费|总运费|转账金额|交易金额|费用合计|合计金额|总金额|总计|合计|实付款|实付|实收|应付|应收|快递费用|快递费|运费|邮费|"
        "物流费|总费用|费用|金额|共计|價稅合計|總計|合計|實付金額|應付金額|運費金額|運費|金額|GRAND TOTAL|"
        "TOTAL AMOUNT|TOTAL PAID|TOTAL CHARGES|AMOUNT PAID|CHARGES PAID|FREIGHT PAID|AMOUNT DUE|TOTAL|AMOUNT|"
        "FREIGHT CHARGES|FREIGHT|CHARGES"
    ),
    FieldName.DATE: listed(
        "签收日期|签收时间|派送日期|派送时间|派件日期|派件时间|投递日期|妥投时间|送达时间|开票日期|开票时间|"
        "转账时间|付款时间|付款日期|支付时间|支付日期|收款时间|收款日期|交易时间|交易日期|收费时间|收费日期|"
        "打印时间|打印日期|打单时间|签发日期|出具日期|报告日期|授权日期|检测日期|检验日期|称重时间|称重日期|"
        "采购日期|开具日期|制单日期|寄件时间|寄件日期|收寄时间|收寄日期|下单时间|创建时间|日期时间|日期|时间|"
        "簽收日期|簽收時間|開票日期|付款時間|列印時間|簽發日期|時間|生产日期|出厂日期|到样日期|送检日期|抽样日期|"
        "签订日期|授权期限|授权有效期|有效期限|有效期至|有效期|DATE OF ISSUE|ISSUE DATE|INVOICE DATE|SHIP DATE|"
        "DELIVERY DATE|DELIVERED ON|PRINTED|DATE AND TIME|DATE/TIME|DATE|TIME"
    ),
    FieldName.WEIGHT: listed(
        "实际重量|称重重量|净重|毛重|总重量|总重|计费重量|结算重量|包裹重量|货物重量|重量|實際重量|淨重|計費重量|"
        "GROSS WEIGHT|NET WEIGHT|BILLED WEIGHT|WEIGHT|G.W.|N.W.|WT"
    ),
    FieldName.SHOP_NAME: listed(
        "店铺名称|网店名称|网络店铺名称|店铺|授权店铺|被授权店铺|商家名称|商户名称|商家|被授权方名称|被授权方|"
        "被授权人|被授权单位|被授权公司|授权经销商|购买方名称|购买方|购货单位名称|购货单位|购货方|采购方|采购单位|"
        "客户名称|发票抬头|抬头|购方名称|名称|店鋪名稱|店鋪|商家名稱|被授權方|購買方名稱|購買方|抬頭|買方|"
        "SHOP NAME|STORE NAME|SHOP|STORE|AUTHORIZED DEALER|AUTHORISED DEALER|BUYER|BILL TO"
    ),
    FieldName.PRODUCT_NAME: listed(
        "商品名称|产品名称|样品名称|货物名称|货品名称|货物或应税劳务名称|货物或应税劳务、服务名称|商品名|产品名|"
        "物品名称|授权产品|授权商品|产品|商品|品名|样品|货物|托寄物|物品|内件品名|项目名称|商品名稱|產品名稱|"
        "樣品名稱|貨物名稱|PRODUCT NAME|PRODUCT|SAMPLE NAME|ITEM NAME|DESCRIPTION|GOODS"
    ),
    FieldName.MODEL: listed(
        "规格型号|型号规格|型号/规格|规格/型号|产品型号|商品型号|样品型号|型号|规格|货号|款号|批号|生产批号|"
        "產品型號|規格型號|型號|規格|貨號|批號|MODEL NUMBER|MODEL NO.|MODEL NO|MODEL|ITEM NO.|ITEM NO|"
        "SPECIFICATION|BATCH NO.|LOT NO."
    ),
    FieldName.RECIPIENT: listed(
        "收件人姓名|收货人姓名|签收人姓名|收件人|收货人|签收人|收件方|收件|收货|收|领取人|取件人|客户签收|客户签名|"
        "收件人签名|收件人签收|收方|收貨人|簽收人|RECIPIENT|CONSIGNEE|RECEIVER|SHIP TO|DELIVER TO|SIGNED BY|"
        "RECEIVED BY"
    ),
    FieldName.DELIVERY_PERSON: listed(
        "派件人姓名|派送人姓名|派件员姓名|派送员姓名|快递员姓名|派件人|派送人|派件员|派送员|快递员|投递员|"
        "投递员姓名|投递人|业务员|业务员姓名|配送员|收派员|送货人|送货员|快遞員|投遞員|業務員|配送員|COURIER|"
        "DELIVERED BY|DELIVERY PERSON|DRIVER"
    ),
}

NUMBERS = listed(
    "电话|手机|手机号|联系电话|联系方式|收件电话|寄件电话|客服电话|热线|電話|TEL|PHONE|发票代码|发票号码|发票编号|"
    "校验码|机器编号|纳税人识别号|统一社会信用代码|税号|信用代码|统一社会信用代码/纳税人识别号|开户行及账号|开户行|"
    "账号|银行账号|报告编号|证书编号|授权编号|合同编号|样品编号|编号|流水号|交易单号|转账单号|商户单号|交易号|"
    "凭证号|序列号|SN|S/N|IMEI|REPORT NO.|INVOICE NO.|ID NUMBER|NO.|条码|条形码|邮编|邮政编码|商品条码|身份证号|"
    "收据单号|收据号|收据编号|小票单号|小票号|票据号|收银单号|流水单号|业务单号|销售单号|出库单号|采购单号|合同单号|"
    "批准文号|生产许可证号|许可证号|对方账户|付款账户|收款账户"
)
"""Other numbers, which may look like those of waybills."""

OTHER = (
    *NUMBERS,
    *listed(
        "寄件人姓名|寄件人|寄件方|寄件|寄|寄方|发件人|发件|发货人|寄件人電話|SHIP FROM|SENDER|SHIPPER|FROM|经手人|"
        "经办人|开票人|收款人|付款人|复核|复核人|制单|制单人|审核|审核人|批准|批准人|检测人|检验员|编制|主检|"
        "联系人|法人|法定代表人|物价员|商户全称|地址|收件地址|收货地址|寄件地址|地址、电话|寄件网点|派件网点|网点|"
        "集包地|目的地|始发地|ADDRESS|数量|单位|单价|税率|税额|件数|保价费|保价|包装费|小计|序号|备注|税率/征收率|"
        "折扣|付款方式|支付方式|结算方式|付款说明|转账说明|转账备注|账单分类|当前状态|收款事由|事由|用途|收款单位|"
        "付款单位|交款单位|收款方|付款方|销售方名称|销售方|销售单位|供货单位|供应商|授权单位|授权方|授权人|"
        "委托单位|受检单位|生产单位|检测单位|生产企业|制造商|品牌|商标|检测类别|检验类别|检测项目|检验项目|"
        "技术要求|标准要求|检测结果|检验结果|单项判定|检测结论|检验结论|结论|检测依据|检验依据|签名|签章|盖章|"
        "签收栏|QUANTITY|UNIT PRICE|金额大写|金额(大写)|合计(大写)|合计大写|价税合计(大写)|价税合计大写|"
        "人民币(大写)|人民币大写|大写金额|大写|(大写)|人民幣(大寫)|大寫|QTY|REMARK|签收人/签收时间|收件人/代签人|"
        "最大称量|最小称量|分度值|净含量|检测|检验|等级|产地|颜色|尺码"
    ),
)
"""What no value of the fields stands behind, and where one ends: other people, numbers, places, heads of tables."""

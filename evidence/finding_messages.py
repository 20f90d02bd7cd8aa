"""Every sentence that a finding says, in one place: code, English, Chinese, and where the fix comes from.

The codes are public and stable. A sentence names nothing that was seen: findings stand in events, and what was seen
may be somebody's name. docs/evidence.md lists them, and a test holds it to this table.
"""

from dataclasses import dataclass
from enum import Enum, StrEnum

from evidence.model import Finding, Verdict
from policies.model import Bilingual, DocumentKind, Requirement


class FindingCode(StrEnum):
    """What was found of a point. The value is the public code."""

    FOR_THE_REVIEWER = "for_the_reviewer"
    LEGIBLE = "legible"
    OF_THIS_DISPUTE = "of_this_dispute"
    OTHER_WAYBILL = "other_waybill"
    BESIDE_OTHER_WAYBILL = "beside_other_waybill"
    OTHER_SHOP = "other_shop"
    OTHER_PRODUCT = "other_product"
    HARD_TO_READ = "hard_to_read"
    IN_OTHER_KIND = "in_other_kind"
    DATE_ONLY = "date_only"
    NOT_SEEN = "not_seen"
    WAYBILL_LEGIBLE = "waybill_legible"
    WAYBILL_SEEN = "waybill_seen"
    STAMP_SEEN = "stamp_seen"
    NO_STAMP_SEEN = "no_stamp_seen"
    LOOKS_PRINTED = "looks_printed"
    KIND_ACCEPTED = "kind_accepted"
    KIND_REFUSED = "kind_refused"
    KIND_LIKELY = "kind_likely"
    REPORT_BODY_SEEN = "report_body_seen"
    REPORT_COVER_ONLY = "report_cover_only"
    NO_REPORT = "no_report"


class FixOf(Enum):
    """Where the fix comes from."""

    NOTHING = "nothing need be done"
    POINT = "the policy's own words for the point"


@dataclass(frozen=True, slots=True)
class Sentence:
    message: Bilingual
    fix: Bilingual | FixOf = FixOf.NOTHING


FINDINGS: dict[FindingCode, Sentence] = {
    FindingCode.FOR_THE_REVIEWER: Sentence(Bilingual("A reviewer will look at this.", "将由审核员查看确认。")),
    FindingCode.LEGIBLE: Sentence(Bilingual("It is there, and legible.", "已识别，清晰可读。")),
    FindingCode.OF_THIS_DISPUTE: Sentence(
        Bilingual("It is there, legible, and that of this dispute.", "已识别，清晰可读，且与本售后单一致。")
    ),
    FindingCode.OTHER_WAYBILL: Sentence(
        Bilingual("The waybill number in it isn't this dispute's.", "凭证中的运单号与本售后单的运单号不一致。"),
        Bilingual(
            "Check that the right document was chosen, and submit the one with this dispute's waybill number.",
            "请核对是否选错凭证，并提交与本售后单运单号一致的凭证。",
        ),
    ),
    FindingCode.BESIDE_OTHER_WAYBILL: Sentence(
        Bilingual(
            "It is legible, but beside another waybill number than this dispute's. A reviewer will look at it.",
            "可以看清，但旁边的运单号与本售后单的运单号不一致，将由审核员查看确认。",
        ),
        FixOf.POINT,
    ),
    FindingCode.OTHER_SHOP: Sentence(
        Bilingual("It names another shop, or yours by another name.", "凭证中的店铺名称与您的店铺名称不一致。"),
        FixOf.POINT,
    ),
    FindingCode.OTHER_PRODUCT: Sentence(
        Bilingual("It names a product, in other words than the order.", "凭证中的商品名称与订单中的写法不一致。"),
        FixOf.POINT,
    ),
    FindingCode.HARD_TO_READ: Sentence(
        Bilingual(
            "Something like it is there, but can't be read for certain. A reviewer will look at it.",
            "似有该项内容，但无法准确识别，将由审核员查看确认。",
        ),
        Bilingual(
            "Take it again in better light, about 30 cm away and straight above the writing.",
            "请在光线充足处，距离约 30 厘米、正对文字重新拍摄。",
        ),
    ),
    FindingCode.IN_OTHER_KIND: Sentence(
        Bilingual(
            "It is legible, but stands in a document of another kind: {kind}. A reviewer will look at it.",
            "可以看清，但所在的凭证属于其他类型：{kind}，将由审核员查看确认。",
        ),
        FixOf.POINT,
    ),
    FindingCode.DATE_ONLY: Sentence(
        Bilingual(
            "A date is legible, but no time of day. A reviewer will look at it.",
            "可看清日期，但未见具体时间，将由审核员查看确认。",
        ),
        FixOf.POINT,
    ),
    FindingCode.NOT_SEEN: Sentence(
        Bilingual("It wasn't found. A reviewer will look for it.", "未能识别到该项内容，将由审核员查看确认。"),
        FixOf.POINT,
    ),
    FindingCode.WAYBILL_LEGIBLE: Sentence(
        Bilingual(
            "A waybill is in the picture, its number and recipient legible.",
            "画面中有面单，运单号和收件信息清晰可读。",
        )
    ),
    FindingCode.WAYBILL_SEEN: Sentence(
        Bilingual("A waybill is in the picture. A reviewer will look at it.", "画面中有面单，将由审核员查看确认。"),
        FixOf.POINT,
    ),
    FindingCode.STAMP_SEEN: Sentence(
        Bilingual("There seems to be a red stamp. A reviewer will look at it.", "画面中似有红章，将由审核员查看确认。")
    ),
    FindingCode.NO_STAMP_SEEN: Sentence(
        Bilingual("No red stamp was found. A reviewer will look for it.", "未识别到红章，将由审核员查看确认。"),
        FixOf.POINT,
    ),
    FindingCode.LOOKS_PRINTED: Sentence(
        Bilingual("It looks wholly printed. A reviewer will look at it.", "看起来全部为打印内容，将由审核员查看确认。"),
        FixOf.POINT,
    ),
    FindingCode.KIND_ACCEPTED: Sentence(
        Bilingual("It is a document of a kind that is accepted: {kind}.", "属于可接受的凭证类型：{kind}。")
    ),
    FindingCode.KIND_REFUSED: Sentence(
        Bilingual("It is a document of a kind that isn't accepted here: {kind}.", "该项不接受此类凭证：{kind}。"),
        FixOf.POINT,
    ),
    FindingCode.KIND_LIKELY: Sentence(
        Bilingual("It looks like this: {kind}. A reviewer will look at it.", "看起来是：{kind}，将由审核员查看确认。"),
        FixOf.POINT,
    ),
    FindingCode.REPORT_BODY_SEEN: Sentence(Bilingual("The report's results are there.", "已包含检测报告的正文结果。")),
    FindingCode.REPORT_COVER_ONLY: Sentence(
        Bilingual("It is the cover of a test report, without its results.", "仅有检测报告封面，没有正文结果。"),
        FixOf.POINT,
    ),
    FindingCode.NO_REPORT: Sentence(
        Bilingual(
            "It is no test report, so that no results are asked for. A reviewer will look at it.",
            "不是检测报告，无需提供正文结果页，将由审核员查看确认。",
        )
    ),
}

KINDS = {
    DocumentKind.WAYBILL: Bilingual("a carrier's waybill", "快递面单"),
    DocumentKind.DELIVERY_PROOF: Bilingual("a proof of delivery", "签收证明"),
    DocumentKind.FREIGHT_RECEIPT: Bilingual("a freight receipt", "运费收据"),
    DocumentKind.CHAT_TRANSFER: Bilingual("a record of a chat or wallet transfer", "聊天或钱包转账记录"),
    DocumentKind.TEST_REPORT: Bilingual("a test report", "检测报告"),
    DocumentKind.AUTHORISATION: Bilingual("an authorisation", "授权书"),
    DocumentKind.INVOICE: Bilingual("an invoice", "发票"),
    DocumentKind.SCALE: Bilingual("a picture of a scale", "称重照片"),
}


def finding_message(code: FindingCode, kind: DocumentKind | None = None) -> Bilingual:
    """The sentence under a code; the codes about kinds need one."""
    said = FINDINGS[code].message
    if kind is None:
        return said
    return Bilingual(said.en.format(kind=KINDS[kind].en), said.zh.format(kind=KINDS[kind].zh))


def finding_fix(code: FindingCode, of_point: Bilingual) -> Bilingual | None:
    """What to do about it; None where nothing need be done."""
    said = FINDINGS[code].fix
    if said is FixOf.NOTHING:
        return None
    return of_point if said is FixOf.POINT else said


def open_findings(requirement: Requirement) -> tuple[Finding, ...]:
    """Every point, as no machine has looked at it: the reviewer does (A12, A13)."""
    code = FindingCode.FOR_THE_REVIEWER
    return tuple(
        Finding(point, Verdict.OPEN, code.value, finding_message(code), confidence=0.0) for point in requirement.points
    )

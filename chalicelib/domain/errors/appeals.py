"""Refusals about appeals."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class AppealWindowClosed(Refusal):
    code = "appeal_window_closed"
    category = Category.CONFLICT
    says = Bilingual(
        "The appeal window ended at {ended:%Y-%m-%d %H:%M:%S} UTC.", "申诉期已于 {ended:%Y-%m-%d %H:%M:%S} UTC 结束。"
    )
    fix = Bilingual("The ruling stands.", "判责结果生效。")
    ended: datetime


@dataclass(eq=False)
class AppealUsed(Refusal):
    code = "appeal_used"
    category = Category.CONFLICT
    says = Bilingual(
        "The one appeal of this dispute has been used ({status}).", "本单的一次申诉机会已使用（{status}）。"
    )
    fix = Bilingual("The ruling stands as decided.", "以申诉结果为准。")
    appeal: str
    status: str


@dataclass(eq=False)
class UnknownGrounds(Refusal):
    code = "unknown_grounds"
    category = Category.INVALID
    says = Bilingual("The policy doesn't know these grounds: {grounds}.", "规则中没有该申诉类型：{grounds}。")
    fix = Bilingual("Use one of those in `known`.", "可用的申诉类型见 known。")
    grounds: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(eq=False)
class NothingToAppeal(Refusal):
    code = "nothing_to_appeal"
    category = Category.CONFLICT
    says = Bilingual("There is no ruling against you to appeal.", "没有可申诉的不利判责。")
    fix = Bilingual("Nothing need be done.", "无需操作。")


@dataclass(eq=False)
class AppealQuotaExceeded(Refusal):
    code = "appeal_quota_exceeded"
    category = Category.CONFLICT
    says = Bilingual(
        "{used} appeals failed in {period}; more than {limit} block until {reopens:%Y-%m-%d %H:%M:%S} UTC.",
        "{period} 内申诉失败 {used} 次，超过 {limit} 次，{reopens:%Y-%m-%d %H:%M:%S} UTC 后可再申诉。",
    )
    fix = Bilingual("You can appeal again from that instant, within the appeal window.", "届时仍在申诉期内的可再申诉。")
    period: str
    used: int
    limit: int
    reopens: datetime


@dataclass(eq=False)
class AppealWouldBeDismissed(Refusal):
    code = "appeal_would_be_dismissed"
    category = Category.CONFLICT
    says = Bilingual(
        "The ruling is on {basis}: an appeal would be dismissed at once. Does it count as a failure: {counts}.",
        "本单因（{basis}）判定，申诉将被直接驳回。是否计入失败次数：{counts}。",
    )
    fix = Bilingual(
        "File it with accept_dismissal: true only if you want that.", "如仍要申诉，请带上 accept_dismissal: true。"
    )
    basis: str
    counts: bool


@dataclass(eq=False)
class AppealAfterDefaultRefused(Refusal):
    code = "appeal_after_default_refused"
    category = Category.CONFLICT
    says = Bilingual("The ruling is on {basis}: it can't be appealed.", "本单因（{basis}）判定，不能申诉。")
    fix = Bilingual(
        "Ask the platform to set the default aside, with the cause.", "如有正当理由，请联系平台撤销逾期默认。"
    )
    basis: str

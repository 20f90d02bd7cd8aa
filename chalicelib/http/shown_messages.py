"""Messages as their party reads them: the sentences are made here, from codes and values, and stored nowhere.

Times are those of the policy's zone, which is said beside them; of a webhook's, of the default policy's.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, assert_never
from zoneinfo import ZoneInfo

from chalicelib.domain import topics as t
from chalicelib.domain.deadline import DeadlineKind, ExtensionReason
from chalicelib.domain.model import DEFAULT_BASES, AppealStatus, Outcome
from chalicelib.domain.parties import Side
from chalicelib.domain.webhooks import Why
from chalicelib.http.instants import local
from chalicelib.http.models import messages as out
from chalicelib.http.models.common import Bilingual as BilingualOut
from chalicelib.http.models.common import MoneyOut
from chalicelib.service.messages import Told, ToldOfWebhook
from policies.model import Bilingual

type _OfDeadline = t.ActionWanted | t.DeadlineNear | t.DeadlineMoved


def message_out(told: Told | ToldOfWebhook) -> out.MessageOut:
    notice, topic, zone = told.message.notice, told.topic, told.zone
    dispute, due = told.dispute if isinstance(told, Told) else None, getattr(topic, "due", None)
    bears = topic.respondent_bears if isinstance(topic, t.RulingMade) else None
    return out.MessageOut(
        id=told.message.id,
        code=t.code_of(topic),
        at=notice.at,
        at_local=local(notice.at, zone),
        zone=zone,
        party=notice.party,
        dispute=dispute.id if dispute else None,
        order_id=dispute.order.id if dispute else None,
        webhook=None if dispute else notice.subject,
        message=BilingualOut.of(sentence(told)),
        due_at=due,
        due_at_local=local(due, zone) if due else None,
        piece=getattr(topic, "piece", None),
        request=getattr(topic, "request", None),
        appeal=getattr(topic, "appeal", None),
        bears=MoneyOut.of(bears) if bears else None,
        current=told.current,
        read_at=told.message.read_at,
    )


def sentence(told: Told | ToldOfWebhook) -> Bilingual:
    """What is told, for people."""
    if isinstance(told, ToldOfWebhook):
        return _webhook_down(told.topic, told.zone)
    said, order = _said(told, told.topic), told.dispute.order.id
    return Bilingual(f"Order {order}: {said.en}", f"订单 {order}：{said.zh}")


def _said(told: Told, topic: t.OfDispute) -> Bilingual:  # noqa: C901, PLR0911, PLR0912  (one line a topic)
    match topic:
        case t.ActionWanted():
            return _until(told, topic, Bilingual("{until}: {todo}.", "请于{until}前{todo}。"))
        case t.DeadlineNear():
            return _until(
                told, topic, Bilingual("only {until} is left to {todo}.", "{todo}的时间将于{until}截止，请尽快处理。")
            )
        case t.DeadlineMoved(reason=reason):
            moved = Bilingual(
                "there is more time, {until}, to {todo}: {reason}.", "因{reason}，{todo}的时间延长至{until}。"
            )
            return _until(told, topic, moved, reason=_REASONS[reason])
        case t.EvidenceLacking():
            return _lacking(told, topic)
        case t.ClaimContested():
            return _contested(told, topic)
        case t.SettlementAnswer():
            return _SETTLED[topic.confirmed] if not topic.lapsed else _SETTLEMENT_LAPSED
        case t.InDefault():
            return _IN_DEFAULT
        case t.RulingMade():
            return _ruled(topic)
        case t.RulingFinal():
            return _FINAL
        case t.AppealLodged():
            return _APPEALED
        case t.AppealOutcome():
            return _OUTCOMES[topic.status]
        case t.QuotaState():
            return _quota(told, topic)
        case t.DefaultUndone():
            return _DEFAULT_UNDONE
        case t.AppealUndone():
            return _APPEAL_UNDONE
        case t.ClaimWithdrawn():
            return _WITHDRAWN
        case t.CaseClosed():
            return _CLOSED if topic.remedy else _CLOSED_WITHOUT
        case _:
            assert_never(topic)


# Deadlines

_REASONS: Final[Mapping[ExtensionReason, Bilingual]] = {
    ExtensionReason.PLATFORM_FAULT: Bilingual("the platform was at fault", "平台故障"),
    ExtensionReason.CARRIER_DELAY: Bilingual("the carrier is late", "物流延误"),
    ExtensionReason.FORCE_MAJEURE: Bilingual("force majeure", "不可抗力"),
    ExtensionReason.PARTY_REQUEST: Bilingual("it was asked for", "当事方申请"),
    ExtensionReason.QUOTA_BLOCK: Bilingual("the appeal quota stood in the way", "申诉额度限制"),
}


def _until(
    told: Told,
    topic: _OfDeadline,
    form: Bilingual,
    reason: Bilingual | None = None,
) -> Bilingual:
    when, todo = _when(topic.due, told.policy.zone), _todo(told, topic)
    why = reason or Bilingual("", "")
    return Bilingual(
        form.en.format(until=f"until {when.en}", todo=todo.en, reason=why.en),
        form.zh.format(until=when.zh, todo=todo.zh, reason=why.zh),
    )


def _todo(told: Told, topic: _OfDeadline) -> Bilingual:
    match topic.kind:
        case DeadlineKind.RESPONSE:
            wanted = _labels(told, told.policy.reasons[told.dispute.reason].respondent.ids)
            return Bilingual(
                f"answer the claim; to contest it, send {wanted.en}", f"处理售后申请（如有异议，请提交{wanted.zh}）"
            )
        case DeadlineKind.SUPPLEMENT:
            asked = told.dispute.request(topic.request) if topic.request else None
            wanted = _labels(told, asked.requirements if asked else ())
            return Bilingual(f"send what the platform asks for: {wanted.en}", f"补充举证（{wanted.zh}）")
        case DeadlineKind.SETTLEMENT_CONFIRMATION:
            return Bilingual("confirm or deny that the shop has settled it with you", "确认商家反馈的协商结果")
        case DeadlineKind.APPEAL_WINDOW:
            return Bilingual("appeal against the ruling, if you don't agree", "提出申诉（如对判责结果有异议）")
        case _:
            raise ValueError(f"a {topic.kind} is nobody's to be told of")


def _labels(told: Told, requirements: Iterable[str]) -> Bilingual:
    labels = [told.policy.requirements[each].label for each in requirements]
    return Bilingual(", ".join(each.en for each in labels), "、".join(each.zh for each in labels))


def _when(instant: datetime, zone: str) -> Bilingual:
    """To the second, cut off: never later than it is."""
    there = instant.astimezone(ZoneInfo(zone))
    return Bilingual(f"{there:%Y-%m-%d %H:%M:%S} ({zone})", f"{there:%Y年%m月%d日 %H:%M:%S}（{zone}）")


# Evidence and answers


def _lacking(told: Told, topic: t.EvidenceLacking) -> Bilingual:
    requirement = told.policy.requirements[topic.requirement]
    label = requirement.label
    if topic.defect:
        return Bilingual(
            f"the file for “{label.en}” can't be used ({topic.defect}). The piece says why; send another one.",
            f"“{label.zh}”的文件无法使用（{topic.defect}）。原因见该凭证，请重新提交。",
        )
    points = [requirement.points[each] for each in topic.points]
    en = " ".join(f"Not shown: {each.label.en}. {each.fix.en}" for each in points)
    zh = "".join(f"未体现：{each.label.zh}。{each.fix.zh}" for each in points)
    return Bilingual(f"“{label.en}” lacks something. {en}", f"“{label.zh}”不完整。{zh}")


def _contested(told: Told, topic: t.ClaimContested) -> Bilingual:
    if told.message.notice.party == told.dispute.party_of(Side.COMPLAINANT):
        return Bilingual(
            "the shop contests the claim; a reviewer looks at it.", "商家对售后申请有异议，平台将进行审核。"
        )
    if topic.automatic:
        return Bilingual(
            "what had arrived was sent off at the deadline for you.", "举证时效届满，系统已自动提交您上传的凭证。"
        )
    return Bilingual("the claim is contested.", "已提交异议。")


_SETTLED: Final = {
    True: Bilingual("the complainant confirms that it is settled.", "买家已确认协商结果。"),
    False: Bilingual(
        "the complainant denies that it is settled; the case goes on.", "买家未认可协商结果，售后单继续处理。"
    ),
}
_SETTLEMENT_LAPSED: Final = Bilingual(
    "the complainant didn't say whether it is settled; a reviewer looks at it.",
    "买家逾期未确认协商结果，平台将进行审核。",
)
_IN_DEFAULT: Final = Bilingual(
    "no valid answer came in time; a reviewer chooses the remedy.", "商家逾期未有效处理，平台将介入判定处理方案。"
)


# Rulings and appeals

_FOUND: Final[Mapping[Outcome, Bilingual]] = {
    Outcome.FOR_COMPLAINANT: Bilingual("the ruling is for the complainant", "判定支持买家诉求"),
    Outcome.FOR_RESPONDENT: Bilingual("the ruling is for the shop", "判定商家无责"),
    Outcome.SPLIT: Bilingual("the ruling splits the liability", "判定双方分担责任"),
    Outcome.NOBODY_AT_FAULT: Bilingual("nobody is at fault", "判定各方均无责"),
}
_BY_DEFAULT: Final = Bilingual(", for no valid answer came in time", "（商家逾期未有效举证）")


def _ruled(topic: t.RulingMade) -> Bilingual:
    found, why = _FOUND[topic.outcome], _BY_DEFAULT if topic.basis in DEFAULT_BASES else Bilingual("", "")
    return Bilingual(f"{found.en}{why.en}.", f"{found.zh}{why.zh}。")


_FINAL: Final = Bilingual("the ruling is final.", "判责结果已生效，不可再申诉。")
_APPEALED: Final = Bilingual("the shop has appealed against the ruling.", "商家已对判责结果提出申诉。")
_OUTCOMES: Final[Mapping[AppealStatus, Bilingual]] = {
    AppealStatus.GRANTED: Bilingual("the appeal is granted.", "申诉成立。"),
    AppealStatus.PARTLY_GRANTED: Bilingual("the appeal is granted in part.", "申诉部分成立。"),
    AppealStatus.DENIED: Bilingual("the appeal is denied.", "申诉不成立。"),
    AppealStatus.DISMISSED: Bilingual("the appeal is dismissed.", "申诉被驳回，未进入实体审核。"),
    AppealStatus.WITHDRAWN: Bilingual("the appeal was withdrawn.", "申诉已撤回。"),
}
_DEFAULT_UNDONE: Final = Bilingual(
    "the default was set aside; the shop may answer again.", "逾期判定已撤销，商家可重新处理。"
)
_APPEAL_UNDONE: Final = Bilingual("the failed appeal was set aside.", "原失败的申诉已撤销。")
_WITHDRAWN: Final = Bilingual("the claim was withdrawn.", "售后申请已撤销。")
_CLOSED: Final = Bilingual("the remedy was carried out, and the case is closed.", "处理方案已执行，售后单已关闭。")
_CLOSED_WITHOUT: Final = Bilingual("the case is closed.", "售后单已关闭。")


def _quota(told: Told, topic: t.QuotaState) -> Bilingual:
    """B5: as it stood when it was written, and what that means."""
    year = topic.month[:4]
    means = _quota_means(told, topic)
    return Bilingual(
        f"{topic.failed_in_month} of your appeals failed in {topic.month}, {topic.failed_in_year} in {year}; more than "
        f"{topic.per_month} in a month or {topic.per_year} in a year block. {means.en}",
        f"您在{topic.month}申诉失败{topic.failed_in_month}次，{year}年累计{topic.failed_in_year}次；"
        f"单月超过{topic.per_month}次或全年超过{topic.per_year}次将无法申诉。{means.zh}",
    )


def _quota_means(told: Told, topic: t.QuotaState) -> Bilingual:
    if topic.reopens:
        when = _when(topic.reopens, told.policy.zone)
        return Bilingual(f"You can appeal again from {when.en}.", f"您可自{when.zh}起再次申诉。")
    if topic.failed_in_month >= topic.per_month or topic.failed_in_year >= topic.per_year:
        return Bilingual("One more failure blocks.", "再失败一次将无法申诉。")
    return Bilingual("You may still appeal.", "您仍可申诉。")


# Webhooks

_DOWN: Final[Mapping[Why, Bilingual]] = {
    Why.FAILING: Bilingual("nothing could be delivered since {since}", "自{since}起投递一直失败"),
    Why.GONE: Bilingual("the receiver answered that it is gone (410)", "接收端返回 410（已不存在）"),
}


def _webhook_down(topic: t.WebhookDown, zone: str) -> Bilingual:
    """Where, why, since when, and what to do."""
    since, at, why = _when(topic.failing_since, zone), _when(topic.disabled_at, zone), _DOWN[topic.why]
    return Bilingual(
        f"Webhook {topic.host}: it was disabled at {at.en}, for {why.en.format(since=since.en)}. Mend the receiver, "
        "enable the webhook again, and read in the timelines, or replay, what you missed.",
        f"Webhook {topic.host}：{why.zh.format(since=since.zh)}，已于{at.zh}停用。"
        "请修复接收端后重新启用，并在时间线中查阅或重新投递遗漏的事件。",
    )

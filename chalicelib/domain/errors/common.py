"""Refusals of any command."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class NotFound(Refusal):
    """Absent, or not the caller's: the two can't be told apart (promise E)."""

    code = "not_found"
    category = Category.NOT_FOUND
    says = Bilingual("There is nothing here that you may see.", "此处没有您可以查看的内容。")
    fix = Bilingual("Check the address and the account that you use.", "请核对地址和所用账号。")


@dataclass(eq=False)
class NotPermitted(Refusal):
    code = "not_permitted"
    category = Category.FORBIDDEN
    says = Bilingual("Your role may not {action} here.", "您的角色不能在此执行该操作（{action}）。")
    fix = Bilingual("Let somebody do it who may.", "请由有权限的人员操作。")
    action: str


@dataclass(eq=False)
class WrongState(Refusal):
    code = "wrong_state"
    category = Category.CONFLICT
    says = Bilingual(
        "A dispute that is {status} doesn't allow to {action}.", "售后单当前状态（{status}）不允许该操作（{action}）。"
    )
    fix = Bilingual("Read the dispute again and see its allowed_actions.", "请重新查看售后单及其 allowed_actions。")
    action: str
    status: str


@dataclass(eq=False)
class DeadlinePassed(Refusal):
    code = "deadline_passed"
    category = Category.CONFLICT
    says = Bilingual(
        "The deadline ({kind}) was {due:%Y-%m-%d %H:%M:%S} UTC.",
        "时效（{kind}）已于 {due:%Y-%m-%d %H:%M:%S} UTC 届满。",
    )
    fix = Bilingual(
        "See in the dispute what has fallen, and whether you may appeal.", "请查看售后单的处理结果，以及是否可以申诉。"
    )
    kind: str
    due: datetime
    now: datetime


@dataclass(eq=False)
class UnknownReason(Refusal):
    code = "unknown_reason"
    category = Category.INVALID
    says = Bilingual("The policy knows no reason {reason}.", "规则中没有该售后原因：{reason}。")
    fix = Bilingual("Use one of those in `known`.", "可用的售后原因见 known。")
    reason: str
    known: tuple[str, ...]


@dataclass(eq=False)
class WrongParty(Refusal):
    code = "wrong_party"
    category = Category.INVALID
    says = Bilingual("{party} is no {kind}.", "{party} 不是规则要求的当事方类型（{kind}）。")
    fix = Bilingual("Name a party of the kind that the policy is for.", "请填写规则所适用类型的当事方。")
    party: str
    kind: str


@dataclass(eq=False)
class WrongCurrency(Refusal):
    code = "wrong_currency"
    category = Category.INVALID
    says = Bilingual("Amounts here are in {expected}, not in {currency}.", "金额币种应为 {expected}，而非 {currency}。")
    fix = Bilingual("Give the amount in the expected currency, in minor units.", "请以规定币种的最小货币单位填写金额。")
    currency: str
    expected: str


@dataclass(eq=False)
class ExternalIdTaken(Refusal):
    code = "external_id_taken"
    category = Category.CONFLICT
    says = Bilingual(
        "external_id {external_id} was opened before, as {dispute}.",
        "该 external_id（{external_id}）已存在：{dispute}。",
    )
    fix = Bilingual("Read that dispute.", "请查看该售后单。")
    external_id: str
    dispute: str


@dataclass(eq=False)
class VersionConflict(Refusal):
    code = "version_conflict"
    category = Category.STALE
    says = Bilingual("It has changed since you read it.", "内容在您查看之后已有变化。")
    fix = Bilingual("Read it again and decide on what it is now.", "请重新查看后再操作。")
    expected: int | None
    current: int | None


@dataclass(eq=False)
class IdempotencyKeyReused(Refusal):
    code = "idempotency_key_reused"
    category = Category.REUSED
    says = Bilingual("This Idempotency-Key was used with another request.", "该 Idempotency-Key 已用于另一个请求。")
    fix = Bilingual("Use a new key for a new request.", "新的请求请使用新的键。")


@dataclass(eq=False)
class TooBusy(Refusal):
    """A race lost five times over, or a request of the same key still under way."""

    code = "try_again"
    category = Category.BUSY
    says = Bilingual("Others are changing this at the same moment.", "其他操作正在同时修改此单。")
    fix = Bilingual("Send the same request again, with the same Idempotency-Key.", "请用同一个 Idempotency-Key 重试。")

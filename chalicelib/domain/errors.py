"""Every refusal: one tree, each with a stable public code, a sentence, the fix, and the facts that explain it."""

from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import ClassVar

from chalicelib.domain.words import said
from policies.model import Bilingual


class Category(StrEnum):
    """What kind of refusal it is; `http/` gives each a status."""

    NOT_FOUND = "not_found"
    FORBIDDEN = "forbidden"
    CONFLICT = "conflict"
    INVALID = "invalid"
    STALE = "stale"
    REUSED = "reused"
    BUSY = "busy"


@dataclass(eq=False)
class Refusal(Exception):
    """A command that the rules refuse. The fields of a refusal are its facts; its sentences may quote them."""

    code: ClassVar[str]
    category: ClassVar[Category]
    says: ClassVar[Bilingual]
    fix: ClassVar[Bilingual]

    def __str__(self) -> str:
        return f"{self.code}: {self.messages.en}"

    @property
    def facts(self) -> dict[str, object]:
        return {each.name: getattr(self, each.name) for each in fields(self)}

    @property
    def messages(self) -> Bilingual:
        return self.filled(self.says)

    def filled(self, sentence: Bilingual) -> Bilingual:
        """A sentence with the facts that it quotes, in the words of its language."""
        plain = {name: fact for name, fact in self.facts.items() if isinstance(fact, datetime)}
        words = {name: said(fact) for name, fact in self.facts.items() if name not in plain}
        return Bilingual(
            sentence.en.format(**plain, **{name: each.en for name, each in words.items()}),
            sentence.zh.format(**plain, **{name: each.zh for name, each in words.items()}),
        )


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
class EvidenceIncomplete(Refusal):
    code = "evidence_incomplete"
    category = Category.CONFLICT
    says = Bilingual(
        "Needed evidence is missing or can't be used: {blocking}.", "必需的凭证缺失或无法使用：{blocking}。"
    )
    fix = Bilingual(
        "Submit what is missing before the deadline; …/readiness says what and how.",
        "请在时效内补齐凭证；…/readiness 会说明缺什么、怎么补。",
    )
    blocking: tuple[str, ...]


@dataclass(eq=False)
class EvidenceDoubtful(Refusal):
    code = "evidence_doubtful"
    category = Category.CONFLICT
    says = Bilingual(
        "The evidence for {doubtful} doesn't show all that is asked.", "凭证（{doubtful}）未体现全部要点。"
    )
    fix = Bilingual(
        "Submit a better piece, or send it as it stands with submit_anyway: true; a reviewer decides.",
        "请补充更好的凭证，或以 submit_anyway: true 原样提交，由平台客服判断。",
    )
    doubtful: tuple[str, ...]


@dataclass(eq=False)
class MeaninglessStatement(Refusal):
    code = "meaningless_statement"
    category = Category.INVALID
    says = Bilingual("The statement says nothing that could be judged ({defect}).", "说明内容无实际意义（{defect}）。")
    fix = Bilingual("Say what happened, in a sentence, before the deadline.", "请在时效内用一句话说明实际情况。")
    defect: str


@dataclass(eq=False)
class UnknownReason(Refusal):
    code = "unknown_reason"
    category = Category.INVALID
    says = Bilingual("The policy knows no reason {reason}.", "规则中没有该售后原因：{reason}。")
    fix = Bilingual("Use one of those in `known`.", "可用的售后原因见 known。")
    reason: str
    known: tuple[str, ...]


@dataclass(eq=False)
class WrongCurrency(Refusal):
    code = "wrong_currency"
    category = Category.INVALID
    says = Bilingual("Amounts here are in {expected}, not in {currency}.", "金额币种应为 {expected}，而非 {currency}。")
    fix = Bilingual("Give the amount in the expected currency, in minor units.", "请以规定币种的最小货币单位填写金额。")
    currency: str
    expected: str


@dataclass(eq=False)
class UnknownRequirement(Refusal):
    code = "unknown_requirement"
    category = Category.INVALID
    says = Bilingual("{requirement} isn't wanted of you here.", "此处不需要您提交该项凭证：{requirement}。")
    fix = Bilingual("Use one of the requirements in `wanted`.", "请使用 wanted 中列出的举证要求。")
    requirement: str
    wanted: tuple[str, ...]


@dataclass(eq=False)
class UnknownPieces(Refusal):
    code = "unknown_pieces"
    category = Category.INVALID
    says = Bilingual("These pieces can't be named here: {pieces}.", "不能引用这些凭证：{pieces}。")
    fix = Bilingual("Name pieces of your own, registered for this occasion.", "请引用您本次登记的凭证。")
    pieces: tuple[str, ...]


@dataclass(eq=False)
class WrongMedium(Refusal):
    code = "wrong_medium"
    category = Category.INVALID
    says = Bilingual(
        "{requirement} is not accepted as {medium}.", "该举证要求（{requirement}）不接受此形式（{medium}）。"
    )
    fix = Bilingual("Submit it in one of the forms in `accepted`.", "请以 accepted 中的形式提交。")
    requirement: str
    medium: str
    accepted: tuple[str, ...]


@dataclass(eq=False)
class TooManyPieces(Refusal):
    code = "too_many_pieces"
    category = Category.CONFLICT
    says = Bilingual("At most {limit} pieces a submission.", "每次提交最多 {limit} 份凭证。")
    fix = Bilingual("Withdraw a piece that isn't needed.", "请先撤回不需要的凭证。")
    limit: int


@dataclass(eq=False)
class PieceIsSealed(Refusal):
    code = "piece_sealed"
    category = Category.CONFLICT
    says = Bilingual("The piece was sent off and can't be changed.", "凭证已提交，不能更改。")
    fix = Bilingual("Submit another piece, if there is time.", "如仍在时效内，请另行提交。")
    piece: str


@dataclass(eq=False)
class UploadClosed(Refusal):
    code = "upload_closed"
    category = Category.CONFLICT
    says = Bilingual(
        "Nothing more can be uploaded for this piece ({piece_status}).", "该凭证已不能再上传文件（{piece_status}）。"
    )
    fix = Bilingual("Register another piece, if there is time.", "如仍在时效内，请另行登记凭证。")
    piece: str
    piece_status: str


@dataclass(eq=False)
class NothingToClaim(Refusal):
    code = "nothing_to_claim"
    category = Category.NOT_FOUND
    says = Bilingual("Nothing in this queue waits for you.", "该队列中没有可由您领取的单据。")
    fix = Bilingual("Look again later.", "请稍后再查看。")


@dataclass(eq=False)
class PiecesNotArrived(Refusal):
    code = "pieces_not_arrived"
    category = Category.CONFLICT
    says = Bilingual("These uploads haven't arrived in time: {pieces}.", "以下凭证未按时上传成功：{pieces}。")
    fix = Bilingual(
        "Upload them with a fresh upload form, or leave them out.", "请重新获取上传表单并上传，或不引用它们。"
    )
    pieces: tuple[str, ...]


@dataclass(eq=False)
class RequestLimitReached(Refusal):
    code = "evidence_request_limit"
    category = Category.CONFLICT
    says = Bilingual("A side can be asked for more at most {limit} times.", "每方最多可被要求补充举证 {limit} 次。")
    fix = Bilingual("Rule on what there is.", "请依据现有凭证判定。")
    side: str
    limit: int


@dataclass(eq=False)
class ReviewTaken(Refusal):
    code = "review_taken"
    category = Category.CONFLICT
    says = Bilingual(
        "Somebody else holds this review until {expires:%Y-%m-%d %H:%M:%S} UTC.",
        "该单已被他人领取，至 {expires:%Y-%m-%d %H:%M:%S} UTC。",
    )
    fix = Bilingual("Claim another one.", "请领取其他单据。")
    expires: datetime


@dataclass(eq=False)
class NotYourReview(Refusal):
    code = "not_your_review"
    category = Category.CONFLICT
    says = Bilingual("You don't hold this review; a claim may have expired.", "您未领取该单，或领取已过期。")
    fix = Bilingual("Claim it first.", "请先领取。")


@dataclass(eq=False)
class ConflictOfInterest(Refusal):
    code = "conflict_of_interest"
    category = Category.FORBIDDEN
    says = Bilingual("You may not decide this: {why}.", "您不能处理此单：{why}。")
    fix = Bilingual("Let another reviewer do it.", "请由其他客服处理。")
    why: str


@dataclass(eq=False)
class InvalidRuling(Refusal):
    code = "invalid_ruling"
    category = Category.INVALID
    says = Bilingual("The ruling isn't consistent: {problem}.", "判责内容不一致：{problem}。")
    fix = Bilingual("Correct it and send it again.", "请更正后重新提交。")
    problem: str


@dataclass(eq=False)
class ChecklistUnanswered(Refusal):
    code = "checklist_unanswered"
    category = Category.INVALID
    says = Bilingual("These open points need an answer: {points}.", "以下待判要点尚未回答：{points}。")
    fix = Bilingual("Answer each with met: true or false.", "请逐项回答 met: true 或 false。")
    points: tuple[str, ...]


@dataclass(eq=False)
class ExtensionRefused(Refusal):
    code = "extension_refused"
    category = Category.CONFLICT
    says = Bilingual("The deadline can't be extended so: {problem}.", "时效不能这样延长：{problem}。")
    fix = Bilingual("Stay within `at_most` and `max_times`.", "请不要超过 at_most 和 max_times。")
    problem: str
    at_most: datetime
    max_times: int


@dataclass(eq=False)
class NoSuchDeadline(Refusal):
    code = "no_such_deadline"
    category = Category.CONFLICT
    says = Bilingual("No such deadline is running: {deadline}.", "没有正在进行的该时效：{deadline}。")
    fix = Bilingual("See the dispute's deadlines.", "请查看售后单的时效。")
    deadline: str


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


@dataclass(eq=False)
class SecondPersonNeeded(Refusal):
    code = "second_person_needed"
    category = Category.CONFLICT
    says = Bilingual("Another person than the one who asked must agree.", "须由申请人以外的另一人同意。")
    fix = Bilingual("Let a colleague agree.", "请由同事确认。")


@dataclass(eq=False)
class NothingToSetAside(Refusal):
    code = "nothing_to_set_aside"
    category = Category.CONFLICT
    says = Bilingual("There is nothing of the kind to set aside: {target}.", "没有可撤销的内容：{target}。")
    fix = Bilingual("See the dispute's ruling and appeals.", "请查看判责与申诉记录。")
    target: str


@dataclass(eq=False)
class ClosureMismatch(Refusal):
    code = "closure_mismatch"
    category = Category.INVALID
    says = Bilingual("What was carried out isn't what was awarded: {problem}.", "执行内容与判定不一致：{problem}。")
    fix = Bilingual("Carry out the awarded remedy and report it.", "请按判定执行后再回报。")
    problem: str


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
    says = Bilingual("The dispute has changed since you read it.", "售后单在您查看之后已有变化。")
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

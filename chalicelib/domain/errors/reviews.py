"""Refusals about what staff decide."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class NothingToClaim(Refusal):
    code = "nothing_to_claim"
    category = Category.NOT_FOUND
    says = Bilingual("Nothing in this queue waits for you.", "该队列中没有可由您领取的单据。")
    fix = Bilingual("Look again later.", "请稍后再查看。")


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

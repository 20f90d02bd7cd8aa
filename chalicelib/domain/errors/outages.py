"""Refusals about outages."""

from dataclasses import dataclass

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class InvalidOutage(Refusal):
    code = "invalid_outage"
    category = Category.INVALID
    says = Bilingual("The outage can't be declared so: {problem}.", "故障时段不能这样申报：{problem}。")
    fix = Bilingual(
        "Give a window of 31 days at most, that began within the last 60 days and ends within the next 7.",
        "时段最长 31 天，开始时间应在最近 60 天内，结束时间应在未来 7 天内。",
    )
    problem: str


@dataclass(eq=False)
class OutageAnswered(Refusal):
    code = "outage_answered"
    category = Category.CONFLICT
    says = Bilingual("This outage has been answered already: {answer}.", "该故障申报已有答复：{answer}。")
    fix = Bilingual("Read the outage; declare another one if more is needed.", "请查看该申报；如需补充请另行申报。")
    answer: str

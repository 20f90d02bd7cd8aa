"""Refusals about what is kept and what is erased."""

from dataclasses import dataclass

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class ContentErased(Refusal):
    code = "erased"
    category = Category.GONE
    says = Bilingual("This was erased: {piece}.", "该内容已被清除：{piece}。")
    fix = Bilingual(
        "It can't be brought back; the timeline says when and why it was erased.", "无法恢复；清除时间和原因见时间线。"
    )
    piece: str


@dataclass(eq=False)
class OnHold(Refusal):
    code = "on_hold"
    category = Category.CONFLICT
    says = Bilingual(
        "The dispute is on hold and keeps everything: {cause}.", "该售后单处于保全状态，不得清除：{cause}。"
    )
    fix = Bilingual("Let another person than who placed the hold lift it.", "请由设置保全者以外的另一人解除保全。")
    cause: str

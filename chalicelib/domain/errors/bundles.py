"""Refusals about case bundles."""

from dataclasses import dataclass

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class TooManyBundles(Refusal):
    code = "too_many_bundles"
    category = Category.CONFLICT
    says = Bilingual(
        "Your side has {limit} bundles of this dispute already that haven't expired.",
        "您这一方在该售后单已有 {limit} 个尚未过期的案卷包。",
    )
    fix = Bilingual("Use the latest one, or ask again tomorrow.", "请使用最近的案卷包，或明天再申请。")
    limit: int

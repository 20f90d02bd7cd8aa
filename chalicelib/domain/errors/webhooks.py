"""Refusals that have to do with webhooks."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.domain.errors.base import Category, Refusal
from policies.model import Bilingual


@dataclass(eq=False)
class WebhookAddressRefused(Refusal):
    code = "webhook_address_refused"
    category = Category.INVALID
    says = Bilingual(
        "A webhook goes to https:// on port 443 of a host name, without user or fragment.",
        "Webhook 地址应为 https:// 开头的域名地址，端口为 443，不得含用户信息或片段。",
    )
    fix = Bilingual(
        "Give an address such as https://hooks.example.com/recourse; an IP address is none.",
        "请填写形如 https://hooks.example.com/recourse 的地址，不接受 IP 地址。",
    )


@dataclass(eq=False)
class UnknownEventTypes(Refusal):
    code = "unknown_event_types"
    category = Category.INVALID
    says = Bilingual("You can't be told of {unknown}.", "无法订阅以下事件：{unknown}。")
    fix = Bilingual("Use those in `known`.", "可订阅的事件见 known。")
    unknown: tuple[str, ...]
    known: tuple[str, ...]


@dataclass(eq=False)
class TooManyWebhooks(Refusal):
    code = "too_many_webhooks"
    category = Category.CONFLICT
    says = Bilingual("There can be {limit} webhooks.", "Webhook 数量上限为 {limit} 个。")
    fix = Bilingual("Delete one that you don't need.", "请删除不再使用的 Webhook。")
    limit: int


@dataclass(eq=False)
class WebhookDisabled(Refusal):
    code = "webhook_disabled"
    category = Category.CONFLICT
    says = Bilingual("The webhook is disabled ({why}), and nothing is sent.", "该 Webhook 已停用（{why}），不会发送。")
    fix = Bilingual("Mend the receiver and enable the webhook again.", "请修复接收端并重新启用该 Webhook。")
    why: str


@dataclass(eq=False)
class WebhookJustTested(Refusal):
    code = "webhook_just_tested"
    category = Category.CONFLICT
    says = Bilingual("The webhook was tried out less than a minute ago.", "该 Webhook 在一分钟内刚测试过。")
    fix = Bilingual("Look at its attempts, or wait until {again_at}.", "请查看发送记录，或在 {again_at} 之后再试。")
    again_at: datetime

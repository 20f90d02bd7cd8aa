"""Screenshots of payments by chat: what A8 doesn't accept as a freight receipt."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

from bench.documents.invented import CARRIERS, a_moment, a_name, a_serial, an_amount, chance, yuan
from bench.documents.model import Drawing, Fact
from bench.documents.paper import Colour, Type, rule, sheet, write

type _Row = tuple[str, str]

_SIZES = ((1080, 2340), (1080, 2340), (1080, 2400), (1170, 2532), (1284, 2778), (828, 1792), (1080, 1920), (1440, 3200))
_GREEN: Colour = (7, 193, 96)
_BLUE: Colour = (22, 119, 255)
_ORANGE: Colour = (250, 157, 59)


@dataclass(frozen=True, slots=True)
class _Look:
    ground: Colour
    card: Colour
    text: Colour
    faint: Colour


_LIGHT = _Look((237, 237, 237), (255, 255, 255), (10, 10, 10), (120, 120, 120))
_DARK = _Look((17, 17, 17), (38, 38, 40), (228, 228, 228), (136, 136, 140))


@dataclass(frozen=True, slots=True)
class _Paid:
    fen: int
    moment: datetime
    to: str
    look: _Look

    @property
    def when(self) -> str:
        return f"{self.moment:%Y-%m-%d %H:%M:%S}"

    @property
    def in_words(self) -> str:
        day = self.moment
        return f"{day.year}年{day.month}月{day.day}日 {day:%H:%M:%S}"


def draw_chat(rng: Random) -> Drawing:
    to = rng.choice((a_name(rng), f"{rng.choice(CARRIERS).name}小{rng.choice('王李张刘')}"))
    paid = _Paid(an_amount(rng), a_moment(rng), to, _DARK if chance(rng, 0.3) else _LIGHT)
    layout, written = rng.choice(
        (
            (_done, "words"), (_done, "words"), (_bill, "words"), (_bubbles, ""), (_alipay, "digits"), (_qq, "digits"),
        )
    )  # fmt: skip
    on = layout(paid, rng)
    day = paid.moment
    dates = {"words": f"{day.year}年{day.month}月{day.day}日", "digits": f"{day:%Y-%m-%d}"}
    fields = {"amount": yuan(paid.fen)}
    if written:
        fields |= {"date": dates[written], "time": f"{day:%H:%M:%S}"}
    return Drawing(on, fields, frozenset({Fact.SCREENSHOT, Fact.PRINTED}))


def screenshot(drawing: Drawing, rng: Random) -> bytes:
    """A PNG of a phone's size."""
    out = BytesIO()
    size = rng.choice(_SIZES)
    picture = drawing.picture
    wide = picture.resize((size[0], picture.height * size[0] // picture.width), Image.Resampling.LANCZOS)
    # A longer screen shows more of the ground below.
    whole = Image.new("RGB", size, picture.getpixel((4, picture.height - 4)))
    whole.paste(wide, (0, 0))
    whole.save(out, "PNG")
    return out.getvalue()


def _screen(paid: _Paid, rng: Random, ground: Colour | None = None) -> Image.Image:
    """With the line that says the time, the network and the battery."""
    on = sheet(1080, 1920, ground or paid.look.ground)
    now = paid.moment + timedelta(minutes=rng.randint(1, 300))
    style = Type(44, bold=True, colour=paid.look.text)
    write(on, (60, 40), f"{now:%H:%M}", style)
    write(
        on,
        (1000, 42),
        f"{rng.choice(('5G', '4G', 'WiFi'))} {rng.randint(12, 99)}%",
        Type(38, colour=paid.look.text),
        "ra",
    )
    return on


def _pairs(on: Image.Image, top: int, rows: Sequence[_Row], look: _Look) -> int:
    """Labels at the left, values at the right."""
    label, value = Type(43, colour=look.faint), Type(43, colour=look.text)
    for name, text in rows:
        write(on, (80, top), name, label)
        write(on, (1000, top), text, value.fitted(text, 700), "ra")
        top += 100
    return top


def _tick(on: Image.Image, middle: tuple[int, int], radius: int, colour: Colour) -> None:
    across, down = middle
    draw = ImageDraw.Draw(on)
    draw.ellipse((across - radius, down - radius, across + radius, down + radius), fill=colour)
    points = [
        (across - radius * 0.45, down),
        (across - radius * 0.1, down + radius * 0.35),
        (across + radius * 0.5, down - radius * 0.35),
    ]
    draw.line(points, fill=(255, 255, 255), width=max(4, radius // 8), joint="curve")


def _done(paid: _Paid, rng: Random) -> Image.Image:
    """WeChat, after the transfer."""
    on = _screen(paid, rng)
    _tick(on, (540, 440), 80, _GREEN)
    said = rng.choice(("转账成功", "支付成功", f"{paid.to}已收款", "你已收款", "待对方确认收款"))
    write(on, (540, 600), said, Type(50, colour=paid.look.text), "mt")
    write(on, (540, 730), f"¥{yuan(paid.fen)}", Type(128, bold=True, colour=paid.look.text), "mt")
    rows = [
        ("转账时间", paid.in_words),
        ("收款时间", f"{paid.moment + timedelta(minutes=2):%Y-%m-%d %H:%M}"),
        ("支付方式", "零钱"),
    ]
    if chance(rng, 0.5):
        rows.insert(0, ("转账说明", rng.choice(("运费", "快递费", "微信转账", "退货运费"))))
    _pairs(on, 980, rows[: rng.randint(2, 4)], paid.look)
    write(on, (540, 1800), "微信支付", Type(40, colour=paid.look.faint), "mt")
    return on


def _bill(paid: _Paid, rng: Random) -> Image.Image:
    """WeChat, the details of a bill."""
    on = _screen(paid, rng, paid.look.card)
    write(on, (540, 150), rng.choice(("账单详情", "账单")), Type(50, colour=paid.look.text), "mt")
    ImageDraw.Draw(on).rounded_rectangle((480, 290, 600, 410), 20, fill=rng.choice((_GREEN, _ORANGE, _BLUE)))
    title = rng.choice((f"转账-转给{paid.to}", f"扫二维码付款-给{paid.to}", f"微信红包-发给{paid.to}"))
    write(on, (540, 450), title, Type(46, colour=paid.look.text), "mt")
    write(on, (540, 560), f"-{yuan(paid.fen)}", Type(110, bold=True, colour=paid.look.text), "mt")
    rule(on, (80, 740), (1000, 740), 2, paid.look.ground)
    rows = [
        ("当前状态", rng.choice(("对方已收钱", "支付成功", "已转账"))),
        ("转账时间", paid.in_words),
        ("支付方式", rng.choice(("零钱", "零钱通", "招商银行(1234)"))),
        ("转账单号", f"1000050001{a_serial(rng, 18)}"),
    ]
    top = _pairs(on, 790, rows, paid.look)
    write(on, (80, top + 80), "账单服务", Type(40, colour=paid.look.faint))
    write(on, (80, top + 180), "对订单有疑惑", Type(44, colour=paid.look.text))
    write(on, (80, top + 280), "申请转账电子凭证", Type(44, colour=paid.look.text))
    return on


def _bubbles(paid: _Paid, rng: Random) -> Image.Image:
    """The chat itself, with the transfer in an orange bubble."""
    on = _screen(paid, rng)
    write(on, (540, 130), paid.to, Type(50, bold=True, colour=paid.look.text), "mt")
    write(
        on,
        (540, 270),
        f"{paid.moment.month}月{paid.moment.day}日 {paid.moment:%H:%M}",
        Type(36, colour=paid.look.faint),
        "mt",
    )
    top = _said(on, 360, rng.choice(("运费多少", "快递费一共多少钱？", "你好，运费怎么付")), paid.look, mine=True)
    top = _said(on, top, rng.choice((f"{yuan(paid.fen)}元", "微信转我就行", "好的，转账给我")), paid.look, mine=False)
    top = _transfer(on, top, paid, ("转账", rng.choice(("你发起了一笔转账", "请收款", "转账给" + paid.to))), mine=True)
    top = _transfer(on, top, paid, ("微信转账", "已收款"), mine=False)
    _said(on, top, rng.choice(("收到", "好的谢谢", "收到了")), paid.look, mine=False)
    return on


def _said(on: Image.Image, top: int, text: str, look: _Look, *, mine: bool) -> int:
    style = Type(46, colour=(10, 10, 10) if mine else look.text)
    width = style.width(text) + 70
    left = 930 - width if mine else 150
    draw = ImageDraw.Draw(on)
    draw.rounded_rectangle((left, top, left + width, top + 108), 16, fill=(149, 236, 105) if mine else look.card)
    _avatar(on, top, mine=mine)
    write(on, (left + 35, top + 54), text, style, "lm")
    return top + 170


def _avatar(on: Image.Image, top: int, *, mine: bool) -> None:
    left = 960 if mine else 30
    ImageDraw.Draw(on).rounded_rectangle(
        (left, top, left + 90, top + 90), 12, fill=(92, 132, 168) if mine else (170, 120, 96)
    )


def _transfer(on: Image.Image, top: int, paid: _Paid, said: tuple[str, str], *, mine: bool) -> int:
    left = 330 if mine else 150
    foot, below = said
    white = (255, 255, 255)
    ImageDraw.Draw(on).rounded_rectangle((left, top, left + 600, top + 250), 18, fill=_ORANGE)
    _avatar(on, top, mine=mine)
    ImageDraw.Draw(on).ellipse((left + 40, top + 45, left + 130, top + 135), outline=white, width=7)
    write(on, (left + 170, top + 40), f"¥{yuan(paid.fen)}", Type(52, colour=white))
    write(on, (left + 170, top + 112), below, Type(38, colour=white))
    rule(on, (left + 30, top + 184), (left + 570, top + 184), 2, (252, 190, 130))
    write(on, (left + 30, top + 196), foot, Type(34, colour=white))
    return top + 310


def _alipay(paid: _Paid, rng: Random) -> Image.Image:
    on = _screen(paid, rng)
    write(on, (540, 150), "账单详情", Type(50, colour=paid.look.text), "mt")
    ImageDraw.Draw(on).rounded_rectangle((40, 270, 1040, 1560), 30, fill=paid.look.card)
    ImageDraw.Draw(on).ellipse((480, 310, 600, 430), fill=_BLUE)
    write(on, (540, 460), paid.to, Type(48, colour=paid.look.text), "mt")
    write(on, (540, 550), f"-{yuan(paid.fen)}", Type(112, bold=True, colour=paid.look.text), "mt")
    write(on, (540, 720), "交易成功", Type(44, colour=paid.look.faint), "mt")
    rows = [
        ("付款方式", rng.choice(("余额宝", "账户余额", "花呗", "建设银行储蓄卡(0417)"))),
        ("转账备注", rng.choice(("运费", "转账", "快递费"))),
        ("对方账户", f"{paid.to[0]}** 138******{a_serial(rng, 2)}"),
        ("创建时间", paid.when),
        ("订单号", f"{paid.moment:%Y%m%d}{a_serial(rng, 20)}"),
        ("账单分类", "转账红包"),
    ]
    _pairs(on, 850, rows, paid.look)
    write(on, (540, 1640), "支付宝", Type(40, colour=paid.look.faint), "mt")
    return on


def _qq(paid: _Paid, rng: Random) -> Image.Image:
    on = _screen(paid, rng)
    ImageDraw.Draw(on).rectangle((0, 110, 1080, 240), fill=(18, 150, 219))
    write(on, (540, 175), rng.choice(("QQ钱包", "交易详情", "QQ转账")), Type(50, colour=(255, 255, 255)), "mm")
    _tick(on, (540, 420), 76, (18, 150, 219))
    write(on, (540, 540), "转账成功", Type(50, colour=paid.look.text), "mt")
    write(on, (540, 650), f"{yuan(paid.fen)}元", Type(108, bold=True, colour=paid.look.text), "mt")
    rows = [
        ("收款人", paid.to),
        ("付款方式", "QQ钱包余额"),
        ("转账时间", paid.when),
        ("交易单号", f"1000026{a_serial(rng, 18)}"),
    ]
    _pairs(on, 880, rows, paid.look)
    write(on, (540, 1760), "QQ钱包", Type(40, colour=paid.look.faint), "mt")
    return on

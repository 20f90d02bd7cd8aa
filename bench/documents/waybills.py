"""Waybill labels, in the layouts that carriers print."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from PIL import Image, ImageDraw

from bench.documents.barcodes import code128, qr
from bench.documents.invented import Parcel, a_parcel, a_phone, a_serial, chance, grouped
from bench.documents.model import Drawing, Fact
from bench.documents.paper import BLACK, WHITE, Type, frame, rule, sheet, write, write_lines

type _Way = tuple[Parcel, Random]

_WIDTH = 1760
_MARGIN = 40


def draw_waybill(rng: Random) -> Drawing:
    return label_of(a_parcel(rng), rng)


def label_of(parcel: Parcel, rng: Random) -> Drawing:
    """One of the layouts, for that parcel."""
    layout, shows = rng.choice(_LAYOUTS)
    fields = {
        "waybill_no": parcel.number,
        "courier": parcel.carrier,
        "recipient": parcel.recipient,
        "date": f"{parcel.printed:%Y-%m-%d}",
        **({"time": f"{parcel.printed:%H:%M}"} if parcel.to_the_minute else {}),
    }
    return Drawing(layout((parcel, rng)), fields, frozenset({Fact.WAYBILL, Fact.PRINTED, *shows}))


def _tall(way: _Way) -> Image.Image:
    """Carrier, sorting code, barcode, addressee, sender, particulars with a QR code, signature."""
    parcel, rng = way
    on = sheet(_WIDTH, 2650, WHITE)
    frame(on, (20, 20, _WIDTH - 20, 2630), 6)
    write(on, (80, 60), parcel.carrier, Type(118, bold=True))
    write(on, (_WIDTH - 90, 84), rng.choice(("电子面单", "标准快递", "特快专送", "电商标快")), Type(76), "ra")
    rule(on, (20, 240), (_WIDTH - 20, 240), 5)
    write(on, (100, 280), parcel.sorting, Type(168, bold=True))
    rule(on, (20, 520), (_WIDTH - 20, 520), 5)
    _bars(on, (100, 560, _WIDTH - 100, 920), way)
    rule(on, (20, 1060), (_WIDTH - 20, 1060), 5)
    top = _party(on, 1090, _addressee("收件", way), 80)
    rule(on, (20, top + 20), (_WIDTH - 20, top + 20), 5)
    top = _party(on, top + 50, _sender("寄件", way), 66)
    rule(on, (20, top + 20), (_WIDTH - 20, top + 20), 5)
    _particulars(on, top + 60, way, 60)
    code = qr(parcel.number, 480)
    on.paste(code, (_WIDTH - 80 - code.width, top + 50))
    write(on, (80, 2410), rng.choice(("签收人：", "签收人/签收时间：", "收件人签名：")), Type(62))
    write(on, (80, 2500), rng.choice(("已验视", "已验视 已实名", "已安检")), Type(88, bold=True))
    return on


def _narrow(way: _Way) -> Image.Image:
    """Three segments in large type, 收 and 寄 in discs, the barcode in the middle and once more along the side."""
    parcel, _ = way
    on = sheet(_WIDTH, 2360, WHITE)
    write(on, (60, 50), parcel.carrier, Type(92, bold=True))
    write(on, (_WIDTH - 60, 66), f"{parcel.printed:%Y-%m-%d %H:%M}", Type(58), "ra")
    rule(on, (0, 190), (_WIDTH, 190), 6)
    style = Type(196, bold=True)
    write(on, (_WIDTH // 2, 325), parcel.sorting.replace("-", " "), style.fitted(parcel.sorting, 1500), "mm")
    rule(on, (0, 455), (_WIDTH, 455), 6)
    write(on, (60, 480), f"集包地：{parcel.address[:6]}转运中心", Type(72))
    rule(on, (0, 590), (_WIDTH, 590), 6)
    top = _disc_party(on, 630, _addressee("收", way), 84)
    top = _disc_party(on, top + 30, _sender("寄", way), 64)
    rule(on, (0, top + 20), (1530, top + 20), 4)
    _bars(on, (70, top + 60, 1480, top + 340), way)
    side = code128(parcel.number, 1100, 110).rotate(90, expand=True)
    on.paste(side, (1620, 640))
    rule(on, (1560, 590), (1560, 1800), 4)
    rule(on, (0, 1800), (_WIDTH, 1800), 6)
    _particulars(on, 1840, way, 58)
    code = qr(parcel.number, 400)
    on.paste(code, (_WIDTH - 70 - code.width, 1860))
    write(on, (60, 2270), "签收人/签收时间", Type(52))
    return on


def _inverted(way: _Way) -> Image.Image:
    """A black band with the carrier, the QR code beside the addressee, the number at the top and below the bars."""
    parcel, rng = way
    on = sheet(_WIDTH, 2500, WHITE)
    ImageDraw.Draw(on).rectangle((0, 0, _WIDTH, 200), fill=BLACK)
    write(on, (60, 100), parcel.carrier, Type(110, bold=True, colour=WHITE), "lm")
    write(on, (_WIDTH - 60, 100), rng.choice(("特惠送", "标快", "代收货款", "到付")), Type(84, colour=WHITE), "rm")
    write(on, (60, 240), f"运单号：{grouped(parcel.number, rng)}", Type(72))
    write(on, (_WIDTH - 60, 240), f"{rng.randint(1, 2)}/{2}", Type(72), "ra")
    rule(on, (0, 360), (_WIDTH, 360), 5)
    write(on, (60, 390), parcel.sorting, Type(150, bold=True))
    rule(on, (0, 600), (_WIDTH, 600), 5)
    code = qr(parcel.number, 430)
    on.paste(code, (_WIDTH - 40 - code.width, 640))
    top = _party(on, 640, _addressee("收", way), 80, 1180)
    top = max(top, 1110)
    rule(on, (0, top), (_WIDTH, top), 5)
    top = _party(on, top + 30, _sender("寄", way), 64)
    rule(on, (0, top + 20), (_WIDTH, top + 20), 5)
    _bars(on, (130, top + 60, _WIDTH - 130, top + 380), way)
    _particulars(on, top + 560, way, 58)
    write(on, (_WIDTH - 60, 2450), rng.choice(("已验视", "已检视")), Type(80, bold=True), "rs")
    return on


def _short(way: _Way) -> Image.Image:
    """The one-part label, wider than high: barcode at the top, two columns below, no QR code."""
    parcel, _ = way
    on = sheet(2300, 1560, WHITE)
    frame(on, (20, 20, 2280, 1540), 5)
    write(on, (70, 60), parcel.carrier, Type(104, bold=True))
    write(on, (70, 220), parcel.sorting, Type(112, bold=True))
    _bars(on, (1020, 60, 2230, 300), way)
    rule(on, (20, 440), (2280, 440), 5)
    _party(on, 480, _addressee("收件人", way), 76, 2140)
    rule(on, (20, 800), (2280, 800), 5)
    _party(on, 830, _sender("寄件人", way), 64, 2140)
    rule(on, (20, 1080), (2280, 1080), 5)
    _particulars(on, 1110, way, 60)
    rule(on, (1300, 1080), (1300, 1540), 5)
    write(on, (1340, 1120), "您的签字代表您已验收此包裹", Type(52))
    write(on, (1340, 1200), "并已确认商品信息无误", Type(52))
    write(on, (1340, 1420), "签收栏：", Type(64))
    return on


_LAYOUTS: tuple[tuple[Callable[[_Way], Image.Image], tuple[Fact, ...]], ...] = (
    (_tall, (Fact.BARCODE, Fact.QR)),
    (_tall, (Fact.BARCODE, Fact.QR)),
    (_narrow, (Fact.BARCODE, Fact.QR)),
    (_inverted, (Fact.BARCODE, Fact.QR)),
    (_short, (Fact.BARCODE,)),
)


def _bars(on: Image.Image, area: tuple[int, int, int, int], way: _Way) -> None:
    """The barcode, and the number below it."""
    parcel, rng = way
    left, top, right, bottom = area
    bars = code128(parcel.number, right - left, bottom - top)
    on.paste(bars, ((left + right - bars.width) // 2, top))
    text = grouped(parcel.number, rng)
    style = Type(rng.choice((68, 78, 88)), bold=chance(rng, 0.7)).fitted(text, right - left)
    write(on, ((left + right) // 2, bottom + 66), text, style, "mm")


@dataclass(frozen=True, slots=True)
class _Party:
    role: str
    name: str
    address: str
    phone: str


def _addressee(role: str, way: _Way) -> _Party:
    parcel, rng = way
    return _Party(role, parcel.recipient, parcel.address, a_phone(rng))


def _sender(role: str, way: _Way) -> _Party:
    parcel, rng = way
    return _Party(role, parcel.sender, parcel.origin, a_phone(rng))


def _party(on: Image.Image, top: int, who: _Party, size: int, right: int = _WIDTH - 60) -> int:
    style = Type(size)
    write(on, (80, top), who.role, Type(size, bold=True))
    left = 80 + style.width(who.role) + 60
    write(on, (left, top), f"{who.name}  {who.phone}", style)
    return write_lines(on, (left, top + size * 3 // 2), who.address, Type(size * 9 // 10), right - left)


def _disc_party(on: Image.Image, top: int, who: _Party, size: int) -> int:
    ImageDraw.Draw(on).ellipse((60, top, 60 + size * 3 // 2, top + size * 3 // 2), fill=BLACK)
    write(on, (60 + size * 3 // 4, top + size * 3 // 4), who.role, Type(size, bold=True, colour=WHITE), "mm")
    left = 60 + size * 2
    write(on, (left, top), f"{who.name}  {who.phone}", Type(size, bold=True))
    return write_lines(on, (left, top + size * 3 // 2), who.address, Type(size * 9 // 10), 1530 - left)


def _particulars(on: Image.Image, top: int, way: _Way, size: int) -> None:
    """When it was printed, what is in it, what it weighs; and what else there is room for."""
    parcel, rng = way
    lines = [
        f"打印时间：{parcel.printed:%Y-%m-%d %H:%M}"
        if parcel.to_the_minute
        else f"打印时间：{parcel.printed:%Y-%m-%d}",
        f"{rng.choice(('物品', '托寄物', '品名', '内容'))}：{parcel.goods}",
        f"{rng.choice(('计费重量', '重量', '实际重量'))}：{parcel.grams / 1000:.2f}kg",
    ]
    if chance(rng, 0.4):
        lines.append(f"订单号：{a_serial(rng, 16)}")
    for line in lines:
        write(on, (80, top), line, Type(size))
        top += size * 3 // 2

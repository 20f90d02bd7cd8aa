"""Freight receipts: what was paid for a shipment, when, for which waybill (A8)."""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from PIL import Image

from bench.documents.barcodes import code128
from bench.documents.capitals import in_capitals
from bench.documents.fonts import Face
from bench.documents.invented import (
    CARRIERS,
    a_moment,
    a_name,
    a_phone,
    a_place,
    a_serial,
    a_sorting_code,
    a_waybill,
    an_address,
    an_amount,
    chance,
    written_date,
    yuan,
)
from bench.documents.model import Drawing, Fact
from bench.documents.paper import Colour, Type, dashes, frame, rule, sheet, table, write, write_lines
from bench.documents.stamp import press

type _Row = tuple[str, str]

_RED: Colour = (150, 30, 36)
_NUMBER = ("运单号", "运单号码", "快递单号", "货单号", "快件单号")
_AMOUNT = ("运费金额", "运费", "金额", "合计", "实收运费", "应付金额")
_WHEN = ("开票时间", "日期", "付款时间", "开票日期", "收款时间")
_TITLES = ("运费收据", "运费发票", "快递运费收据", "货运费用收据", "收款收据", "运费凭证")


@dataclass(frozen=True, slots=True)
class _Paid:
    carrier: str
    number: str
    fen: int
    date: str
    time: str
    """Empty where only the date is given."""

    @property
    def when(self) -> str:
        return f"{self.date} {self.time}".strip()


def draw_freight(rng: Random) -> Drawing:
    moment = a_moment(rng)
    clock = rng.choice((f"{moment:%H:%M}", f"{moment:%H:%M}", f"{moment:%H:%M:%S}", ""))
    carrier = rng.choice(CARRIERS)
    date = written_date(moment, rng)
    paid = _Paid(carrier.name, a_waybill(rng, carrier), an_amount(rng), date, clock)
    layout = rng.choice((_plain, _plain, _tabular, _till, _duplicate, _slip))
    fields = {"waybill_no": paid.number, "amount": yuan(paid.fen), "date": paid.date, "time": paid.time}
    on = layout(paid, rng)
    stamped = layout is not _till and chance(rng, 0.3)
    if stamped:
        middle = (on.width - 430, on.height - 400)
        press(on, middle, 520, f"{paid.carrier[:4]}财务专用章", rng)
    shows = {Fact.PRINTED, Fact.RED_STAMP} if stamped else {Fact.PRINTED}
    return Drawing(on, {name: value for name, value in fields.items() if value}, frozenset(shows))


def _amount(fen: int, rng: Random) -> str:
    forms = ("¥{}元", "¥{}", "{} 元", "{}元", "人民币{}元", "￥{}", "RMB {}")
    return rng.choice(forms).format(yuan(fen))


def _rows(paid: _Paid, rng: Random) -> list[_Row]:
    rows = [
        (rng.choice(_NUMBER), paid.number),
        (rng.choice(_AMOUNT), _amount(paid.fen, rng)),
        (rng.choice(_WHEN), paid.when),
    ]
    if chance(rng, 0.35):
        rows.insert(2, ("金额大写", in_capitals(paid.fen)))
    others = [
        ("寄件网点", a_place(rng)),
        ("付款方式", rng.choice(("到付", "月结", "寄付", "现付"))),
        ("经手人", a_name(rng)),
        ("计费重量", f"{rng.randint(10, 3000) / 100:.2f}kg"),
    ]
    return rows + rng.sample(others, rng.randint(2, 4))


def _plain(paid: _Paid, rng: Random) -> Image.Image:
    """A title and a line for each fact, in a red frame or none."""
    rows = _rows(paid, rng)
    on = sheet(2500, 480 + 165 * len(rows) + 160)
    face = rng.choice((Face.SANS, Face.SANS, Face.SERIF))
    if chance(rng, 0.7):
        frame(on, (70, 70, on.width - 70, on.height - 70), 8, _RED)
    write(on, (on.width // 2, 150), _title(paid, rng), Type(132, face, bold=True), "mt")
    colon, gap = rng.choice(("：", "：", ":  ")), rng.choice((0, 40))
    _list(on, (150, 400), [(label + colon, value) for label, value in rows], (Type(98, face), gap))
    return on


def _list(on: Image.Image, at: tuple[int, int], rows: Sequence[_Row], look: tuple[Type, int]) -> None:
    style, gap = look
    left, top = at
    for label, value in rows:
        write(on, (left, top), label, style)
        begin = left + style.width(label) + gap
        write(on, (begin, top), value, style.fitted(value, on.width - begin - 120))
        top += 165


def _tabular(paid: _Paid, rng: Random) -> Image.Image:
    """Charges in a table, the sum below, in digits and capitals."""
    on = sheet(2600, 1850)
    write(on, (1300, 130), _title(paid, rng), Type(124, bold=True), "mt")
    style = Type(76)
    write(on, (140, 350), f"No. {a_serial(rng, 8)}", Type(76, Face.MONO, colour=_RED))
    write(on, (2460, 350), f"{rng.choice(_WHEN)}：{paid.when}", style, "ra")
    extra = rng.randint(1, paid.fen // 400) * 100 if chance(rng, 0.5) else 0
    rows = [
        (rng.choice(_NUMBER), "件数", "重量(kg)", "运费", "保价费", "小计"),
        (paid.number, "1", f"{rng.randint(10, 3000) / 100:.2f}", yuan(paid.fen - extra), yuan(extra), yuan(paid.fen)),
        ("",) * 6,
    ]
    table(on, (140, 490, 2460, 940), rows, (5, 1, 2, 2, 2, 2), style)
    write(on, (160, 1040), f"合计（大写）：{in_capitals(paid.fen)}", style)
    write(on, (160, 1190), f"合计（小写）：¥{yuan(paid.fen)}", style)
    write(on, (160, 1340), f"收款单位：{paid.carrier}{a_place(rng)[:6]}营业部", style)
    write(on, (160, 1490), f"收款人：{a_name(rng)}", style)
    write(on, (1300, 1490), f"开票人：{a_name(rng)}", style)
    return on


def _till(paid: _Paid, rng: Random) -> Image.Image:
    """A narrow slip from a thermal printer."""
    on = sheet(1500, 2250, (244, 244, 242))
    write(on, (750, 110), paid.carrier, Type(118, Face.MONO, bold=True), "mt")
    write(on, (750, 270), rng.choice(("运费收款凭条", "运费小票", "收款凭证")), Type(90, Face.MONO), "mt")
    dashes(on, 90, 1410, 420)
    style, top = Type(76, Face.MONO), 470
    for label, value in _rows(paid, rng):
        write(on, (100, top), f"{label}:", style)
        write(on, (1400, top + 105), value, style.fitted(value, 1250), "ra")
        top += 225
    return on.crop((0, 0, 1500, top + 120))


def _duplicate(paid: _Paid, rng: Random) -> Image.Image:
    """The ruled sheet of a receipt book, in red print on white or yellow."""
    on = sheet(2600, 1500, rng.choice(((252, 248, 236), (250, 240, 200), (250, 249, 246))))
    red, style = Type(88, Face.SERIF, colour=_RED), Type(88, Face.SERIF)
    title = f"{paid.carrier}  收 款 收 据" if chance(rng, 0.5) else _title(paid, rng)
    write(on, (1300, 110), title, Type(120, Face.SERIF, bold=True, colour=_RED), "mt")
    rows = [
        (rng.choice(_NUMBER), paid.number),
        (rng.choice(_WHEN), paid.when),
        ("收款事由", "快递运费"),
        ("人民币（大写）", in_capitals(paid.fen)),
        (rng.choice(("运费金额", "运费", "金额")), _amount(paid.fen, rng)),
    ]
    top = 330
    for label, value in rows:
        write(on, (160, top), f"{label}：", red)
        write(on, (190 + red.width(f"{label}："), top), value, style)
        rule(on, (160, top + 125), (2440, top + 125), 3, _RED)
        top += 185
    write(on, (160, top + 20), f"经手人：{a_name(rng)}", red)
    return on


def _slip(paid: _Paid, rng: Random) -> Image.Image:
    """The sender's copy of a carrier's form: all that is on a waybill, and what was paid in a cell beside its name."""
    on, style = sheet(1760, 2180, (250, 250, 248)), Type(64)
    frame(on, (20, 20, 1740, 2160), 5)
    write(on, (80, 60), paid.carrier, Type(108, bold=True))
    write(on, (1680, 84), rng.choice(("寄件联", "客户存根", "寄件人存根")), Type(70), "ra")
    write(on, (100, 230), a_sorting_code(rng), Type(130, bold=True))
    bars = code128(paid.number, 1500, 260)
    on.paste(bars, ((1760 - bars.width) // 2, 420))
    write(on, (880, 740), paid.number, Type(72, bold=True), "mm")
    top = 830
    for role in ("收件", "寄件"):
        write(on, (80, top), f"{role}  {a_name(rng)}  {a_phone(rng)}", Type(70))
        top = write_lines(on, (240, top + 105), an_address(rng), style, 1440) + 30
    rows = [
        (rng.choice(("运费", "应收", "费用合计", "实收金额(元)", "实付运费")), f"¥{yuan(paid.fen)}"),
        (rng.choice(("付款时间", "收款时间", "日期")), paid.when),
        ("计费重量", f"{rng.randint(10, 3000) / 100:.2f}kg"),
        ("付款方式", rng.choice(("现付", "寄付", "到付"))),
    ]
    table(on, (80, top, 1680, top + 480), rows, (2, 4), Type(66))
    write(on, (80, top + 520), "已验视", Type(80, bold=True))
    return on


def _title(paid: _Paid, rng: Random) -> str:
    return f"{paid.carrier if chance(rng, 0.7) else ''}{rng.choice(_TITLES)}"

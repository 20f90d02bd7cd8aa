"""Delivery proofs: a printed form, filled in by hand, with the carrier's red stamp; and what is invalid (A7)."""

from collections.abc import Sequence
from random import Random

from PIL import Image

from bench.documents.fonts import Face
from bench.documents.ink import Hand, a_hand, handwrite
from bench.documents.invented import CARRIERS, a_moment, a_name, a_town, a_waybill, chance
from bench.documents.model import Drawing, Fact
from bench.documents.paper import GREY, Type, dashes, frame, rule, sheet, write, write_lines
from bench.documents.stamp import press

type _Row = tuple[str, str]
type _Way = tuple[Type, Hand | None, Random]

_LABELS = {
    "waybill_no": ("快递单号", "运单号", "运单号码", "快件单号", "单号"),
    "recipient": ("收件人姓名", "收件人", "收货人姓名", "收件人姓名"),
    "courier_name": ("派件人姓名", "派件人", "派送员", "派件员", "快递员姓名"),
    "date": ("日期", "签收日期", "派送日期", "日期"),
}
_TITLES = ("快递签收证明", "签收证明", "妥投证明", "派送证明", "快件签收底单", "红章证明")
_OPENINGS = (
    "兹证明以下快件已由我公司派送并签收：",
    "兹证明下列快件已妥投，收件人已签收：",
    "以下快件已由我网点派送至收件人：",
    "客户您好，以下快件我司已按地址派送并由本人签收，特开具此证明。",
)
_ENDINGS = ("特此证明。", "以上情况属实。", "特此证明！", "以上内容真实有效，特此证明。")


def draw_redstamp(rng: Random) -> Drawing:
    """Half of them valid; the others lack the stamp, or are printed or written all through."""
    stamped, hand, printed = rng.choice(
        (
            (True, True, True),
            (True, True, True),
            (True, True, True),
            (False, True, True),
            (True, False, True),
            (True, True, False),
        )
    )
    fields = _fields(rng)
    writer = a_hand(rng) if hand else None
    on = sheet(*rng.choice(((2400, 2040), (2200, 2000), (1900, 2400), (2500, 1750))), rng.choice(_PAPERS))
    if printed:
        foot = _form(on, fields, (Type(92, rng.choice((Face.SERIF, Face.SANS))), writer, rng))
    else:
        foot = _note(on, fields, (a_hand(rng), rng))
    if stamped:
        _stamp(on, foot, rng)
    facts = {Fact.RED_STAMP: stamped, Fact.HANDWRITTEN: hand, Fact.PRINTED: printed}
    return Drawing(on, fields, frozenset(fact for fact, holds in facts.items() if holds))


_PAPERS = ((250, 249, 246), (246, 246, 248), (252, 250, 240), (246, 240, 226))


def _fields(rng: Random) -> dict[str, str]:
    moment = a_moment(rng)
    date = f"{moment.year}年{moment.month}月{moment.day}日"
    if chance(rng, 0.2):
        date = f"{moment:%Y-%m-%d}" if chance(rng, 0.5) else f"{moment.year}.{moment.month}.{moment.day}"
    return {"waybill_no": a_waybill(rng), "recipient": a_name(rng), "courier_name": a_name(rng), "date": date}


def _form(on: Image.Image, fields: dict[str, str], way: _Way) -> int:
    """Returns where the stamp may stand."""
    style, _, rng = way
    title = Type(style.size * 13 // 10, style.face, bold=chance(rng, 0.4))
    write(on, (on.width // 2, 150), rng.choice(_TITLES), title, "mt")
    left, top = rng.randint(170, 260), 370
    top = write_lines(
        on, (left, top), rng.choice(_OPENINGS), Type(style.size * 9 // 10, style.face), on.width - 2 * left
    )
    rows = _rows(fields, rng)
    layout = rng.choice((_lines, _lines, _boxes, _dashed))
    top = layout(on, (left, top + 60), rows, way)
    ending = min(on.height - 160, top + 70)
    write(on, (left, ending), rng.choice(_ENDINGS), Type(style.size * 9 // 10, style.face))
    if chance(rng, 0.3):
        write(on, (left, on.height - 40), "（此证明需加盖网点红章方为有效）", Type(52, style.face, colour=GREY), "ls")
    return top


def _rows(fields: dict[str, str], rng: Random) -> list[_Row]:
    rows = [(rng.choice(labels), fields[name]) for name, labels in _LABELS.items()]
    if chance(rng, 0.25):
        rows.insert(1, ("收件地址", a_town(rng)))
    return rows


def _lines(on: Image.Image, at: tuple[int, int], rows: Sequence[_Row], way: _Way) -> int:
    style, _, rng = way
    left, top = at
    step = _step(on, top, rows)
    for label, value in rows:
        write(on, (left + 40, top + step), f"{label}：", style, "ls")
        _fill(on, (left + 40 + style.width(f"{label}：") + rng.randint(10, 50), top + step), value, way)
        top += step
    return top


def _dashed(on: Image.Image, at: tuple[int, int], rows: Sequence[_Row], way: _Way) -> int:
    """Labels of the same width, and a line to write on."""
    style, _, _ = way
    left, top = at
    step = _step(on, top, rows)
    begin = left + max(style.width(f"{label}：") for label, _ in rows) + 30
    for label, value in rows:
        write(on, (left, top + step), f"{label}：", style, "ls")
        dashes(on, begin, on.width - left, top + step + 26)
        _fill(on, (begin + 30, top + step), value, way)
        top += step
    return top


def _boxes(on: Image.Image, at: tuple[int, int], rows: Sequence[_Row], way: _Way) -> int:
    style, _, _ = way
    left, top = at
    step = _step(on, top, rows)
    right, middle = on.width - left, left + max(style.width(label) for label, _ in rows) + 80
    frame(on, (left, top, right, top + step * len(rows)), 4)
    rule(on, (middle, top), (middle, top + step * len(rows)), 4)
    for label, value in rows:
        write(on, (left + 40, top + step * 7 // 10), label, style, "ls")
        _fill(on, (middle + 50, top + step * 7 // 10), value, way)
        top += step
        rule(on, (left, top), (right, top), 4)
    return top


def _step(on: Image.Image, top: int, rows: Sequence[_Row]) -> int:
    return min(190, (on.height - 260 - top) // len(rows))


def _fill(on: Image.Image, at: tuple[int, int], value: str, way: _Way) -> None:
    style, writer, rng = way
    if writer is None:
        write(on, at, value, style, "ls")
    else:
        handwrite(on, at, value, round(style.size * rng.uniform(0.95, 1.12)), (writer, rng))


def _note(on: Image.Image, fields: dict[str, str], way: tuple[Hand, Random]) -> int:
    """Everything by hand, labels and all."""
    _, rng = way
    handwrite(on, (on.width // 2 - 300, 300), rng.choice(_TITLES), 118, way)
    top = 480
    for line in (
        "兹证明以下快件已由我派送并签收",
        *(f"{label}：{value}" for label, value in _rows(fields, rng)),
        "特此证明",
    ):
        handwrite(on, (rng.randint(150, 200), top), line, 96, way)
        top += (on.height - 560) // 7
    return top - 300


def _stamp(on: Image.Image, foot: int, rng: Random) -> None:
    size = min(rng.randint(470, 640), on.width * 27 // 100, on.height * 30 // 100)
    carrier = rng.choice(CARRIERS).name
    place = a_town(rng)
    town = place[place.index("市") - 2 :].replace("市", "").replace("区", "")
    text = f"{carrier[:4]}{town}{rng.choice(('网点', '营业部', '分公司', '分部'))}"
    right = on.width - size * 2 // 3 - rng.randint(20, 90)
    lowest = on.height - size * 7 // 10
    press(on, (right, min(lowest, foot + size * rng.randint(10, 60) // 100)), size, text, rng)

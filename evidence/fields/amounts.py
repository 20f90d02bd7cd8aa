"""Amounts of money, in digits and in Chinese capitals."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from evidence.facts import CaseFacts
from evidence.fields.model import READ, WELL_READ, Field, FieldName
from evidence.fields.pairs import Page, Pair, Value, Where
from evidence.fields.words import plain
from evidence.text import Line

_SIGN = r"(?:¥|￥|RMB|CNY|人民币|人民幣|USD|EUR|HKD|TWD|US\$|HK\$|NT\$|\$|€)"
_NUMBER = r"(\d{1,3}(?:[,，]\d{3})+|\d{1,9})(?:\s?[.,·]\s?(\d{1,2}))?(?![\d.])"
_JIAO = re.compile(r"(?<![\d.])(\d{1,9})\s?[元圆圓]\s?(?:(\d)\s?角)?\s?(?:(\d)\s?分)?(?!\d)")
_MARKED = re.compile(rf"{_SIGN}\s?:?\s?{_NUMBER}(?!\s?/)|(?<![\d.]){_NUMBER}\s?[元圆圓](?!\s?/)", re.IGNORECASE)
_MISREAD_SIGN = re.compile(rf"[^\d{{}}]{{0,2}}?[-+]?\s?{_NUMBER}\s?(?:元|圆|整)?")
_ALONE = re.compile(r"-\s?(?:¥\s?)?(\d{1,3}(?:,\d{3})+|\d{1,9})\.(\d{2})")
_UNITS = re.compile(r"kg|公斤|千克|件|个|%|斤|克|g\b", re.IGNORECASE)
_DIGITS = ("零〇", "壹一", "贰貳二", "叁參叄三", "肆四", "伍五", "陆陸六", "柒七", "捌八", "玖九")
_CAPITALS = {letter: digit for digit, letters in enumerate(_DIGITS) for letter in letters}
_TENS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}
_IN_CAPITALS = re.compile(
    r"[零〇壹贰貳叁參叄肆伍陆陸柒捌玖拾佰仟万萬亿億]+[元圆圓][零壹贰貳叁參叄肆伍陆陸柒捌玖角分整正]*"
)


_NOT_PAID = re.compile(
    "价值|货值|價值|货款|貨款|声明|聲明|申报|保价|保價|保险|保險|优惠|優惠|折扣|立减|抵扣|减免|代收|押金|不含税|限额|最高|首重|续重|原|定金|赔|退|余额|单价|"
    "商品|货物|订单|DECLARED|INSUR|DISCOUNT|COUPON|REFUND|VALUE|GOODS|DEPOSIT|BALANCE",
    re.IGNORECASE,
)
"""What makes of an amount one that nobody paid for the shipment."""


@dataclass(frozen=True, slots=True)
class _Read:
    fen: int
    text: str
    line: Line
    rank: int
    confidence: float
    certain: bool
    """Both the label and the form say that it is money."""


def amounts_in(page: Page, facts: CaseFacts) -> Iterator[Field]:
    """The total before its parts. What the capitals say as well is certain, and what they deny isn't."""
    capitals = {fen for line in page.lines for fen in capitals_in(plain(line.text))}
    read = sorted((*_labelled(page), *_unlabelled(page)), key=lambda each: (each.fen not in capitals, each.rank))
    for each in read:
        certain = each.certain and each.fen > 0 and (not capitals or each.fen in capitals)
        # The price of an item may stand anywhere: that it is equal makes nothing certain.
        matches = True if each.fen in facts.amounts and each.confidence >= READ else None
        sure = certain and each.confidence >= WELL_READ
        value = f"{each.fen // 100}.{each.fen % 100:02}"
        yield Field(FieldName.AMOUNT, value, each.text, each.line.box, each.confidence, sure, matches)


def capitals_in(text: str) -> Iterator[int]:
    """Amounts in Chinese capitals, in fen: 贰佰零陆元柒角陆分 is 20676."""
    for match in _IN_CAPITALS.finditer(text.replace(" ", "")):
        whole, _, rest = match.group().replace("圆", "元").replace("圓", "元").partition("元")
        yield _whole(whole) * 100 + _part(rest, "角") * 10 + _part(rest, "分")


def _whole(capitals: str) -> int:
    total, section, digit = 0, 0, 0
    for each in capitals:
        if each in _TENS:
            section, digit = section + (digit or 1) * _TENS[each], 0
        elif each in "万萬亿億":
            total, section, digit = (total + section + digit) * (10_000 if each in "万萬" else 100_000_000), 0, 0
        else:
            digit = _CAPITALS.get(each, 0)
    return total + section + digit


def _part(capitals: str, unit: str) -> int:
    at = capitals.find(unit)
    return _CAPITALS.get(capitals[at - 1], 0) if at > 0 else 0


def _labelled(page: Page) -> Iterator[_Read]:
    for rank, pair in page.of(FieldName.AMOUNT):
        for value in pair.values:
            marked = next(marked_in(value.text), None)
            bare = None if marked is not None else _bare(value.text)
            fen = bare if marked is None else marked
            # Under the head of a column stand prices and parts.
            if not fen or value.where is Where.COLUMN:
                continue
            # A bare whole number may be a count.
            formed = marked is not None or re.search(r"\d[.,·]\s?\d", value.text) is not None
            certain = pair.tells(value) and formed and not _is_of_something_else(pair, value)
            yield _Read(fen, value.text, value.line, rank, pair.confidence(value), certain)
            break


def _is_of_something_else(pair: Pair, value: Value) -> bool:
    """Whether a word beside the label makes it that of goods, a discount, an insurance: 优惠金额, TOTAL DISCOUNT."""
    behind = re.split(r"\d", value.text, maxsplit=1)[0]
    return _NOT_PAID.search(pair.before) is not None or _NOT_PAID.search(behind) is not None


def _unlabelled(page: Page) -> Iterator[_Read]:
    for line in page.free:
        text = plain(line.text)
        for fen in (*marked_in(text), *_alone(text)):
            yield _Read(fen, line.text, line, len(text) + 100, line.confidence, certain=False)


def marked_in(text: str) -> Iterator[int]:
    """The amounts in a text that bear a sign or a unit of money, in fen."""
    for match in _JIAO.finditer(text):
        yuan, jiao, fen = match.groups()
        if jiao or fen:
            yield int(yuan) * 100 + int(jiao or 0) * 10 + int(fen or 0)
            return
    for match in _MARKED.finditer(text):
        whole, part = match.groups()[:2] if match.group(1) else match.groups()[2:]
        yield _fen(whole, part)


def _bare(text: str) -> int | None:
    """What stands behind a label without a sign, or with one that was misread."""
    if _UNITS.search(text):
        return None
    match = re.fullmatch(rf"[^\d\s]{{0,2}}\s?{_NUMBER}\s?\D{{0,2}}", text)
    return _fen(*match.groups()) if match else None


def _alone(text: str) -> Iterator[int]:
    """A line that is nothing but an amount that was spent, as bills on a phone have it."""
    if match := _ALONE.fullmatch(text):
        yield _fen(*match.groups())


def _fen(whole: str, part: str | None) -> int:
    return int(re.sub(r"\D", "", whole)) * 100 + int((part or "0").ljust(2, "0"))

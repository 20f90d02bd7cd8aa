"""Dates and times of day, as people and printers write them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time

from evidence.fields.model import WELL_READ, Field, FieldName
from evidence.fields.pairs import Page, Pair
from evidence.fields.words import CJK, listed, plain
from evidence.text import Line

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_MONTH = rf"(?P<month>{'|'.join(_MONTHS)})[A-Z]*\.?"
_YEAR = r"(?<![\d.])(?P<year>(?:19|20)\d{2})"
_SEPARATED = re.compile(
    rf"{_YEAR}\s?(?:年|[-/.·])\s?(?P<month>\d{{1,2}})\s?(?:月|[-/.·])\s?(?P<day>\d{{1,2}})(?!\d|:\d)\s?[日号]?"
    # The space before the time may be lost.
    rf"|{_YEAR.replace('year', 'year_')}(?:年|[-/.])(?P<month_>\d\d)(?:月|[-/.])(?P<day_>\d\d)(?=\d\d?:\d\d)"
)
_NAMED = (
    re.compile(rf"(?<!\d)(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-\s/.]?{_MONTH}[-\s/.,]*(?P<year>20\d\d)", re.IGNORECASE),
    re.compile(rf"{_MONTH}[-\s]?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[-\s,]+(?P<year>20\d\d)", re.IGNORECASE),
)
_DIGITS = ("〇零○O0", "一元正", "二", "三", "四", "五", "六", "七", "八", "九")
_WRITTEN = re.compile(
    r"(?P<year>[二一][〇零○O0一二三四五六七八九]{3})年(?P<month>[一二三四五六七八九十元正]{1,2})月(?P<day>[一二三四五六七八九十]{1,3})日"
)
_POOR = re.compile(r"(?<![\dA-Za-z])(?P<year>20\d\d)[-/. ]?(?P<month>\d\d)[-/. ]?(?P<day>\d\d)(?!\d)")
_SHORT = re.compile(r"(?<!\d)(?P<year>\d\d)(?:年|[-/.])(?P<month>\d{1,2})(?:月|[-/.])(?P<day>\d{1,2})(?!\d)日?")
_CLOCK = re.compile(
    r"(?<!\d)(?P<half>上午|下午|晚上|中午|凌晨|早上|AM|PM)?\s?(?P<hour>\d{1,2})\s?(?::|时|点|點|時)\s?(?P<minute>\d{2})"
    r"(?:\s?[:分]\s?(?P<second>\d{2})(?!\d))?(?!\d)\s?[分秒]?\s?(?P<after>AM|PM)?",
    re.IGNORECASE,
)
_NUMERALS = {letter: digit for digit, letters in enumerate(_DIGITS) for letter in letters}
_NOON = 12
_LONGEST_ALONE = 24
"""Letters in a line that holds a date, the time, and nothing else of weight."""
_UNLABELLED = 1000
"""Rank of what stands behind no label."""
_TELLING = frozenset(
    listed(
        "签收日期|签收时间|派送日期|派送时间|派件日期|派件时间|投递日期|妥投时间|送达时间|开票日期|开票时间|转账时间|"
        "付款时间|付款日期|支付时间|支付日期|收款时间|收款日期|交易时间|交易日期|收费时间|收费日期|签发日期|出具日期|"
        "报告日期|授权日期|检测日期|检验日期|称重时间|称重日期|采购日期|开具日期|制单日期|日期时间|日期|时间|簽收日期|"
        "簽收時間|開票日期|付款時間|簽發日期|時間|DATE OF ISSUE|ISSUE DATE|INVOICE DATE|DELIVERY DATE|DELIVERED ON|"
        "DATE AND TIME|DATE/TIME|DATE|TIME"
    )
)
"""Labels that say when that happened which the document is about; a print, an order or a birth is another matter."""
_OTHER_DAY = re.compile(
    rf"(?<!快递)(?<!快件)(?<!包裹)(?<!实际)(?<!发票)(?<!证书)(?<!收据)(?<=\S)$|[A-Za-z期间間]\s$|(?:^|\s)[{CJK}]\s$"
    r"|(?:下单|寄件|打印|出生|生产|制造|出厂|有效|到期|截止|失效|送检|抽样|预计)\s$"
)
"""What ends before a label and makes another day of it: 出生日期, 出 生 日 期, Birth Date, 出生日期 Date."""
_YEARS = range(2000, 2101)
"""Those in which anything here can have happened."""
_BEGINS = re.compile(rf"\W*(?:\d|[〇零○一二三四五六七八九]|{'|'.join(_MONTHS)})", re.IGNORECASE)
"""How a value begins that is a date, and not a word that says of what."""


@dataclass(frozen=True, slots=True)
class _Read:
    day: date
    clock: time | None
    certain: bool
    """Its form allows nothing else, and its label says that it is the day in question."""
    rank: int
    line: Line
    text: str
    confidence: float


def dates_in(page: Page) -> Iterator[Field]:
    """What is labelled first, the more telling label before the less; then what stands alone; then the rest."""
    read = sorted((*_labelled(page), *_unlabelled(page)), key=lambda each: each.rank)
    for each in read:
        sure = each.certain and each.confidence >= WELL_READ
        yield Field(FieldName.DATE, each.day.isoformat(), each.text, each.line.box, each.confidence, sure, None)
    clocked = [_moment(each, each.clock) for each in read if each.clock]
    yield from clocked or (_apart(page, read[0]) if read else ())


def _labelled(page: Page) -> Iterator[_Read]:
    for rank, pair in page.of(FieldName.DATE):
        for value in pair.values:
            found = next(days_in(value.text, labelled=True), None)
            if found:
                day, certain, rest = found
                known = certain and pair.tells(value) and _is_of_the_matter(pair, value.text, day)
                yield _Read(day, clock_in(rest), known, rank, value.line, value.text, pair.confidence(value))
                break


def _is_of_the_matter(pair: Pair, text: str, day: date) -> bool:
    """Whether the label says when it happened, and no word before or behind it that it is another date: 出生日期."""
    of_the_matter = pair.label in _TELLING and not _OTHER_DAY.search(pair.before)
    return of_the_matter and day.year in _YEARS and _BEGINS.match(text) is not None


def _unlabelled(page: Page) -> Iterator[_Read]:
    taken = {id(value.line) for _, pair in page.of(FieldName.DATE) for value in pair.values}
    for line in page.lines:
        if id(line) in taken:
            continue
        text = plain(line.text)
        for day, _, rest in days_in(text, labelled=False):
            rank = _UNLABELLED + (len(text) > _LONGEST_ALONE)
            yield _Read(
                day, clock_in(rest), certain=False, rank=rank, line=line, text=line.text, confidence=line.confidence
            )


def _moment(read: _Read, clock: time) -> Field:
    value = f"{read.day.isoformat()}T{clock.isoformat('seconds' if clock.second else 'minutes')}"
    sure = read.certain and read.confidence >= WELL_READ
    return Field(FieldName.TIME, value, read.text, read.line.box, read.confidence, sure, None)


def _apart(page: Page, dated: _Read) -> Iterator[Field]:
    """The time of day on a line of its own, behind a label."""
    for _, pair in page.of(FieldName.DATE):
        for value in pair.values:
            if clock := clock_in(value.text):
                confidence, certain = min(dated.confidence, pair.confidence(value)), dated.certain and pair.tells(value)
                read = replace(dated, line=value.line, text=value.text, confidence=confidence, certain=certain)
                yield _moment(read, clock)
                return


def days_in(text: str, *, labelled: bool) -> Iterator[tuple[date, bool, str]]:
    """The days that are named, whether for certain, and the text behind each. Impossible ones are none."""
    patterns = [(_SEPARATED, True), *((each, True) for each in (*_NAMED, _WRITTEN)), (_POOR, False)]
    if labelled:
        patterns.append((_SHORT, False))
    for pattern, certain in patterns:
        found = [(day, match) for match in pattern.finditer(text) if (day := _day(match.groupdict()))]
        if found:
            yield from ((day, certain, text[match.end() :]) for day, match in found)
            return


def _day(parts: dict[str, str | None]) -> date | None:
    year, month, day = (_number(parts.get(each) or parts.get(f"{each}_") or "") for each in ("year", "month", "day"))
    try:
        return date(year if year >= 100 else 2000 + year, month, day)  # noqa: PLR2004 (two digits)
    except ValueError:
        return None


def _number(written: str) -> int:
    """Of digits, of the name of a month, or of Chinese numerals, as in 二〇二四 and 二十六."""
    if written.isdecimal():
        return int(written)
    if written.upper() in _MONTHS:
        return _MONTHS.index(written.upper()) + 1
    tens, ten, ones = written.rpartition("十")
    if ten:
        return 10 * (_NUMERALS.get(tens, 1)) + _NUMERALS.get(ones, 0)
    return int("".join(str(_NUMERALS[each]) for each in written))


def clock_in(text: str) -> time | None:
    """The first time of day in a text."""
    match = _CLOCK.search(text)
    if match is None:
        return None
    hour, half = int(match["hour"]), (match["half"] or match["after"] or "").upper()
    if half in ("下午", "晚上", "PM") and hour < _NOON:
        hour += _NOON
    if half in ("AM", "凌晨") and hour == _NOON:
        hour = 0
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0))
    except ValueError:
        return None

"""Waybill and order numbers: from barcodes, from behind their labels, and by the forms that carriers use."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from evidence.facts import CaseFacts
from evidence.fields.articles import is_article, is_carton
from evidence.fields.carriers import PREFIXES, fails_its_check, is_carriers, names_carrier
from evidence.fields.model import READ, WELL_READ, Field, FieldName
from evidence.fields.pairs import Page, Pair
from evidence.fields.words import distance, plain, squeezed
from evidence.text import Barcode, Box

_SHORTEST, _LONGEST = 10, 20
_LONGEST_ORDER = 32
_FEWEST_DIGITS = 8
_ANY_NUMBER = "单号"
_OF_CARTONS = "ITF"
_BY_LENGTH = sorted(PREFIXES, key=len, reverse=True)
_BEGINNINGS = frozenset(prefix[:length] for prefix in PREFIXES for length in range(1, len(prefix) + 1))
"""What a number may begin with that is set in groups: JDV B24 950 326 126 05."""
_NOWHERE = Box(0, 0, 0, 0)
_INSTANTS = re.compile(
    r"(?<![\dA-Z])(?:19|20)\d\d[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?\s?(?:\d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2}(?::\d{2})?"
    r"|(?<!\d)\d{1,5}\.\d{1,3}(?!\d)"
)
_OF_SEVERAL = re.compile(r"(?<=\d{9})-\d-\d{1,2}-?(?!\d)")
"""Which parcel of how many, as JD writes it behind the number."""
_PHONES_AND_ROUTES = re.compile(
    r"(?<!\d)1\d{2}\s?[*X]{2,}\s?\d{2,4}|(?<![\dA-Z])1[3-9]\d{9}(?:-\d{3,4})?(?![\dA-Z])"
    r"|(?<!\d)0\d{2,3}-\d{7,8}|(?<!\d)400-\d{3,4}-\d{3,4}|(?<!\d)\d{3}-[A-Z]\d{2}(?:[ -]?\d{3}(?!\d))?"
)
_RUN = re.compile(r"[A-Z0-9|]+(?:[ -][A-Z0-9|]+)*")
_TO_DIGITS = str.maketrans("OQDIL|ZSB", "000111258")
_ONE_DIGIT_ONLY = frozenset("0123456789OIL|")
"""Digits, and the letters that stand for one digit only; the others may be one of several."""
_MISREAD_PREFIXES = (("5F", "SF"), ("$F", "SF"), ("Y7", "YT"), ("VT", "YT"), ("J7", "JT"), ("JO", "JD"), ("0PK", "DPK"))
_A_SLIP = 2
"""Letters in which two readings of one number may differ."""


@dataclass(frozen=True, slots=True)
class _Read:
    """A number as it was read."""

    value: str
    text: str
    box: Box
    confidence: float
    labelled: bool
    guessed: bool = False
    """A letter of it was taken for a digit that is not the only one it may be."""
    barcode: bool = False


def waybills_in(page: Page, facts: CaseFacts, barcodes: Sequence[Barcode]) -> Iterator[Field]:
    known = tuple(squeezed(each) for each in facts.waybills)
    coded = _without_misread(tuple(_coded(barcodes, known)))
    labelled = [each for _, pair in page.of(FieldName.WAYBILL_NUMBER) for each in _of_waybill(pair, known)]
    free = list(_free(page, known, _LONGEST))
    # Where it is clear which the number is, those of stamps, articles and the like are none.
    if any(_is_told(each, known) for each in (*coded, *labelled, *free)):
        free = [each for each in free if each.value in known]
    # What is one slip away from a barcode is the same number, misread.
    read = [each for each in (*labelled, *free) if not _is_slip(each.value, coded)]
    for each in _once((*coded, *read)):
        if each.value != squeezed(facts.order_id):
            yield _field(FieldName.WAYBILL_NUMBER, each, known)


def _of_waybill(pair: Pair, known: Sequence[str]) -> tuple[_Read, ...]:
    """What is behind a label; behind a bare 单号, which tills and shops have too, only what a carrier's looks like."""
    found = _behind(pair, known, _LONGEST)
    if pair.label != _ANY_NUMBER:
        return found
    of_another = pair.before.strip() and not pair.before.endswith(" ") and not names_carrier(pair.before)
    return tuple(each for each in found if each.value in known or (is_carriers(each.value) and not of_another))


def _is_told(read: _Read, known: Sequence[str]) -> bool:
    """Whether a barcode or a label says that it is the number, or the dispute does."""
    return (read.labelled and is_carriers(read.value)) or (read.value in known and read.confidence >= READ)


def orders_in(page: Page, facts: CaseFacts, barcodes: Sequence[Barcode]) -> Iterator[Field]:
    known = tuple(each for each in [squeezed(facts.order_id)] if each)
    coded = [_of_barcode(each, value) for each in barcodes if (value := squeezed(each.text)) in known]
    labelled = [each for _, pair in page.of(FieldName.ORDER_NUMBER) for each in _behind(pair, known, _LONGEST_ORDER)]
    free = _free(page, known, _LONGEST_ORDER)
    for each in _once((*coded, *labelled, *(one for one in free if one.value in known))):
        yield _field(FieldName.ORDER_NUMBER, each, known)


def waybill_of(barcode: Barcode) -> str | None:
    """The waybill number that a barcode holds, if it has a carrier's form, and isn't of goods. No letter is misread."""
    value = squeezed(barcode.text)
    if is_article(value) or (barcode.symbology == _OF_CARTONS and is_carton(value)):
        return None
    return value if is_carriers(value) or fails_its_check(value) else None


def _coded(barcodes: Sequence[Barcode], known: Sequence[str]) -> Iterator[_Read]:
    """A carrier's number, or one of the dispute's: also as a part of what a QR code holds."""
    for each in barcodes:
        parts = {squeezed(each.text), *re.findall(r"[A-Z0-9]+", each.text.upper())}
        value = next((one for one in known if one in parts), None) or waybill_of(each)
        if value:
            yield _of_barcode(each, value)


def _of_barcode(barcode: Barcode, value: str) -> _Read:
    return _Read(value, barcode.text, barcode.box, 1.0, labelled=True, barcode=True)


def _without_misread(coded: Sequence[_Read]) -> tuple[_Read, ...]:
    """Two barcodes one slip apart are one number, of which the rarer reading is wrong."""
    counts = Counter(each.value for each in coded)
    return tuple(
        each
        for each in coded
        if not any(counts[other.value] > counts[each.value] for other in coded if _is_slip(each.value, [other]))
    )


def _free(page: Page, known: Sequence[str], longest: int) -> Iterator[_Read]:
    """Numbers without a label: those of a carrier's form, or of the dispute."""
    for text, line in page.unnumbered:
        for each in _numbers(text, known, longest, labelled=False):
            if each.value in known or (is_carriers(each.value) and not _is_something_else(each.value)):
                yield replace(each, box=line.box, confidence=line.confidence)


def _is_something_else(number: str) -> bool:
    """Whether it is the number of an article or a telephone, or begins with a day, as serial numbers do."""
    day = re.match(r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])", number)
    return day is not None or is_article(number)


def _behind(pair: Pair, known: Sequence[str], longest: int) -> tuple[_Read, ...]:
    """The numbers of a label's first value that has one of a carrier's form, or else any."""
    told = pair.line.confidence >= READ
    found = [
        tuple(
            replace(each, box=value.line.box, confidence=value.line.confidence, labelled=told and pair.tells(value))
            for each in _numbers(value.text, known, longest, labelled=True)
        )
        for value in pair.values
    ]
    best = [each for each in found if any(is_carriers(one.value) or one.value in known for one in each)]
    return next(iter((*best, *filter(None, found))), ())


def _numbers(text: str, known: Sequence[str], longest: int, *, labelled: bool) -> Iterator[_Read]:
    """The numbers in a text, without those that are phones, dates, amounts or sorting codes by their form."""
    bare = _OF_SEVERAL.sub("", _INSTANTS.sub(",", plain(text).upper()))
    if not labelled:
        bare = _PHONES_AND_ROUTES.sub(",", bare)
    for run in _RUN.findall(bare):
        whole = labelled or run == bare
        for joined in _joined(run, longest, whole=whole):
            value = joined if joined in known else _with_digits(joined)
            digits = sum(each.isdecimal() for each in value)
            if _SHORTEST <= len(value) <= longest and digits >= _FEWEST_DIGITS:
                guessed = value != joined and (value[0] != joined[0] or not _one_digit_only(joined, value))
                yield _Read(value, text, _NOWHERE, 0.0, labelled, guessed)


def _joined(run: str, longest: int, *, whole: bool) -> Iterator[str]:
    """Groups of one number as one; words among them are none of it, but for a carrier's letters."""
    groups: list[str] = []
    for part in re.split("[ -]", run):
        if part.isalpha() and part not in _BEGINNINGS:
            yield from _as_one(groups, longest, whole=whole)
            groups = []
        else:
            groups.append(part)
    yield from _as_one(groups, longest, whole=whole)


def _as_one(groups: Sequence[str], longest: int, *, whole: bool) -> Sequence[str]:
    joined = "".join(groups)
    carriers = joined.startswith(PREFIXES) and is_carriers(_with_digits(joined))
    return [joined] if joined and len(joined) <= longest and (whole or carriers) else groups


def _with_digits(number: str) -> str:
    """With digits where letters can't be."""
    for read, meant in _MISREAD_PREFIXES:
        if number.startswith(read) and is_carriers(meant + number[len(read) :].translate(_TO_DIGITS)):
            return meant + number[len(read) :].translate(_TO_DIGITS)
    prefix = next((each for each in _BY_LENGTH if number.startswith(each)), "")
    repaired = prefix + number[len(prefix) :].translate(_TO_DIGITS)
    if is_carriers(number) or fails_its_check(number) or not is_carriers(repaired):
        return number
    letters = sum(each.isalpha() for each in number[len(prefix) :])
    return repaired if letters <= _A_SLIP else number


def _one_digit_only(read: str, meant: str) -> bool:
    return all(one == other or one in _ONE_DIGIT_ONLY for one, other in zip(read, meant, strict=True))


def _is_slip(value: str, coded: Sequence[_Read]) -> bool:
    return any(0 < distance(value, each.value, _A_SLIP) <= _A_SLIP for each in coded)


def _once(read: Iterable[_Read]) -> tuple[_Read, ...]:
    """Each number once, as it was read best."""
    best: dict[str, _Read] = {}
    for each in read:
        before = best.get(each.value)
        if before is None or _worth(each) > _worth(before):
            best[each.value] = each
    return tuple(best.values())


def _worth(read: _Read) -> tuple[bool, bool, bool, float]:
    return read.barcode, not read.guessed, read.labelled and read.confidence >= READ, read.confidence


def _field(name: FieldName, read: _Read, known: Sequence[str]) -> Field:
    matches = _compared(read, known)
    by_itself = read.labelled and not read.guessed and not fails_its_check(read.value)
    sure = bool(matches) or read.barcode or (by_itself and read.confidence >= WELL_READ)
    return Field(name, read.value, read.text, read.box, read.confidence, sure, matches)


def _compared(read: _Read, known: Sequence[str]) -> bool | None:
    """Whether it is a number of the dispute. Poor print is neither that nor another one."""
    if not known:
        return None
    if read.value in known:
        return True if read.confidence >= (WELL_READ if read.guessed else READ) else None
    if read.barcode:
        return False
    if read.guessed or fails_its_check(read.value) or not (read.labelled or is_carriers(read.value)):
        return None
    return None if any(_may_be(read, each) for each in known) else False


def _may_be(read: _Read, known: str) -> bool:
    """Whether the number may be that one, with a letter lost, added or taken for another one."""
    if len(read.value) != len(known):
        return distance(read.value, known) <= _A_SLIP or (len(read.value) < len(known) and read.value in known)
    if read.value.translate(_TO_DIGITS) == known.translate(_TO_DIGITS):
        return True
    slips = sum(one != other for one, other in zip(read.value, known, strict=True))
    return read.confidence < WELL_READ and slips <= (_A_SLIP if read.confidence < READ else 1)

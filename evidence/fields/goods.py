"""Shop, product and model, as product documents name them."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from evidence.facts import CaseFacts
from evidence.fields.dates import days_in
from evidence.fields.model import READ, Field, FieldName
from evidence.fields.pairs import Page, Where
from evidence.fields.words import CJK, distance, holds, plain, squeezed
from evidence.text import Line

_GRANTED = re.compile(
    r"授权\s?[“\"「『《'”]?\s?([^“”\"「」『』《》,，。为為在:]{3,30}?)\s?(?:[”\"」』》“]|为|為|在|作为)"
)
_SHOP = re.compile(
    rf"([{CJK}A-Za-z0-9&·-]{{2,24}}(?:旗舰店|专营店|专卖店|生活馆|企业店|工厂店|自营店|官方店|旗艦店|專營店))"
)
_WORD = re.compile(rf"[{CJK}A-Za-z]")
_DIGIT = re.compile(r"\d")
_MODEL = re.compile(r"[A-Za-z0-9]")
_CLASS = re.compile(r"^\*[^*]{1,20}\*")
"""What tax invoices put before the name of goods: *日用品*陶瓷餐具."""
_SENTENCE = re.compile(r"^[在为為于於的]|本公司|我公司|我司|特此|销售.*(?:商品|产品)")
_ASIDE = re.compile(r"\s?\((?:以下|下称|简称|被授权|盖章|公章|签章)[^()]*\)$")
_ANYBODYS = "名称"
"""The label of a buyer, of a seller, and of a column of goods."""
_SHORTEST_PART = 3
_NEARLY_ALL = 0.8
"""Of a shop's name: how much of it must be there, where not all is."""
_LONGEST = 40
_CLEAR = 0.97
"""Confidence from which no letter of a name is wrong, that nothing else can check."""
_GUESSED = 100
"""Rank of what stands behind no label."""


type _Same = Callable[[str, str], bool]
"""Whether what was read is one of the dispute's own."""


@dataclass(frozen=True, slots=True)
class _Read:
    value: str
    text: str
    line: Line
    confidence: float
    rank: int
    certain: bool


def shops_in(page: Page, facts: CaseFacts) -> Iterator[Field]:
    known = tuple(each for each in [facts.shop_name] if each.strip())
    read = [*_behind(page, FieldName.SHOP_NAME, _is_shops), *_granted(page), *_shops(page)]
    yield from _fields(FieldName.SHOP_NAME, [*read, *_known(page, known)], known, _is_shop)


def products_in(page: Page, facts: CaseFacts) -> Iterator[Field]:
    read = [*_behind(page, FieldName.PRODUCT_NAME, _is_name), *_known(page, facts.products)]
    yield from _fields(FieldName.PRODUCT_NAME, read, facts.products, _is_product)


def models_in(page: Page, facts: CaseFacts) -> Iterator[Field]:
    for each in sorted(_behind(page, FieldName.MODEL, _is_model), key=lambda one: one.rank):
        named = any(holds(title, each.value) for title in facts.products)
        matches = True if named and each.confidence >= READ else None
        # Words and days are of the next row, where a paper leans more than was thought.
        formed = _DIGIT.search(each.value) is not None and next(days_in(each.value, labelled=False), None) is None
        sure = each.certain and formed and each.confidence >= _CLEAR
        yield Field(FieldName.MODEL, each.value, each.text, each.line.box, each.confidence, sure, matches)


def _fields(name: FieldName, read: Sequence[_Read], known: Sequence[str], same: _Same) -> Iterator[Field]:
    """What the dispute knows comes first."""
    compared = [(_matches(each, known, same), each) for each in read]
    for matches, each in sorted(compared, key=lambda one: (one[0] is not True, one[1].rank)):
        sure = (each.certain and each.confidence >= _CLEAR) or bool(matches)
        yield Field(name, each.value, each.text, each.line.box, each.confidence, sure, matches)


def _behind(page: Page, name: FieldName, fits: Callable[[str], bool]) -> Iterator[_Read]:
    for rank, pair in page.of(name):
        for value in pair.values:
            text = _ASIDE.sub("", _CLASS.sub("", value.text)).strip(" \"“”'「」.,:;|_-")
            if fits(text) and not (pair.label == _ANYBODYS and value.where is not Where.BEHIND):
                certain = pair.tells(value) and value.where is not Where.BELOW and pair.label != _ANYBODYS
                yield _Read(text, value.text, value.line, pair.confidence(value), rank, certain)
                break


def _granted(page: Page) -> Iterator[_Read]:
    """Whom a letter authorises, in running text."""
    for line in page.lines:
        match = _GRANTED.search(plain(line.text))
        if match and _is_name(name := _ASIDE.sub("", match.group(1)).strip()):
            yield _Read(name, line.text, line, line.confidence, _GUESSED, certain=False)


def _shops(page: Page) -> Iterator[_Read]:
    """What is called like a shop."""
    for line in page.free:
        if match := _SHOP.search(plain(line.text)):
            yield _Read(match.group(1), line.text, line, line.confidence, _GUESSED + 1, certain=False)


def _known(page: Page, names: Sequence[str]) -> Iterator[_Read]:
    """The dispute's own names, wherever they stand."""
    for line in page.lines:
        for name in names:
            if len(squeezed(name)) >= _SHORTEST_PART and holds(line.text, name):
                yield _Read(name, line.text, line, line.confidence, 2 * _GUESSED, certain=False)


def _matches(read: _Read, known: Sequence[str], same: _Same) -> bool | None:
    """The same, another one, or None where it may be the same in other words, or misread."""
    value = squeezed(read.value)
    if not known or not value:
        return None
    if any(same(read.value, each) for each in known):
        return True if read.confidence >= READ else None
    far = all(_is_other(value, squeezed(each)) for each in known)
    return False if far and read.certain and read.confidence >= _CLEAR else None


def _is_product(value: str, name: str) -> bool:
    """One is the other, or in it: titles of goods are longer than their names."""
    shorter, longer = sorted((value, name), key=lambda each: len(squeezed(each)))
    return holds(longer, shorter) and (len(squeezed(shorter)) >= _SHORTEST_PART or squeezed(value) == squeezed(name))


def _is_shop(value: str, name: str) -> bool:
    """The whole name is there, or nearly all of it: what kind of shop it is, is no name."""
    read, known = len(squeezed(value)), len(squeezed(name))
    if read < known:
        return read >= _NEARLY_ALL * known and holds(name, value)
    return holds(value, name) and (known >= _SHORTEST_PART or read == known)


def _is_other(value: str, name: str) -> bool:
    """No two letters in a row in common, nor nearly the same."""
    pieces = {name[at : at + 2] for at in range(len(name) - 1)}
    shared = any(value[at : at + 2] in pieces for at in range(len(value) - 1))
    return not shared and distance(value, name, 1) > 1


def _is_name(text: str) -> bool:
    return 2 <= len(text) <= _LONGEST and _WORD.search(text) is not None  # noqa: PLR2004 (letters)


def _is_shops(text: str) -> bool:
    """Whether it is a name, and not how a letter goes on behind 授权经销商."""
    return _is_name(text) and _SENTENCE.search(text) is None


def _is_model(text: str) -> bool:
    return 0 < len(text) <= _LONGEST and (_MODEL.search(text) is not None or len(text) > 1) and not text.endswith(":")

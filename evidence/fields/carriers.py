"""Carriers: what they are called, and the forms of their waybill numbers."""

import re
from collections.abc import Iterator

from evidence.fields.model import WELL_READ, Field, FieldName
from evidence.fields.pairs import Page
from evidence.fields.words import listed, plain

_NAMES = listed(
    "顺丰速运|顺丰快递|顺丰速递|顺丰同城|顺丰快运|顺丰|順豐速運|中通快递|中通快运|中通速递|中通|圆通速递|圆通快递|"
    "圆通|申通快递|申通速递|申通|韵达快递|韵达速递|韵达快运|韵达|极兔速递|极兔快递|极兔|京东快递|京东物流|京东快运|"
    "德邦快递|德邦物流|德邦|百世快递|百世快运|天天快递|邮政快递包裹|中国邮政EMS|中国邮政速递物流|中国邮政|邮政EMS|"
    "邮政速递|丰网速运|菜鸟速递|菜鸟裹裹|安能物流|安能快递|跨越速运|壹米滴答|宅急送|优速快递|速尔快递|国通快递|"
    "众邮快递|丹鸟快递|SF EXPRESS|ZTO EXPRESS|YTO EXPRESS|STO EXPRESS|J&T EXPRESS|FEDEX|UPS|DHL|TNT|USPS|EMS|"
    "ARAMEX|YUNDA"
)
_LATIN = "(?<![A-Z0-9])(?:{})(?![A-Z0-9])"
_NAME = re.compile(
    "|".join(
        _LATIN.format(re.escape(each)) if each.isascii() else re.escape(each)
        for each in sorted(_NAMES, key=len, reverse=True)
    ),
    re.IGNORECASE,
)

PREFIXES = (
    "SF",
    "YT",
    "JT",
    "JDVA",
    "JDVB",
    "JDVC",
    "JDVE",
    "JDX",
    "JD",
    "DPK",
    "STO",
    "ZTO",
    "YD",
    "BEST",
    "KYE",
    "FW",
)
"""Letters that a number of digits may begin with."""
_DIGITS_AFTER = {
    "SF": (12, 13),
    "YT": (13, 13),
    "JT": (13, 13),
    "DPK": (10, 13),
    "KYE": (9, 12),
}
_DIGITS_ALONE = (12, 15)
"""How many digits a number without letters has: ZTO, STO, Yunda, EMS, FedEx."""
_POSTAL = re.compile(r"([A-Z]{2})(\d{8})(\d)([A-Z]{2})")
_POSTAL_WEIGHTS = (8, 6, 4, 2, 3, 5, 9, 7)
_UPS = re.compile(r"1Z[0-9A-Z]{16}")
_PREFIXED = re.compile(rf"({'|'.join(sorted(PREFIXES, key=len, reverse=True))})(\d+)")


def carriers_in(page: Page) -> Iterator[Field]:
    """The carriers that are named, in the order of the page."""
    for line in page.lines:
        text = plain(line.text)
        match = _NAME.search(text)
        if match:
            alone = len(match.group()) * 2 >= len(text)
            sure = alone and line.confidence >= WELL_READ
            yield Field(FieldName.CARRIER, match.group(), line.text, line.box, line.confidence, sure, None)


def names_carrier(text: str) -> bool:
    return _NAME.search(plain(text)) is not None


def is_carriers(number: str) -> bool:
    """Whether a number, in capitals and without spaces, has the form of a known carrier's; check digits hold."""
    if _UPS.fullmatch(number):
        return _ups_checks(number)
    if postal := _POSTAL.fullmatch(number):
        return _postal_checks(postal.group(2), int(postal.group(3)))
    if prefixed := _PREFIXED.fullmatch(number):
        least, most = _DIGITS_AFTER.get(prefixed.group(1), (9, 15))
        return least <= len(prefixed.group(2)) <= most
    return number.isdecimal() and _DIGITS_ALONE[0] <= len(number) <= _DIGITS_ALONE[1] and len(set(number)) > 2  # noqa: PLR2004 (no row of noughts)


def fails_its_check(number: str) -> bool:
    """Whether it has the form of a number with a check digit that doesn't hold: a letter of it was misread."""
    checked = _UPS.fullmatch(number) or _POSTAL.fullmatch(number)
    return checked is not None and not is_carriers(number)


def _postal_checks(serial: str, check: int) -> bool:
    """S10 of the Universal Postal Union: EMS and registered post."""
    left = 11 - sum(int(digit) * weight for digit, weight in zip(serial, _POSTAL_WEIGHTS, strict=True)) % 11
    return {10: 0, 11: 5}.get(left, left) == check


def _ups_checks(number: str) -> bool:
    """Letters count as digits (A as 2, B as 3 …), every second one twice."""
    values = [int(each) if each.isdecimal() else (ord(each) - 63) % 10 for each in number[2:]]
    total = sum(values[0:15:2]) + 2 * sum(values[1:15:2])
    return (-total) % 10 == values[15]

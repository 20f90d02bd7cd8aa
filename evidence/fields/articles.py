"""Numbers of goods and telephones, which cartons bear as barcodes and which have the length of waybill numbers."""

import re

_LENGTHS = (12, 13, 14)
"""Digits of a UPC, an EAN, and of the code of a carton that holds several."""
_LIKE_CARRIERS = re.compile(r"4[36]|31|7[3-8]|9[89]|1[12]")
"""What numbers of Yunda, ZTO, STO and the post begin with. One in ten of them passes for a GTIN."""
_IMEI = re.compile(r"(?:35|86|01|99)\d{13}")


def is_article(number: str) -> bool:
    """Whether it is the number of an article (GTIN) or a telephone (IMEI), by its form and check digit."""
    if not (number.isascii() and number.isdecimal()):
        return False
    if len(number) in _LENGTHS:
        return _sums(number, 3) and not _LIKE_CARRIERS.match(number)
    return _IMEI.fullmatch(number) is not None and _luhn(number)


def is_carton(number: str) -> bool:
    """Whether a code of 14 digits that carriers never use (ITF) holds a GTIN."""
    return number.isdecimal() and len(number) == _LENGTHS[-1] and _sums(number, 3)


def _sums(number: str, weight: int) -> bool:
    """Every second digit counts threefold, the check digit last and once."""
    digits = [int(each) for each in reversed(number)]
    return (sum(digits[::2]) + weight * sum(digits[1::2])) % 10 == 0


def _luhn(number: str) -> bool:
    """Every second digit counts twice, and then both its digits."""
    digits = [int(each) for each in reversed(number)]
    return (sum(digits[::2]) + sum(sum(divmod(2 * each, 10)) for each in digits[1::2])) % 10 == 0

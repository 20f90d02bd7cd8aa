"""Amounts in the capitals that Chinese receipts repeat them in, e.g. 贰佰零陆元柒角陆分."""

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLACES = ("", "拾", "佰", "仟")


def in_capitals(fen: int) -> str:
    """For less than a hundred million yuan."""
    whole, rest = divmod(fen, 100)
    jiao, cents = divmod(rest, 10)
    head = f"{_whole(whole)}元" if whole else ""
    if not rest:
        return f"{head or '零元'}整"
    middle = f"{_DIGITS[jiao]}角" if jiao else "零" if whole else ""
    return head + middle + (f"{_DIGITS[cents]}分" if cents else "整")


def _whole(number: int) -> str:
    high, low = divmod(number, 10_000)
    gap = "零" if high and 0 < low < 1_000 else ""
    return (f"{_section(high)}万{gap}" if high else "") + _section(low)


def _section(number: int) -> str:
    """Up to four digits; a run of zeros between others is said once."""
    said = ""
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            said += _DIGITS[digit] + _PLACES[place]
        elif said and not said.endswith("零") and number % 10**place:
            said += "零"
    return said

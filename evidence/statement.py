"""A3: a text that says nothing about the matter is no answer.

Only what is certain is refused: bare punctuation and emoji, one character repeated, a number too short to be one of
anything, keys struck in a row, and texts made of nothing but words that acknowledge, greet, thank or test. One word
more, and the text is taken: "已退款", "It broke" and a bare waybill number are short and honest. A denial ("no",
"没有") is left alone too, since it takes a position.
"""

import re
import unicodedata

from evidence.finding_messages import open_findings
from evidence.messages import Code, accepted_media, defect
from evidence.model import Defect, Inspection
from policies.model import Medium, Requirement

_ZH = (
    # acknowledged
    *("好", "行", "是", "对", "嗯", "恩", "可以", "可", "成", "妥", "遵命"),
    *("知道", "收到", "明白", "了解", "懂", "知悉", "知晓", "已知悉", "已知晓", "已了解", "已明白", "已阅"),
    *("我知道", "我明白", "我了解", "我懂", "我们知道", "我们明白", "我们了解"),
    # polite
    *("没问题", "没事", "没关系", "不客气", "不用谢", "谢", "谢谢", "多谢", "感谢", "谢谢你", "谢谢您", "辛苦"),
    *("你好", "您好", "在", "在吗", "拜拜", "再见"),
    # sounds
    *("哦", "噢", "喔", "啊", "呃", "额", "诶", "哎", "唉", "哈", "呵", "嘿", "嘻", "哼", "呜"),
    # tests
    *("测试", "测试一下", "试试"),
)
_ZH_PARTICLES = "了的吧呀呢嘛啦哒滴嘞"
_EN = (
    # acknowledged
    *("ok", "okay", "okey", "oke", "okie", "k", "kk", "okk", "yes", "yeah", "yep", "yup", "ya", "y", "sure", "noted"),
    *("fine", "good", "great", "nice", "cool", "perfect", "right", "alright", "all right", "all good", "of course"),
    *("got it", "i see", "i know", "i understand", "understood", "will do", "no problem", "no problems", "np"),
    # polite
    *("thanks", "thank you", "thx", "ty", "please", "pls", "welcome", "you are welcome", "hi", "hello", "hey", "bye"),
    # sounds
    *("lol", "wow", "oh", "ah", "eh", "um", "uh", "hm", "hmm", "hmmm", "er"),
    # tests, and what forms are filled with
    *("test", "testing", "abc", "xxx", "na", "n a", "nil", "null", "nothing", "blah"),
)
_KEYBOARD_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_SHORTEST_RUN = 3
_SHORTEST_NUMBER = 6
"""Digits: waybill, order and phone numbers, and dates, have more or as many."""
_DIGITS_IN_ORDER = "01234567890123456789"
_SHORTEST_SEESAW = 4

_WORDS = re.compile(r"[\u3400-\u9fff]+|\d+|[^\W\d_\u3400-\u9fff]+")
# Possessive (++): no way back into a long text, in which the same words could be split in very many ways.
_CHINESE = re.compile(f"(?:{'|'.join(sorted(_ZH, key=len, reverse=True))}|[{_ZH_PARTICLES}])++")
_ENGLISH = re.compile(rf"(?:(?:{'|'.join(sorted(_EN, key=len, reverse=True))})(?: |$))++")
_RUNS = sorted(
    (
        row[start:end]
        for forward in _KEYBOARD_ROWS
        for row in (forward, forward[::-1])
        for start in range(len(row))
        for end in range(start + _SHORTEST_RUN, len(row) + 1)
    ),
    key=len,
    reverse=True,
)
_MASHED = re.compile(f"(?:{'|'.join(_RUNS)})++")


def inspect_statement(text: str, requirement: Requirement) -> Inspection:
    """Looks at a written statement as evidence for one requirement: what it says is for the reviewer (A3, A13)."""
    if Medium.STATEMENT in requirement.media:
        refused = meaningless(text)
    else:
        refused = defect(Code.MEDIUM_NOT_ACCEPTED, **accepted_media(requirement))
    findings = () if refused else open_findings(requirement)
    return Inspection(Medium.STATEMENT, "text/plain", refused, findings)


def meaningless(text: str) -> Defect | None:
    """Why a text says nothing (A3); None if it may say something. Full-width forms count as what they stand for."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    visible = [each for each in plain if not each.isspace() and unicodedata.category(each)[0] != "C"]
    if not visible:
        return defect(Code.STATEMENT_EMPTY)
    # Letters and numbers carry meaning; punctuation, symbols (emoji) and marks alone don't.
    spoken = "".join(each for each in visible if unicodedata.category(each)[0] in "LN")
    return defect(Code.STATEMENT_MEANINGLESS) if _says_nothing(spoken, _WORDS.findall(plain)) else None


def _says_nothing(spoken: str, words: list[str]) -> bool:
    return len(set(spoken)) <= 1 or _is_seesaw(spoken) or _is_filler(words)


def _is_seesaw(spoken: str) -> bool:
    """Two letters or digits in turn ("hahaha", "1212"). Two Chinese characters can be words."""
    return len(spoken) >= _SHORTEST_SEESAW and len(set(spoken)) <= 2 and spoken.isascii()  # noqa: PLR2004 (two)


def _is_filler(words: list[str]) -> bool:
    numbers = [each for each in words if each.isdecimal()]
    letters = [each for each in words if not each.isdecimal()]
    chinese = [each for each in letters if _is_chinese(each)]
    others = [each for each in letters if not _is_chinese(each)]
    return (
        not _is_number("".join(numbers))
        and all(_CHINESE.fullmatch(each) for each in chinese)
        and (not others or _ENGLISH.fullmatch(" ".join(others)) is not None or all(map(_MASHED.fullmatch, others)))
    )


def _is_number(digits: str) -> bool:
    """Whether digits can be the number of something."""
    return (
        len(digits) >= _SHORTEST_NUMBER
        and len(set(digits)) > 1
        and digits not in _DIGITS_IN_ORDER
        and digits not in _DIGITS_IN_ORDER[::-1]
    )


def _is_chinese(word: str) -> bool:
    return "\u3400" <= word[0] <= "\u9fff"

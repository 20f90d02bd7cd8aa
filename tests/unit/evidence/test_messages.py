"""Every code has its sentence and its fix in both languages, and docs/evidence.md tells all of them."""

import re
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

from evidence.finding_messages import FINDINGS, KINDS, FindingCode, finding_fix, finding_message
from evidence.messages import SENTENCES, Code
from policies.model import Bilingual, DocumentKind

GUIDE = Path(__file__).parents[3] / "docs" / "evidence.md"
SAID = [
    *((code, said) for code, sentence in SENTENCES.items() for said in (sentence.message, sentence.fix)),
    *(
        (code, said)
        for code, sentence in FINDINGS.items()
        for said in (sentence.message, sentence.fix)
        if isinstance(said, Bilingual)
    ),
]


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize(("code", "said"), SAID)
def test_every_code_says_what_is_wrong_and_what_to_do_in_both_languages(code, said):
    del code
    assert said.en.endswith(".")
    assert said.zh.endswith("。")
    assert re.search(r"[\u4e00-\u9fff]", said.zh)
    assert {each.removesuffix("_en") for each in fields(said.en)} == {
        each.removesuffix("_zh") for each in fields(said.zh)
    }


def test_no_code_is_without_its_sentence():
    assert set(SENTENCES) == set(Code)
    assert set(FINDINGS) == set(FindingCode)
    assert set(KINDS) == set(DocumentKind)


def test_a_finding_about_a_kind_names_it():
    said = finding_message(FindingCode.KIND_REFUSED, DocumentKind.CHAT_TRANSFER)
    assert "a chat or wallet transfer" in said.en
    assert "聊天或钱包转账记录" in said.zh


def test_the_fix_of_a_finding_is_its_own_or_the_policys_or_nothing():
    of_point = Bilingual("Take it again.", "请重新拍摄。")
    assert finding_fix(FindingCode.NOT_SEEN, of_point) == of_point
    assert finding_fix(FindingCode.LEGIBLE, of_point) is None
    assert finding_fix(FindingCode.OTHER_WAYBILL, of_point) not in (None, of_point)


def test_the_guide_tells_every_code_and_no_other():
    _, _, codes = GUIDE.read_text(encoding="utf-8").partition("## Codes")
    told = re.findall(r"^\| `([a-z_]+)` \|", codes, re.MULTILINE)
    assert sorted(told) == sorted(chain(Code, FindingCode))


@pytest.mark.parametrize(("code", "said"), SAID)
def test_the_guide_tells_what_is_said(code, said):
    assert said.en in GUIDE.read_text(encoding="utf-8"), code

"""Every code has its sentence and its fix in both languages, and docs/evidence.md tells all of them."""

import re
from pathlib import Path
from string import Formatter

import pytest

from evidence.messages import SENTENCES, Code

GUIDE = Path(__file__).parents[3] / "docs" / "evidence.md"


def fields(text):
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("code", Code)
def test_every_code_says_what_is_wrong_and_what_to_do_in_both_languages(code):
    sentence = SENTENCES[code]
    for said in (sentence.message, sentence.fix):
        assert said.en.endswith(".")
        assert said.zh.endswith("。")
        assert re.search(r"[\u4e00-\u9fff]", said.zh)
        assert {each.removesuffix("_en") for each in fields(said.en)} == {
            each.removesuffix("_zh") for each in fields(said.zh)
        }


def test_the_guide_tells_every_code_and_no_other():
    _, _, codes = GUIDE.read_text(encoding="utf-8").partition("## Codes")
    told = re.findall(r"^\| `([a-z_]+)` \|", codes, re.MULTILINE)
    assert sorted(told) == sorted(Code)


def test_the_guide_tells_the_fix_of_every_code():
    guide = GUIDE.read_text(encoding="utf-8")
    for code, sentence in SENTENCES.items():
        assert sentence.fix.en in guide, code

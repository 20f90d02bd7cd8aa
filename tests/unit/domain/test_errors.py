"""Every refusal says what is wrong and what to do, in both languages."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chalicelib import domain
from chalicelib.domain import errors
from chalicelib.domain.deadline import DeadlineKind
from chalicelib.domain.errors import AppealQuotaExceeded, EvidenceIncomplete, InvalidRuling, Refusal, WrongState
from chalicelib.domain.model import AppealStatus, Status
from chalicelib.domain.moves import MOVES
from chalicelib.domain.words import WORDS
from policies.model import Medium

CHINESE = re.compile("[\u4e00-\u9fff]")
SOURCE = "\n".join(each.read_text(encoding="utf-8") for each in Path(domain.__file__).parent.rglob("*.py"))


def refusals(kind: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    for each in kind.__subclasses__():
        yield each
        yield from refusals(each)


OWN = [each for each in refusals() if each.__module__.startswith(errors.__name__)]


@pytest.mark.parametrize("kind", OWN, ids=lambda each: each.__name__)
def test_a_refusal_has_a_code_a_sentence_and_a_fix_in_both_languages(kind):
    assert re.fullmatch(r"[a-z][a-z_]+", kind.code)
    for sentence in (kind.says, kind.fix):
        assert sentence.en.endswith(".")
        assert CHINESE.search(sentence.zh)


def test_no_two_refusals_share_a_code():
    assert len({each.code for each in OWN}) == len(OWN)


def test_a_sentence_quotes_its_facts_in_its_own_language():
    said = WrongState(action="contest", status="final").messages
    assert said.en == "A dispute that is final doesn't allow to contest the claim."
    assert "已生效" in said.zh
    assert "final" not in said.zh


def test_several_facts_are_listed_and_instants_are_written_out():
    assert "proof, report" in EvidenceIncomplete(blocking=("proof", "report")).messages.en
    reopens = datetime(2026, 11, 30, 16, tzinfo=UTC)
    said = AppealQuotaExceeded(period="2026-11", used=4, limit=3, reopens=reopens).messages
    assert "2026-11-30 16:00:00 UTC" in said.en
    assert "2026-11-30 16:00:00 UTC" in said.zh


def test_what_isnt_consistent_in_a_ruling_is_said_in_words():
    said = InvalidRuling(problem="does_not_add_up").messages
    assert "add up" in said.en
    assert "金额" in said.zh


@pytest.mark.parametrize(
    "codes",
    [
        {each.value for each in Status},
        {each.value for each in DeadlineKind},
        {each.value for each in AppealStatus},
        {each.value for each in Medium},
        {each.name for each in MOVES.values()} - {"lapse"},
        set(re.findall(r'(?:problem|why)="([a-z_]+)"', SOURCE)),
    ],
)
def test_what_a_sentence_can_quote_has_words(codes):
    assert codes
    assert codes <= set(WORDS)

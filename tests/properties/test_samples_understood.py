"""The samples are understood: every field right, nothing certain that isn't so, every wrong number noticed."""

from functools import cache
from random import Random

import pytest

from bench import photo
from bench.documents.model import Kind, Severity
from bench.evidence import Tally, Timed, judge, samples
from evidence.ocr.onnx import OnnxRecogniser

pytestmark = pytest.mark.slow


@cache
def tally() -> Tally:
    """Of the easy and the medium ones together."""
    found, rules, recogniser = Tally(), photo.policy(), Timed(OnnxRecogniser.load())
    for document in samples():
        if document.severity is not Severity.HARD:
            judge(document, rules, recogniser, found, Random(7))  # noqa: S311 (to try the same numbers again)
    return found


def test_every_field_is_read_right():
    right, total = tally().right
    assert (right, tally().misread) == (total, [])
    assert total > 40


def test_a13_nothing_is_called_met_or_not_met_that_isnt_so():
    assert dict(tally().mistakes) == {"met": [], "not_met": []}
    assert tally().points["met"] > 30


def test_every_other_waybill_number_is_noticed():
    assert set(tally().wrong_numbers) == {"noticed"}


def test_a8_the_chat_screenshot_and_the_labels_are_told_apart_from_receipts():
    assert set(tally().kinds[Kind.CHAT]) == set(tally().kinds[Kind.WAYBILL]) == {"recognised"}


def test_a7_the_stamps_are_seen_and_no_other():
    assert set(tally().stamps) == {"seen"}

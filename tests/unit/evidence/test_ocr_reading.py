"""What the reader's answer means, which readings count, and in which order they are told."""

import numpy as np
import pytest
from PIL import Image

from evidence.ocr.models import tensor_of
from evidence.ocr.onnx import OnnxRecogniser
from evidence.ocr.order import best_of, in_order
from evidence.ocr.reader import Reading, affordable, decoded
from evidence.ocr.strips import Strip
from evidence.text import Box, Line, RecogniserError

CHARACTERS = ("", "A", "B", " ")


def chances(best, sure=0.8):
    answer = np.full((len(best), len(CHARACTERS)), (1 - sure) / 3, dtype=np.float32)
    answer[np.arange(len(best)), best] = sure
    return answer


def a_reading(text, *, confidence=0.9, x=50.0, width=60.0):
    return Reading(Strip((x, 20), (width / 2, 0), (0, 5)), text, confidence)


def a_line(text, left, top, *, height=0.04, width=0.2):
    return Line(text, Box(left, top, left + width, top + height), 0.99)


def texts(lines):
    return [line.text for line in lines]


@pytest.mark.parametrize(
    ("best", "text"),
    [
        ([1, 1, 0, 2, 2, 2], "AB"),
        ([1, 0, 1], "AA"),
        ([1, 1, 1], "A"),
        ([0, 1, 3, 2, 0], "A B"),
        ([3, 1, 3], "A"),
        ([0, 0, 0], ""),
    ],
)
def test_a_character_goes_on_until_a_blank_or_another(best, text):
    assert decoded(chances(best), CHARACTERS)[0] == text


def test_confidence_is_the_mean_over_characters_as_they_begin():
    answer = np.concatenate((chances([1, 1], 0.9), chances([0], 0.7), chances([2], 0.5)))
    text, confidence = decoded(answer, CHARACTERS)
    assert text == "AB"
    assert confidence == pytest.approx(0.7)


def test_nothing_read_is_no_confidence():
    assert decoded(chances([0, 0]), CHARACTERS) == ("", 0.0)


def test_what_is_no_letter_and_what_is_not_sure_says_nothing():
    assert a_reading("王").legible
    assert a_reading("¥161.46").legible
    assert not a_reading("★■").legible
    assert not a_reading("IlI", confidence=0.4).legible
    assert not a_reading("").legible


def test_the_whole_is_worth_more_than_its_parts():
    whole, left, right = a_reading("2026-08-18"), a_reading("2026-08", x=35, width=30), a_reading("18", x=72, width=16)
    assert best_of([left, right, whole]) == [whole]


def test_the_parts_are_worth_more_than_a_whole_that_is_noise():
    whole, left = a_reading("Z0Z6-O8-1B", confidence=0.5), a_reading("2026-08", x=35, width=30)
    assert best_of([whole, left]) == [left]


def test_readings_side_by_side_are_kept():
    one, other = a_reading("one", x=50), a_reading("other", x=120)
    assert best_of([one, other]) == [other, one]


def test_lines_are_told_top_to_bottom():
    assert texts(in_order([a_line("c", 0.1, 0.8), a_line("a", 0.5, 0.1), a_line("b", 0.1, 0.3)])) == ["a", "b", "c"]


def test_what_stands_in_one_row_is_told_left_to_right_though_it_is_not_quite_level():
    row = [a_line("right", 0.7, 0.30), a_line("left", 0.1, 0.31), a_line("middle", 0.4, 0.305)]
    assert texts(in_order([a_line("below", 0.1, 0.36), *row])) == ["left", "middle", "right", "below"]


def test_a_high_line_beside_low_ones_does_not_make_one_row_of_them():
    high, first, second = a_line("high", 0.6, 0.1, height=0.2), a_line("1", 0.1, 0.12), a_line("2", 0.1, 0.24)
    assert texts(in_order([second, high, first])) == ["1", "high", "2"]


def test_a_network_takes_blue_first_and_grey_as_nothing():
    tensor = tensor_of(Image.new("RGB", (4, 2), (255, 0, 0)))
    assert tensor.shape == (1, 3, 2, 4)
    assert tensor[0, :, 0, 0].tolist() == [-1, -1, 1]


def test_a_wall_of_texture_is_not_read_to_its_end():
    long, short = Strip((0, 0), (1000, 0), (0, 5)), Strip((0, 0), (20, 0), (0, 10))
    assert len(list(affordable([long] * 200))) == 37
    assert len(list(affordable([short] * 200))) == 200


def test_without_its_models_the_recogniser_says_so(tmp_path):
    with pytest.raises(RecogniserError, match="PP-OCRv6_det_small"):
        OnnxRecogniser(tmp_path).read(Image.new("RGB", (64, 64)))


def test_with_damaged_models_too(tmp_path):
    (tmp_path / "PP-OCRv6_det_small.onnx").write_bytes(b"no model")
    with pytest.raises(RecogniserError, match="PP-OCRv6_det_small"):
        OnnxRecogniser(tmp_path).read(Image.new("RGB", (64, 64)))


def test_a_picture_too_small_for_a_letter_has_none(tmp_path):
    assert OnnxRecogniser(tmp_path).read(Image.new("RGB", (2000, 7))) == ()

"""What Textract tells is told as every recogniser tells it."""

import io
import os
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.stub import ANY, Stubber
from PIL import Image

from chalicelib.store.textract import TextractRecogniser, _jpeg
from evidence.text import Box, Line, RecogniserError

PICTURE = Image.new("RGB", (400, 300), "white")
AT_MOST = 10 * 1024 * 1024


@pytest.fixture
def client() -> Any:
    return boto3.client("textract", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")


@pytest.fixture
def textract(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def block(kind: str, text: str, at: tuple[float, float], width: float = 0.25, confidence: float = 99.5) -> Any:
    box = {"Left": at[0], "Top": at[1], "Width": width, "Height": 0.125}
    return {"BlockType": kind, "Text": text, "Confidence": confidence, "Geometry": {"BoundingBox": box}}


def answer(textract: Stubber, *blocks: Any) -> None:
    textract.add_response("detect_document_text", {"Blocks": list(blocks)}, {"Document": {"Bytes": ANY}})


def test_a_line_has_its_text_its_place_and_a_confidence_from_0_to_1(client, textract):
    answer(textract, block("LINE", "TRACKING NUMBER", (0.25, 0.5), confidence=87.5))
    assert TextractRecogniser(client).read(PICTURE) == (Line("TRACKING NUMBER", Box(0.25, 0.5, 0.5, 0.625), 0.875),)


def test_words_and_pages_are_not_told_again_beside_their_lines(client, textract):
    page = {"BlockType": "PAGE", "Geometry": {"BoundingBox": {"Left": 0, "Top": 0, "Width": 1, "Height": 1}}}
    answer(textract, page, block("LINE", "Kg 1.2", (0, 0)), block("WORD", "Kg", (0, 0)), block("WORD", "1.2", (0.1, 0)))
    assert [line.text for line in TextractRecogniser(client).read(PICTURE)] == ["Kg 1.2"]


def test_lines_are_told_from_top_to_bottom_and_in_a_row_from_left_to_right(client, textract):
    answer(textract, block("LINE", "c", (0, 0.5)), block("LINE", "b", (0.5, 0.01)), block("LINE", "a", (0, 0.02)))
    assert [line.text for line in TextractRecogniser(client).read(PICTURE)] == ["a", "b", "c"]


def test_a_place_is_never_outside_the_picture(client, textract):
    answer(textract, block("LINE", "wide", (-0.001, 0.9), width=1.01))
    (line,) = TextractRecogniser(client).read(PICTURE)
    assert line.box == Box(0, 0.9, 1, 1)


def test_a_picture_without_text_has_no_lines(client, textract):
    answer(textract)
    assert TextractRecogniser(client).read(PICTURE) == ()


def test_a_refusal_of_textract_is_an_error_of_the_recogniser(client, textract):
    textract.add_client_error("detect_document_text", "ProvisionedThroughputExceededException", "too many at once")
    with pytest.raises(RecogniserError, match="too many at once"):
        TextractRecogniser(client).read(PICTURE)


def test_textract_out_of_reach_is_an_error_of_the_recogniser():
    nowhere = boto3.client(
        "textract", "eu-west-1", aws_access_key_id="a", aws_secret_access_key="b", endpoint_url="http://127.0.0.1:1"
    )
    with pytest.raises(RecogniserError, match="Could not connect"):
        TextractRecogniser(nowhere).read(PICTURE)


def test_the_largest_picture_fits_even_as_mere_noise():
    noise = Image.frombytes("RGB", (2000, 2000), os.urandom(2000 * 2000 * 3))
    sent = _jpeg(noise)
    assert len(sent) <= AT_MOST
    assert Image.open(io.BytesIO(sent)).size == noise.size

"""A PDF's pages come as pictures, within limits whatever is in it; where that fails, there are fewer (A13)."""

import io
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from evidence.pages import render
from tests.unit.evidence.build import LIMITS, a_pdf, a_picture, encoded
from tests.unit.evidence.documents import a_document, a_stream


def rendered(content, **given):
    return list(render(content, replace(LIMITS, **given)))


def test_a_page_is_rendered_upright_in_its_colours():
    (page,) = rendered(a_document(b"1 0 0 rg 0 150 200 150 re f"))
    assert (page.mode, page.height) == ("RGB", 1999)
    assert page.width == pytest.approx(1333, abs=1)
    assert page.getpixel((600, 300)) == (255, 0, 0)
    assert page.getpixel((600, 1700)) == (255, 255, 255)


def test_a_scan_is_rendered_as_it_was_scanned():
    out = io.BytesIO()
    a_picture((400, 300)).save(out, "PDF")
    (page,) = rendered(out.getvalue())
    assert page.size == (1999, 1500)
    assert page.getpixel((1800, 700)) == (0, 0, 0)


def test_there_are_no_more_pages_than_the_limit():
    assert len(rendered(a_pdf(4), max_pdf_pages=3)) == 3


def test_a_reader_may_stop_after_the_first_page():
    pages = render(a_document(pages=5), LIMITS)
    assert next(iter(pages)).height == 1999


def test_a_pdf_that_is_only_restricted_is_rendered():
    assert len(rendered(a_pdf(2, password="", owner_password="secret"))) == 2


@pytest.mark.parametrize(
    "content",
    [b"", b"%PDF-1.7", b"%PDF-1.7 and nothing else" * 99, a_pdf(password="secret"), encoded(Image.new("L", (9, 9)))],
    ids=["empty", "a beginning", "broken", "encrypted", "a picture"],
)
def test_what_can_not_be_opened_has_no_pages(content):
    assert not rendered(content)


@pytest.mark.parametrize(
    "media_box",
    [b"0 0 1e9 1e9", b"0 0 14400 1", b"0 0 0.001 9", b"0 0 0 0", b"-9e30 -9e30 9e30 9e30", b"0 0 200", b"200 300 0 0"],
)
def test_a_page_of_any_size_is_at_most_2000_pixels(media_box):
    pages = rendered(a_document(b"0 0 99 99 re f", media_box=media_box))
    assert len(pages) <= 1
    assert all(0 < max(page.size) <= 2000 for page in pages)


def test_a_picture_that_unpacks_beyond_measure_is_not_unpacked():
    rows = zlib.compress(bytes(30_000_000), 9)
    words = b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceRGB"
    image = a_stream(words + b"/Filter/FlateDecode", rows)
    content = a_document(b"200 0 0 300 0 0 cm /I Do", resources=b"/XObject<</I 5 0 R>>", objects=[image])
    assert all(max(page.size) <= 2000 for page in rendered(content))


def test_a_form_within_itself_ends():
    words = b"/Type/XObject/Subtype/Form/BBox[0 0 99 99]/Resources<</XObject<</F 5 0 R>>>>"
    form = a_stream(words, b"/F Do /F Do")
    assert len(rendered(a_document(b"/F Do", resources=b"/XObject<</F 5 0 R>>", objects=[form]))) <= 1

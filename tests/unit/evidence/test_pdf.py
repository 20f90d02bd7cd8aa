"""A13: a PDF's pages are for the reviewer; what can be told for certain is whether it opens, and how many there are."""

import pytest

from tests.unit.evidence.build import LIMITS, a_pdf, defect_of, look
from tests.unit.evidence.documents import PACKED, packed

IN_A_CIRCLE = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[2 0 R]>>endobj "
    b"trailer<</Root 1 0 R/Size 3>>\nstartxref\n0\n%%EOF"
)


@pytest.mark.parametrize("pages", [1, LIMITS.max_pdf_pages])
def test_a_pdf_is_taken_with_its_pages_counted(pages):
    seen = look(a_pdf(pages))
    assert seen.inspection.defect is None
    assert seen.inspection.pages == pages
    assert seen.clean_copy is None


def test_a_pdf_of_a_page_more_than_the_limit_is_refused():
    assert defect_of(a_pdf(LIMITS.max_pdf_pages + 1)) == "pdf_too_many_pages"


def test_a_pdf_that_needs_a_password_is_refused():
    assert defect_of(a_pdf(password="opens-it")) == "pdf_encrypted"


def test_a_pdf_that_is_only_restricted_opens_like_any_other():
    assert look(a_pdf(3, password="", owner_password="prints-it")).inspection.pages == 3


@pytest.mark.parametrize("share", [0.1, 0.5, 0.8])
def test_a_pdf_whose_end_is_missing_is_broken(share):
    content = a_pdf(4)
    assert defect_of(content[: int(len(content) * share)]) == "pdf_broken"


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7",
        b"%PDF-1.7\n%%EOF",
        b"%PDF-1.7\n" + b"[" * 5_000,
        a_pdf(0),
        a_pdf().replace(b"/Kids", b"/Cats"),
        IN_A_CIRCLE,
    ],
    ids=["header only", "no objects", "nested without end", "no pages", "pages not found", "a tree in a circle"],
)
def test_a_pdf_without_pages_that_can_be_found_is_broken(content):
    assert defect_of(content) == "pdf_broken"


def test_pages_in_an_object_stream_are_counted():
    assert look(packed(PACKED)).inspection.pages == 1


@pytest.mark.parametrize("filling", [b"()", b"[]", b"/a"])
def test_a_pdf_that_unfolds_beyond_all_measure_is_taken_uncounted_rather_than_unfolded(filling):
    bulky = b"<</Type/Page/X[" + (b"[" + filling * 30_000 + b"]") * 18 + b"]>>"
    inspection = look(packed(PACKED | {3: bulky})).inspection
    assert inspection.defect is None
    assert inspection.pages is None

"""The two looks at a file: what each sees, page by page and whichever way it is held, and what is cut out (A13)."""

import io
from datetime import UTC, datetime

import pytest
import zxingcpp
from PIL import Image, ImageDraw
from zxingcpp import BarcodeFormat

from evidence.facts import CaseFacts
from evidence.looks import Look, first_look, same_picture, second_look
from evidence.model import Verdict
from evidence.text import Box, Line, RecogniserError
from policies.book import PolicyBook
from policies.model import DocumentKind
from tests.unit.evidence.build import a_pdf, encoded, grain

WAYBILL = "SF3230380012621"
FACTS = CaseFacts(waybills=(WAYBILL,))
POLICY = PolicyBook.from_folder().in_force("marketplace", datetime(2026, 11, 20, tzinfo=UTC))
RECEIPT, REPORT, PHOTO = (POLICY.requirements[name] for name in ("freight_receipt", "product_document", "claim_photo"))


class Reads:
    """A recogniser that reads one page's lines after the other's."""

    def __init__(self, *pages: tuple[Line, ...]) -> None:
        self.pages = list(pages)
        self.sizes: list[tuple[int, int]] = []

    def read(self, picture: Image.Image) -> tuple[Line, ...]:
        self.sizes.append(picture.size)
        return self.pages.pop(0)


class OutOfOrder:
    def read(self, picture: Image.Image) -> tuple[Line, ...]:
        raise RecogniserError(str(picture.size))


def lines(*texts: str, quarters: int = 0) -> tuple[Line, ...]:
    """Under each other, in the frame in which they stand upright, given back as the picture is held."""
    boxes = [Box(0.1, number / 10, 0.6, (number + 0.6) / 10) for number in range(len(texts))]
    return tuple(Line(text, box.turned(-quarters), 0.98, quarters) for text, box in zip(texts, boxes, strict=True))


def a_photo(size: tuple[int, int] = (900, 600)) -> bytes:
    picture = Image.new("RGB", size, (240, 240, 235))
    ImageDraw.Draw(picture).rectangle((40, 40, 300, 200), outline=(20, 20, 20), width=5)
    out = io.BytesIO()
    picture.save(out, "JPEG")
    return out.getvalue()


def copy_of(look: Look) -> bytes:
    assert look.clean_copy is not None
    return look.clean_copy


def by_point(look: Look):
    return {each.point: each for each in look.inspection.findings}


def size_of(crop: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(crop)) as opened:
        return opened.size


def test_the_first_look_reads_barcodes_and_cuts_out_where_they_are():
    drawn = zxingcpp.create_barcode(WAYBILL, BarcodeFormat.Code128).to_image(scale=3)
    code = Image.frombytes("L", (drawn.shape[1], drawn.shape[0]), bytes(memoryview(drawn).cast("B")))
    photo = Image.new("RGB", (1200, 900), (235, 235, 230))
    photo.paste(code.resize((900, 200)), (150, 300))
    look = first_look(encoded(photo), RECEIPT, POLICY, FACTS)
    number = by_point(look)["waybill_number"]
    assert (number.verdict, number.seen) == (Verdict.MET, WAYBILL)
    width, height = size_of(look.crops["waybill_number"])
    assert (width, height) == pytest.approx((840, 210), rel=0.15)
    assert look.wants_text


def test_a_file_that_cant_be_used_has_no_findings_and_no_text():
    for look in (
        first_look(b"rubbish", RECEIPT, POLICY, FACTS),
        second_look(b"rubbish", RECEIPT, POLICY, FACTS, Reads()),
    ):
        assert look.inspection.defect is not None
        assert (look.inspection.findings, dict(look.crops), look.wants_text) == ((), {}, False)


def test_where_no_point_can_be_read_no_text_is_wanted():
    assert not first_look(a_photo(), PHOTO, POLICY, FACTS).wants_text


def test_the_second_look_says_what_was_read_and_cuts_it_out():
    look = second_look(
        a_photo(), RECEIPT, POLICY, FACTS, Reads(lines("运费收据", f"运单号：{WAYBILL}", "运费金额：¥206.76元"))
    )
    found = by_point(look)
    assert (found["amount"].verdict, found["amount"].seen) == (Verdict.MET, "206.76")
    assert set(look.crops) == {each.point for each in found.values() if each.box}
    width, height = size_of(look.crops["amount"])
    assert width == pytest.approx(0.54 * 900, abs=3)
    assert height == pytest.approx(0.10 * 600, abs=3)


@pytest.mark.parametrize("quarters", range(4))
def test_a_picture_held_any_way_is_understood_alike_and_its_places_are_those_of_the_picture_as_shown(quarters):
    texts = ("运费收据", "运单号", WAYBILL, "运费金额", "¥206.76元")
    look = second_look(a_photo(), RECEIPT, POLICY, FACTS, Reads(lines(*texts, quarters=quarters)))
    amount = by_point(look)["amount"]
    assert (amount.verdict, amount.seen) == (Verdict.MET, "206.76")
    upright = amount.box.turned(quarters)
    assert (upright.left, upright.top) == pytest.approx((0.1, 0.4))
    width, height = size_of(look.crops["amount"])
    assert width > height, "it is cut out as it is read"


def test_each_page_of_a_pdf_is_read_and_says_on_which_it_was_seen():
    cover = lines("检测报告", "报告编号：TR-2026-0815", "样品名称：陶瓷餐具套装", "签发日期：2026-08-15")
    body = lines("检测项目", "技术要求", "检测结果", "单项判定", "铅溶出量", "≤0.5", "0.1", "合格")
    reads = Reads(cover, body)
    look = second_look(a_scan(2), REPORT, POLICY, FACTS, reads)
    found = by_point(look)
    assert (look.inspection.pages, len(reads.sizes)) == (2, 2)
    assert max(reads.sizes[0]) == pytest.approx(2000, abs=1)
    assert found["date"].box.page == 1
    assert found["report_body"].box.page == 2
    assert look.inspection.kind is DocumentKind.TEST_REPORT


def a_scan(pages: int) -> bytes:
    out = io.BytesIO()
    sheets = [Image.merge("RGB", [grain((600, 800))] * 3) for _ in range(pages)]
    sheets[0].save(out, "PDF", save_all=True, append_images=sheets[1:])
    return out.getvalue()


class FailsOnPage:
    """Reads the cover of a report, until it fails."""

    def __init__(self, page: int) -> None:
        self.page, self.read_so_far = page, 0

    def read(self, picture: Image.Image) -> tuple[Line, ...]:
        self.read_so_far += 1
        if self.read_so_far == self.page:
            raise RecogniserError(str(picture.size))
        return lines("检测报告", "报告编号：TR-2026-0815", "样品名称：陶瓷餐具套装", "签发日期：2026-08-15")


def test_of_a_pdf_that_wasnt_read_to_its_end_nothing_is_said_not_to_be_there():
    whole = by_point(second_look(a_scan(2), REPORT, POLICY, FACTS, FailsOnPage(3)))
    assert whole["report_body"].verdict is Verdict.NOT_MET
    part = by_point(second_look(a_scan(2), REPORT, POLICY, FACTS, FailsOnPage(2)))
    assert (part["report_body"].verdict, part["date"].verdict) == (Verdict.OPEN, Verdict.MET)
    with pytest.raises(RecogniserError):
        second_look(a_scan(2), REPORT, POLICY, FACTS, FailsOnPage(1))


@pytest.mark.parametrize(
    "box",
    [
        Box(-0.2, -0.1, 1.4, 1.1),
        Box(0.9, 0.9, 0.1, 0.1),
        Box(1.2, 1.2, 1.5, 1.5),
        Box(0.5, 0.5, 0.5, 0.5),
        Box(float("nan"), 0.1, 0.5, 0.2),
    ],
)
def test_places_that_cant_be_do_no_harm(box):
    reads = Reads((Line("运费金额：¥206.76元", box, 0.98, quarters=5),))
    for each in second_look(a_photo(), RECEIPT, POLICY, FACTS, reads).inspection.findings:
        if each.box:
            assert 0 <= each.box.left < each.box.right <= 1
            assert 0 <= each.box.top < each.box.bottom <= 1


def test_a_pdf_that_cant_be_rendered_is_open_and_no_defect():
    look = second_look(a_pdf(2, password=""), REPORT, POLICY, FACTS, Reads((), ()))
    assert look.inspection.defect is None
    assert {each.verdict for each in look.inspection.findings} == {Verdict.OPEN}


def test_a_recogniser_that_is_out_of_order_is_said_to_be():
    with pytest.raises(RecogniserError):
        second_look(a_photo(), RECEIPT, POLICY, FACTS, OutOfOrder())


def test_two_copies_are_the_same_picture_or_they_arent():
    contents = (a_photo(), encoded(grain((900, 600))))
    one, other = (copy_of(first_look(each, PHOTO, POLICY, FACTS)) for each in contents)
    assert same_picture(one, encoded(Image.open(io.BytesIO(one)).resize((450, 300))))
    assert not same_picture(one, other)

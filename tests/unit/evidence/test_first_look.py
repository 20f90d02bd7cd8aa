"""What the first look at a picture yields beside its quality: imprint, seal, and barcodes if they are asked for."""

import zxingcpp
from PIL import Image

from evidence.inspect import inspect_file
from tests.unit.evidence.build import LIMITS, THRESHOLDS, a_pdf, a_requirement, encoded, turned
from tests.unit.evidence.test_stamp import a_seal, stamped

NUMBER = "SF3230380012621"


def a_proof():
    picture = stamped(a_seal())
    code = zxingcpp.create_barcode(NUMBER, zxingcpp.BarcodeFormat.Code128).to_image(scale=2)
    height, width = code.shape
    picture.paste(Image.frombytes("L", (width, height), bytes(code)), (300, 800))
    return picture


def seen_in(content, **given):
    return inspect_file(content, a_requirement(), LIMITS, THRESHOLDS, **given)


def test_it_yields_the_upright_picture_its_imprint_its_seal_and_its_barcodes():
    upright = seen_in(encoded(a_proof()), barcode_seconds=1)
    lying = seen_in(encoded(a_proof().transpose(Image.Transpose.ROTATE_90), exif=turned(6)), barcode_seconds=1)
    for seen in (upright, lying):
        assert seen.picture.size == (1600, 1200)
        assert [each.text for each in seen.barcodes] == [NUMBER]
        assert seen.barcodes[0].box.bottom > 0.6
        assert 0.6 < seen.stamp.left < 0.65
        assert seen.imprint
    assert (int(upright.imprint, 16) ^ int(lying.imprint, 16)).bit_count() < 20


def test_barcodes_are_looked_for_only_if_they_are_asked_for():
    assert not seen_in(encoded(a_proof())).barcodes


def test_a_pdf_and_what_can_not_be_used_have_no_picture():
    for content in (a_pdf(), b"", encoded(a_proof())[:5000]):
        seen = seen_in(content, barcode_seconds=1)
        assert (seen.picture, seen.barcodes, seen.stamp, seen.imprint) == (None, (), None, None)

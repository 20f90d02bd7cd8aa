"""What carriers print is read, wherever it stands and however it is turned; nothing else is taken for it."""

import io
import itertools

import pytest
import zxingcpp
from PIL import Image, ImageFilter
from zxingcpp import BarcodeFormat

from evidence import images
from evidence.barcodes import read_barcodes
from evidence.sniff import Kind
from tests.unit.evidence.build import a_png, encoded, turned

NUMBER = "SF3230380012621"
ITF_14 = "12345678901231"


def a_code(text=NUMBER, symbology=BarcodeFormat.Code128, scale=3, **options):
    drawn = zxingcpp.create_barcode(text, symbology, **options).to_image(scale=scale)
    height, width = drawn.shape
    return Image.frombytes("L", (width, height), bytes(drawn))


def pasted(*codes, size=(900, 700)):
    picture = Image.new("RGB", size, (235, 230, 220))
    for code, corner in codes:
        picture.paste(code, corner)
    return picture


def read(picture, full=None, **given):
    return read_barcodes(picture, lambda: full or picture, **{"seconds": 5} | given)


def texts(picture, **given):
    return [each.text for each in read(picture, **given)]


@pytest.mark.parametrize(
    ("symbology", "text"),
    [
        (BarcodeFormat.Code128, NUMBER),
        (BarcodeFormat.Code39, NUMBER),
        (BarcodeFormat.Code93, NUMBER),
        (BarcodeFormat.ITF, ITF_14),
        (BarcodeFormat.QRCode, f"https://example.invalid/w/{NUMBER}"),
        (BarcodeFormat.DataMatrix, NUMBER),
        (BarcodeFormat.PDF417, NUMBER),
        (BarcodeFormat.Aztec, NUMBER),
    ],
)
def test_the_symbologies_of_carriers_are_read(symbology, text):
    (seen,) = read(pasted((a_code(text, symbology, 2), (60, 90))))
    assert (seen.text, seen.symbology) == (text, symbology.name)


def test_its_place_is_told_in_shares_of_the_picture():
    code = a_code()
    (seen,) = read(pasted((code, (90, 210))))
    assert seen.box.left == pytest.approx(90 / 900, abs=0.05)
    assert seen.box.top == pytest.approx(210 / 700, abs=0.02)
    assert seen.box.right == pytest.approx((90 + code.width) / 900, abs=0.05)
    assert seen.box.bottom == pytest.approx((210 + code.height) / 700, abs=0.02)


def test_several_come_from_top_to_bottom():
    assert texts(pasted((a_code("WAYBILL2"), (60, 400)), (a_code("WAYBILL1"), (200, 60)))) == ["WAYBILL1", "WAYBILL2"]


@pytest.mark.parametrize("angle", [0, 12, 30, 45, 60, 90, 135, 180, 250, 330])
def test_it_is_read_at_any_angle_and_its_place_is_told_upright(angle):
    label = pasted((a_code(), (150, 250)))
    picture = label.rotate(angle, Image.Resampling.BICUBIC, expand=True, fillcolor=(120, 120, 120))
    (upright,), (seen,) = read(label), read(picture)
    assert seen.text == NUMBER
    # The label turned about its middle, which is the picture's.
    assert (seen.box.left + seen.box.right) / 2 == pytest.approx(0.5, abs=0.15)
    assert (seen.box.top + seen.box.bottom) / 2 == pytest.approx(0.5, abs=0.15)
    if angle in {0, 180}:
        assert seen.box.width == pytest.approx(upright.box.width, abs=0.02)
    if angle in {45, 135}:
        assert seen.box.width * picture.width == pytest.approx(seen.box.height * picture.height, rel=0.2)


def test_what_is_too_fine_at_first_is_read_in_full():
    fine = pasted((a_code(scale=2), (100, 100)))
    coarse = fine.reduce(3)
    assert not texts(coarse)
    assert texts(coarse, full=fine) == [NUMBER]


@pytest.mark.parametrize(("symbology", "text"), [(BarcodeFormat.Code39, "ABC123"), (BarcodeFormat.ITF, "123456")])
def test_a_short_code_that_nothing_bears_out_is_not_believed(symbology, text):
    assert not texts(pasted((a_code(text, symbology), (60, 90))))


@pytest.mark.parametrize(
    ("carton", "symbology"),
    [
        *(("6901234567892", BarcodeFormat.Code128), ("16901234567899", BarcodeFormat.ITF)),
        ("350123456789011", BarcodeFormat.Code128),
        *(("CARTON 12", BarcodeFormat.Code128), ("https://example.invalid/shop", BarcodeFormat.QRCode)),
    ],
)
def test_the_code_of_a_carton_does_not_hide_a_label_that_is_too_fine_at_first(carton, symbology):
    fine = pasted((a_code(carton, symbology, 6), (60, 60)), (a_code(scale=2), (100, 900)), size=(1500, 1300))
    coarse = fine.reduce(3)
    assert NUMBER not in texts(coarse)
    assert set(texts(coarse, full=fine)) == {carton, NUMBER}


def test_a_code_that_may_be_a_waybills_is_enough():
    picture = pasted((a_code("6901234567892"), (60, 60)), (a_code(), (60, 400)))
    assert [each.text for each in read_barcodes(picture, pytest.fail, seconds=5)] == ["6901234567892", NUMBER]


def test_what_a_code_of_gs1_holds_is_set_apart():
    held = "(01)06901234567892(21)777353270741"
    assert texts(pasted((a_code(held, scale=2, gs1=True), (60, 90)))) == [held]


def test_the_codes_of_goods_are_not_waybills():
    assert not texts(pasted((a_code("4006381333931", BarcodeFormat.EAN13), (60, 90))))


def test_no_look_begins_once_the_time_is_used_up():
    ticks = iter([0.0, 0.5, 1.1])
    looks = []
    picture = Image.effect_noise((300, 200), 90)

    def full():
        looks.append("full")
        return picture

    assert not read_barcodes(picture, full, seconds=1, clock=lambda: next(ticks))
    assert looks == ["full"]
    assert next(ticks, None) is None


def test_a_very_long_picture_is_not_turned_for_that_would_take_a_square_of_its_length():
    def looks_at(size):
        ticks = itertools.count()
        read_barcodes(Image.new("RGB", size), lambda: Image.new("L", size), seconds=99, clock=lambda: next(ticks))
        return next(ticks) - 1

    assert looks_at((800, 600)) == 6
    assert looks_at((16_000, 49)) == 3


def test_noise_and_stripes_are_no_barcode():
    fence = Image.new("L", (900, 700), 240)
    for at in range(60, 840, 24):
        fence.paste(30, (at, 60, at + 12, 640))
    for picture in (Image.effect_noise((900, 700), 120), fence, fence.filter(ImageFilter.GaussianBlur(4))):
        assert not texts(picture)


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (encoded(pasted((a_code(), (90, 210))), exif=turned(6)), Kind.JPEG),
        (encoded(pasted((a_code(), (90, 210))).convert("CMYK"), exif=turned(6)), Kind.JPEG),
        (encoded(pasted((a_code(), (90, 210))), "PNG", exif=turned(6)), Kind.PNG),
        (encoded(pasted((a_code(), (90, 210))), "WEBP", exif=turned(6)), Kind.WEBP),
    ],
    ids=["jpeg", "cmyk", "png", "webp"],
)
def test_a_picture_in_full_is_grey_upright_and_legible(content, kind):
    grey = images.decode_grey(images.read_header(content, kind), kind)
    assert (grey.mode, grey.size) == ("L", (700, 900))
    assert texts(grey) == [NUMBER]


def test_a_very_large_picture_is_halved():
    content = encoded(Image.new("L", (4200, 4000)))
    assert images.decode_grey(images.read_header(content, Kind.JPEG), Kind.JPEG).size == (2100, 2000)
    png = a_png(4200, 4000, colour=0)
    with Image.open(io.BytesIO(png)) as opened:
        assert opened.size == (4200, 4000)
    assert images.decode_grey(images.read_header(png, Kind.PNG), Kind.PNG).size == (2100, 2000)

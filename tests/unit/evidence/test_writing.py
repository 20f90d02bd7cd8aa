"""A7: a pen's blue among black print is noticed; where ink tells nothing, nothing is said."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from evidence.text import Box
from evidence.writing import Writing, writing

PRINT, PEN, SEAL = (30, 30, 32), (35, 45, 130), (200, 40, 45)
FIELDS = ("Waybill", "Recipient", "Courier", "Date")


def a_form(label=PRINT, entry=PEN, paper=(236, 234, 228)):
    """A picture of a form, and the box of each of its lines."""
    picture = Image.new("RGB", (1200, 800), paper)
    draw = ImageDraw.Draw(picture)
    boxes = []
    for line, field in enumerate(FIELDS):
        top = 100 + 150 * line
        draw.text((100, top), f"{field}:", label, ImageFont.load_default(52))
        draw.text((480, top), "SF 323 038", entry, ImageFont.load_default(52))
        boxes.append(Box(90 / 1200, top / 800, 780 / 1200, (top + 64) / 800))
    return picture, boxes


def photographed(picture, light=(1.0, 1.0, 1.0)):
    tinted = ImageChops.multiply(picture, Image.new("RGB", picture.size, tuple(round(255 * each) for each in light)))
    noise = Image.effect_noise(picture.size, 8).convert("RGB")
    return ImageChops.add(tinted, noise, offset=-128).filter(ImageFilter.GaussianBlur(1))


@pytest.mark.parametrize("light", [(1, 1, 1), (1, 0.9, 0.7), (0.75, 0.85, 1), (0.4, 0.4, 0.4)])
def test_blue_ink_beside_black_print_is_both_in_any_light(light):
    picture, boxes = a_form()
    assert writing(photographed(picture, light), boxes) is Writing.BOTH


@pytest.mark.parametrize(
    ("label", "entry"), [(PRINT, PRINT), (PEN, PEN), (SEAL, SEAL), (PRINT, SEAL)], ids=["black", "blue", "red", "seal"]
)
def test_ink_of_one_kind_tells_nothing_in_a_photo(label, entry):
    picture, boxes = a_form(label, entry)
    assert writing(photographed(picture), boxes) is None


def test_one_blue_line_is_a_logo_and_no_pen():
    picture, boxes = a_form(entry=PRINT)
    ImageDraw.Draw(picture).text((100, 700), "EXPRESS", PEN, ImageFont.load_default(52))
    assert writing(photographed(picture), [*boxes, Box(0.08, 0.87, 0.35, 0.96)]) is None


def test_what_a_machine_drew_in_black_is_printed():
    picture, boxes = a_form(entry=PRINT, paper=(255, 255, 255))
    assert writing(picture, boxes) is Writing.PRINTED


@pytest.mark.parametrize("boxes", [[], [Box(0, 0, 0, 0)], [Box(0.5, 0.5, 1, 1)], [Box(0.9, 0.9, 1, 1)] * 9])
def test_where_nothing_is_written_nothing_is_said(boxes):
    assert writing(Image.new("RGB", (600, 400), "white"), boxes) is None


def test_a_picture_too_faint_to_tell_is_left_open():
    picture, boxes = a_form()
    faint = Image.blend(picture, Image.new("RGB", picture.size, (236, 234, 228)), 0.95)
    assert writing(photographed(faint), boxes) is None

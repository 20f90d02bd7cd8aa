"""The same picture is found again, re-encoded or resized; another of the same template is told from it."""

import io

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFont

from evidence.imprint import SAME_WITHIN, distance, imprint, same_picture
from evidence.imprint_keys import keys
from tests.unit.evidence.build import encoded, grain


def a_receipt(number="465685110644693", amount="206.76", size=(1000, 750)):
    picture = Image.new("RGB", size, (190, 180, 165))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((80, 60, 920, 690), fill=(245, 243, 236))
    lines = ("FREIGHT RECEIPT", f"Waybill {number}", f"Amount {amount}", "From Shanghai")
    for line, text in enumerate(lines):
        draw.text((140, 120 + 130 * line), text, (25, 25, 25), ImageFont.load_default(48))
    return picture


def known(picture):
    found = imprint(picture)
    assert found is not None
    return found


def again(picture, file_format="JPEG", **options):
    with Image.open(io.BytesIO(encoded(picture, file_format, **options))) as opened:
        return opened.convert("RGB")


def resized(picture, factor):
    size = (round(picture.width * factor), round(picture.height * factor))
    return picture.resize(size, Image.Resampling.BICUBIC)


VARIANTS = {
    "small JPEG": lambda it: again(it, quality=30),
    "WebP": lambda it: again(it, "WEBP", quality=50),
    "a quarter": lambda it: resized(it, 0.25),
    "odd size": lambda it: again(resized(it, 0.71), quality=60),
    "double": lambda it: resized(it, 2),
    "brighter": lambda it: again(ImageEnhance.Brightness(it).enhance(1.15)),
    "less contrast": lambda it: again(ImageEnhance.Contrast(it).enhance(0.85)),
}


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_same_picture_is_found_again(variant):
    original = a_receipt()
    other = VARIANTS[variant](original)
    one, two = known(original), known(other)
    assert distance(one, two) <= SAME_WITHIN
    assert set(keys(one)) & set(keys(two))
    assert same_picture(original, other)
    assert same_picture(other, original)


def test_another_form_of_the_template_has_a_like_imprint_but_is_not_the_same_picture():
    one, other = a_receipt(), a_receipt("777353270741676", "18.03")
    assert distance(known(one), known(other)) <= SAME_WITHIN
    assert not same_picture(one, other)


@pytest.mark.parametrize("other", [grain((400, 300)), a_receipt().rotate(90, expand=True), a_receipt().rotate(180)])
def test_other_pictures_are_far_off(other):
    one, two = known(a_receipt()), known(other.convert("RGB"))
    assert distance(one, two) > 90
    assert not set(keys(one)) & set(keys(two))
    assert not same_picture(a_receipt(), other.convert("RGB"))


def test_an_imprint_is_64_hexadecimal_digits_and_has_six_short_keys():
    found = known(a_receipt())
    assert len(bytes.fromhex(found)) == 32
    assert [each[0] for each in keys(found)] == list("012345")
    assert {len(each) for each in keys(found)} == {7}
    assert distance(found, found) == 0


def test_a_bit_is_a_bit():
    assert distance("0" * 64, "0" * 63 + "7") == 3


@pytest.mark.parametrize("colour", ["white", "black", (120, 90, 60)])
def test_a_picture_of_nothing_has_none(colour):
    assert imprint(Image.new("RGB", (400, 300), colour)) is None


@pytest.mark.parametrize("size", [(1, 1), (3, 900), (900, 3)])
def test_odd_shapes_do_no_harm(size):
    picture = Image.effect_noise(size, 90).convert("RGB")
    assert same_picture(picture, picture)
    imprint(picture)

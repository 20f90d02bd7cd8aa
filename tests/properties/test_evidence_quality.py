"""A13: a picture that is hard to look at is warned of, with what to do; it is never refused for it (A14)."""

import functools

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from evidence import images
from evidence.quality import measure, reduced, warnings
from evidence.sniff import sniff
from tests.unit.evidence.build import EXAMPLES, THRESHOLDS, encoded, grain, look

PHOTOS = ("stamped_delivery_proof.jpg", "test_report.jpg", "parcel_label.jpg")


@functools.cache
def photo(name):
    content = (EXAMPLES / name).read_bytes()
    kind = sniff(content)
    return images.decode(content, images.read_header(content, kind), kind).reduce(2)  # it is measured at about that


def codes(picture):
    return {each.code for each in warnings(measure(picture, reduced(picture).convert("L")), THRESHOLDS)}


def blurred(picture, radius):
    return picture.filter(ImageFilter.GaussianBlur(radius))


def moved(picture, pixels):
    """As if the camera had moved sideways while the shutter was open."""
    result = picture
    for step in range(1, pixels):
        result = Image.blend(result, ImageChops.offset(picture, step, 0), 1 / (step + 1))
    return result


def noisy(picture, deviation):
    noise = Image.effect_noise(picture.size, deviation).convert("RGB")
    return ImageChops.add(picture, noise, offset=-128)


def brightened(picture, factor):
    return ImageEnhance.Brightness(picture).enhance(factor)


def a_screenshot(background, ink):
    picture = Image.new("RGB", (800, 600), background)
    draw = ImageDraw.Draw(picture)
    for line in range(5):
        draw.text((90, 80 + 100 * line), f"Waybill 46568511064469{line} signed for", ink, ImageFont.load_default(32))
    return picture


@pytest.mark.parametrize("name", [*PHOTOS, "chat_transfer.png"])
def test_good_pictures_are_not_warned_of(name):
    assert not codes(photo(name))


@pytest.mark.parametrize("name", PHOTOS[:2])
def test_an_unreadably_blurred_picture_is_warned_of(name):
    assert codes(blurred(photo(name), 3)) == {"blurred"}


def test_a_slightly_soft_picture_is_not_warned_of():
    assert not codes(blurred(photo("parcel_label.jpg"), 0.75))


def test_noise_does_not_pass_for_sharp():
    assert "blurred" in codes(noisy(blurred(photo("test_report.jpg"), 3), 8))


def test_noise_does_not_pass_for_blurred():
    assert not codes(noisy(photo("test_report.jpg"), 8))


def test_a_camera_that_moved_blurs_in_one_direction_only_and_is_noticed():
    assert codes(moved(photo("parcel_label.jpg"), 12)) == {"blurred"}


def test_sharpness_does_not_depend_on_contrast():
    faint = Image.blend(photo("test_report.jpg"), Image.new("RGB", photo("test_report.jpg").size, (128, 128, 128)), 0.6)
    assert not codes(faint)
    assert codes(blurred(faint, 3)) == {"blurred"}


@pytest.mark.parametrize("name", PHOTOS[1:])
def test_a_dark_picture_is_warned_of(name):
    assert codes(brightened(photo(name), 0.15)) == {"dark"}


def test_a_screenshot_in_dark_mode_is_not_dark():
    assert not codes(a_screenshot((17, 17, 17), (220, 220, 220)))


@pytest.mark.parametrize("name", PHOTOS[::2])
def test_an_overexposed_picture_is_warned_of(name):
    assert "overexposed" in codes(brightened(photo(name), 3))


def test_the_white_of_a_screenshot_is_not_overexposed():
    assert not codes(a_screenshot("white", (20, 20, 20)))


def test_white_cards_on_an_even_ground_are_not_overexposed():
    picture = a_screenshot("white", (20, 20, 20))
    picture.paste((240, 240, 240), (0, 0, 800, 120))
    assert not codes(picture)


@pytest.mark.parametrize("colour", ["black", "white", (120, 90, 60)])
def test_a_picture_of_nothing_is_blank(colour):
    assert "blank" in codes(Image.new("RGB", (800, 600), colour))


def test_a_wall_photographed_with_noise_is_blank_and_not_called_blurred():
    assert codes(noisy(Image.new("RGB", (800, 600), (120, 120, 120)), 8)) == {"blank"}


def test_one_short_line_on_white_is_not_blank():
    picture = Image.new("RGB", (800, 600), "white")
    ImageDraw.Draw(picture).text((300, 300), "Refund sent", "black", ImageFont.load_default(60))
    assert not codes(picture)


def test_texture_all_over_is_neither_noise_nor_blur():
    assert not codes(grain((640, 512)).convert("RGB"))


@pytest.mark.parametrize("size", [(64, 64), (10, 900), (65, 63), (1, 1)])
def test_a_picture_too_small_to_judge_its_sharpness_is_not_judged(size):
    assert measure(Image.new("RGB", size), Image.new("L", size)).sharpness is None


def test_warnings_never_refuse():
    inspection = look(encoded(Image.new("RGB", (200, 200), "black"))).inspection
    assert {each.code for each in inspection.warnings} == {"dark", "blank"}
    assert inspection.defect is None

"""A7: a red seal is noticed, seen from any side and in any light; other red things don't pass for one."""

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from evidence.stamp import red_stamp

RED = (205, 45, 50)
PAPER = (242, 240, 232)


def a_paper(ground=(150, 150, 148)):
    picture = Image.new("RGB", (1600, 1200), ground)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((200, 120, 1400, 1080), fill=PAPER)
    for line in range(5):
        draw.text((280, 200 + 110 * line), f"Signed for by Wang {line}", (30, 30, 40), ImageFont.load_default(44))
    return picture


def a_seal(*, oval=1.0, colour=RED, ground=PAPER, written=True):
    seal = Image.new("RGB", (300, 300), ground)
    draw = ImageDraw.Draw(seal)
    draw.ellipse((6, 6, 294, 294), outline=colour, width=10)
    for turn in range(0, 360, 30) if written else ():
        letter = Image.new("L", (300, 300))
        ImageDraw.Draw(letter).text((136, 22), "E", 255, ImageFont.load_default(44))
        seal.paste(colour, mask=letter.rotate(turn))
    if written:
        draw.regular_polygon((150, 150, 44), 5, fill=colour)
    return seal.resize((300, round(300 * oval)), Image.Resampling.BICUBIC)


def stamped(seal, at=(1000, 640), ground=(150, 150, 148)):
    """Printed over the paper: what is dark under it stays dark."""
    picture = a_paper(ground)
    layer = Image.new("RGB", picture.size, "white")
    layer.paste(ImageEnhance.Brightness(seal).enhance(255 / 232), at)
    return ImageChops.multiply(picture, layer)


def test_a_round_seal_is_found_where_it_is():
    box = red_stamp(stamped(a_seal()))
    assert box is not None
    assert box.left == pytest.approx(1000 / 1600, abs=0.01)
    assert box.top == pytest.approx(640 / 1200, abs=0.01)
    assert box.right == pytest.approx(1300 / 1600, abs=0.01)
    assert box.bottom == pytest.approx(940 / 1200, abs=0.01)


@pytest.mark.parametrize("turn", [0, 30, 75])
def test_an_oval_one_is_found_however_it_is_turned(turn):
    seal = a_seal(oval=0.7).rotate(turn, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER)
    assert red_stamp(stamped(seal))


def test_one_over_writing_is_found():
    assert red_stamp(stamped(a_seal(), at=(560, 300)))


@pytest.mark.parametrize("ground", [(150, 110, 80), (120, 40, 30), (40, 60, 90)])
def test_one_is_found_on_paper_on_any_ground(ground):
    assert red_stamp(stamped(a_seal(), ground=ground))


@pytest.mark.parametrize(
    "worsened",
    [
        lambda it: ImageEnhance.Brightness(it).enhance(0.35),
        lambda it: ImageChops.multiply(it, Image.new("RGB", it.size, (255, 235, 205))),
        lambda it: it.filter(ImageFilter.GaussianBlur(4)),
        lambda it: it.rotate(17, Image.Resampling.BICUBIC),
        lambda it: it.transform(it.size, Image.Transform.PERSPECTIVE, (1, 0.2, -100, 0.05, 1.1, -60, 0.0001, 0.0001)),
        lambda it: ImageChops.add(it, Image.effect_noise(it.size, 20).convert("RGB"), offset=-128),
        lambda it: it.reduce(3),
    ],
    ids=["dark", "warm light", "blurred", "turned", "aslant", "noisy", "small"],
)
def test_one_is_found_in_a_bad_photo(worsened):
    assert red_stamp(worsened(stamped(a_seal())))
    assert not red_stamp(worsened(a_paper()))


def with_shape(draw_it):
    picture = a_paper((150, 110, 80))
    draw_it(ImageDraw.Draw(picture))
    return picture


@pytest.mark.parametrize(
    "draw_it",
    [
        lambda draw: draw.rectangle((230, 150, 1370, 1050), outline=RED, width=6),
        lambda draw: draw.rectangle((900, 640, 1200, 940), outline=RED, width=8),
        lambda draw: draw.rounded_rectangle((900, 640, 1200, 940), 60, outline=RED, width=8),
        lambda draw: draw.ellipse((900, 640, 1200, 940), fill=RED),
        lambda draw: draw.ellipse((1000, 740, 1080, 820), fill=RED),
        lambda draw: draw.regular_polygon((1000, 800, 120), 5, fill=RED),
        lambda draw: draw.text((700, 700), "PAID IN FULL", RED, ImageFont.load_default(90)),
        lambda draw: draw.text((900, 800), "27.21", (250, 30, 30), ImageFont.load_default(60)),
        lambda draw: draw.line((300, 300, 1300, 900), RED, 8),
    ],
    ids=["border", "square", "rounded", "disc", "dot", "star", "words", "display", "line"],
)
def test_other_red_things_are_no_seal(draw_it):
    assert red_stamp(with_shape(draw_it)) is None


def test_a_ring_with_nothing_in_it_is_no_seal():
    assert red_stamp(stamped(a_seal(written=False))) is None


@pytest.mark.parametrize("colour", [(40, 60, 200), (30, 30, 30), (40, 150, 60)])
def test_a_seal_of_another_colour_is_not_red(colour):
    assert red_stamp(stamped(a_seal(colour=colour))) is None


@pytest.mark.parametrize("colour", ["white", "black", "red", (150, 110, 80)])
@pytest.mark.parametrize("size", [(800, 600), (1, 1), (2, 3000)])
def test_nothing_is_no_seal(colour, size):
    assert red_stamp(Image.new("RGB", size, colour)) is None


def test_noise_is_no_seal():
    noise = Image.merge("RGB", [Image.effect_noise((800, 600), 90) for _ in range(3)])
    assert red_stamp(noise) is None

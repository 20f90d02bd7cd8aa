"""How a picture was taken: what no camera took, what a lamp hides, and what the edge cuts off; good photos pass."""

import io

import pytest
from PIL import Image, ImageChops, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from evidence.capture import has_glare, is_cut_off, is_drawn, warnings
from evidence.quality import reduced
from tests.unit.evidence.build import EXAMPLES, encoded, grain, look

PHOTOS = ("stamped_delivery_proof.jpg", "test_report.jpg", "parcel_label.jpg")


def example(name):
    with Image.open(EXAMPLES / name) as opened:
        opened.draft("RGB", (2000, 1500))
        return opened.convert("RGB")


def grey(picture):
    return reduced(picture).convert("L")


def codes(picture):
    return [each.code for each in warnings(picture, grey(picture))]


def noisy(picture, deviation=5):
    return ImageChops.add(picture, Image.effect_noise(picture.size, deviation).convert("RGB"), offset=-128)


def a_paper(paper=(205, 203, 198), margin=120):
    picture = Image.new("RGB", (1200, 900), (110, 100, 95))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((margin, margin, 1200 - margin, 900 - margin), fill=paper)
    for line in range(8):
        text = f"Waybill 46568511064469{line} signed for by Wang"
        draw.text((170, 150 + 78 * line), text, (35, 35, 45), ImageFont.load_default(36))
    return picture


def lit(picture, middle=(640, 430), radius=110):
    """As if a lamp were mirrored on it: burnt out in the middle, less and less so around."""
    light = Image.new("L", picture.size)
    x, y = middle
    ImageDraw.Draw(light).ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    halo = light.filter(ImageFilter.GaussianBlur(radius * 0.45)).point(
        [min(255, level * 3 // 2) for level in range(256)]
    )
    return Image.composite(Image.new("RGB", picture.size, "white"), picture, halo)


def a_screen(ground, size=(540, 1170)):
    picture = Image.new("RGB", size, ground)
    draw = ImageDraw.Draw(picture)
    for line in range(6):
        draw.text((60, 120 + 120 * line), f"Transfer {line} done", (90, 90, 90), ImageFont.load_default(36))
    return picture


@pytest.mark.parametrize("name", PHOTOS)
def test_nothing_is_said_of_good_photos(name):
    assert not codes(example(name))


@pytest.mark.parametrize("name", PHOTOS)
def test_nothing_is_said_of_a_photo_that_a_messenger_has_shrunk(name):
    with Image.open(io.BytesIO(encoded(example(name).reduce(2), quality=30))) as opened:
        assert not codes(opened.convert("RGB"))


@pytest.mark.parametrize("ground", [(237, 237, 237), (255, 255, 255), (17, 17, 17), (200, 220, 240)])
@pytest.mark.parametrize(("file_format", "options"), [("PNG", {}), ("JPEG", {"quality": 60})])
def test_a_screenshot_is_noticed(ground, file_format, options):
    with Image.open(io.BytesIO(encoded(a_screen(ground), file_format, **options))) as opened:
        assert codes(opened.convert("RGB")) == ["screenshot"]


def test_the_screenshot_among_the_examples_is_noticed():
    assert codes(example("chat_transfer.png")) == ["screenshot"]


@pytest.mark.parametrize("paper", [(205, 203, 198), (255, 255, 255)])
def test_a_photo_of_a_sheet_is_not_drawn_though_its_white_is_burnt_out(paper):
    assert not is_drawn(noisy(a_paper(paper)))


@pytest.mark.parametrize("size", [(1, 1), (10, 900), (900, 10), (24, 24)])
def test_odd_shapes_do_no_harm(size):
    codes(grain(size).convert("RGB"))


@pytest.mark.parametrize("middle", [(640, 430), (400, 600)])
def test_a_lamp_mirrored_on_paper_is_noticed(middle):
    picture = noisy(lit(a_paper(), middle))
    assert has_glare(grey(picture))
    assert "glare" in codes(picture)


@pytest.mark.parametrize(
    "picture",
    [
        a_paper(),
        a_paper((255, 255, 255)),
        lit(Image.new("RGB", (1200, 900), (60, 55, 50))),
        lit(a_paper(), middle=(0, 300)),
        ImageEnhance.Brightness(a_paper()).enhance(1.5),
    ],
    ids=["even light", "white paper", "a lamp in the dark", "a window at the edge", "all too bright"],
)
def test_other_bright_things_are_no_glare(picture):
    assert not has_glare(grey(noisy(picture)))


def test_a_white_sticker_on_paper_is_no_glare():
    picture = a_paper()
    picture.paste("white", (500, 300, 800, 520))
    assert not has_glare(grey(noisy(picture)))


@pytest.mark.parametrize("box", [(0, 0, 560, 900), (300, 0, 1200, 900)], ids=["right", "left"])
def test_writing_that_runs_off_a_side_is_noticed(box):
    picture = noisy(a_paper().crop(box))
    assert is_cut_off(grey(picture))
    assert codes(picture) == ["cut_off"]


@pytest.mark.parametrize("box", [(0, 0, 1200, 405), (0, 405, 1200, 900)], ids=["bottom", "top"])
def test_a_line_cut_through_along_the_side_is_noticed(box):
    assert is_cut_off(grey(noisy(a_paper().crop(box))))


@pytest.mark.parametrize(
    "picture",
    [a_paper(), a_paper(margin=0), a_paper().crop((125, 125, 1075, 775)), grain((800, 600)).convert("RGB")],
    ids=["with ground around it", "to the edges", "without margin", "texture"],
)
def test_what_is_whole_is_not_cut_off(picture):
    assert not is_cut_off(grey(noisy(picture)))


def test_stripes_all_along_are_a_ground_and_no_writing():
    picture = Image.new("RGB", (900, 600), (90, 80, 70))
    for at in range(0, 900, 20):
        picture.paste((200, 190, 180), (at, 0, at + 12, 600))
    assert not is_cut_off(grey(picture))


def test_the_first_look_says_so_and_never_refuses():
    inspection = look(encoded(a_screen((237, 237, 237)), "PNG")).inspection
    assert "screenshot" in [each.code for each in inspection.warnings]
    assert inspection.defect is None

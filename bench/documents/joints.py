"""Goods and their waybill in one picture (A9)."""

from random import Random

from PIL import Image, ImageDraw, ImageFilter

from bench.documents.invented import BRANDS, a_parcel, chance
from bench.documents.model import Drawing, Fact
from bench.documents.paper import Colour, Type, write
from bench.documents.scene import empty_scene, put
from bench.documents.waybills import label_of

_SIDE = 1700
_SIDE_BY_SIDE = ((50, 70, 1740, 2370), (1850, 70, 3360, 2370))
_ONE_ABOVE_THE_OTHER = ((80, 60, 2420, 1560), (80, 1680, 2420, 3260))


def draw_joint(rng: Random) -> Drawing:
    parcel = a_parcel(rng)
    label = label_of(parcel, rng)
    goods = rng.choice((_package, _shoe, _mug, _bag, _bottle, _shirt))(rng)
    side_by_side = label.picture.height > label.picture.width
    scene = empty_scene(*((3400, 2440) if side_by_side else (2500, 3300)))
    places = _SIDE_BY_SIDE if side_by_side else _ONE_ABOVE_THE_OTHER
    at = 1 if chance(rng, 0.3) else 0
    put(scene, goods, places[at], rng, 8)
    put(scene, label.picture, places[1 - at], rng)
    return Drawing(scene.picture, label.fields, label.shows | {Fact.GOODS}, scene.mask)


def _a_colour(rng: Random) -> Colour:
    return rng.randint(30, 225), rng.randint(30, 225), rng.randint(30, 225)


def _blank() -> tuple[Image.Image, ImageDraw.ImageDraw]:
    on = Image.new("RGBA", (_SIDE, _SIDE), (0, 0, 0, 0))
    return on, ImageDraw.Draw(on)


def _package(rng: Random) -> Image.Image:
    """A printed carton, with coloured shapes and a brand."""
    on, draw = _blank()
    draw.rounded_rectangle((40, 60, 1660, 1640), 140, fill=_a_colour(rng))
    draw.rounded_rectangle((120, 140, 1580, 1560), 90, fill=_a_colour(rng))
    for _ in range(rng.randint(6, 11)):
        left, top = rng.randint(140, 1100), rng.randint(160, 1200)
        box = (left, top, left + rng.randint(180, 460), top + rng.randint(120, 350))
        shape = draw.ellipse if chance(rng, 0.5) else draw.rectangle
        shape(box, fill=_a_colour(rng))
    return _branded(on, (850, 850), rng, 230)


def _shoe(rng: Random) -> Image.Image:
    on, draw = _blank()
    body = [
        (80, 1010),
        (130, 600),
        (420, 560),
        (640, 740),
        (1000, 860),
        (1400, 900),
        (1600, 1010),
        (1620, 1120),
        (80, 1120),
    ]
    draw.polygon(body, fill=_a_colour(rng))
    draw.rounded_rectangle((60, 1100, 1640, 1230), 60, fill=(236, 236, 232))
    for at in range(5):
        draw.line((620 + at * 100, 730 + at * 36, 560 + at * 105, 850 + at * 26), fill=(245, 245, 245), width=22)
    draw.polygon([(300, 1040), (900, 920), (520, 1060)], fill=_a_colour(rng))
    return on.filter(ImageFilter.GaussianBlur(1.5))


def _mug(rng: Random) -> Image.Image:
    on, draw = _blank()
    colour = _a_colour(rng)
    draw.ellipse((1000, 560, 1560, 1200), outline=colour, width=120)
    draw.rounded_rectangle((260, 360, 1220, 1480), 110, fill=colour)
    draw.ellipse((260, 280, 1220, 460), fill=(70, 52, 40), outline=(235, 232, 226), width=26)
    return _branded(on, (740, 960), rng, 150)


def _bag(rng: Random) -> Image.Image:
    on, draw = _blank()
    colour = _a_colour(rng)
    draw.arc((520, 80, 1180, 900), 180, 360, fill=(60, 44, 34), width=60)
    draw.polygon([(220, 560), (1480, 560), (1620, 1580), (80, 1580)], fill=colour)
    draw.line((190, 800, 1510, 800), fill=(60, 44, 34), width=30)
    draw.rounded_rectangle((780, 740, 920, 900), 20, fill=(206, 170, 80))
    return _branded(on, (850, 1180), rng, 130)


def _bottle(rng: Random) -> Image.Image:
    on, draw = _blank()
    draw.rounded_rectangle((640, 80, 1060, 330), 50, fill=(54, 54, 58))
    draw.rounded_rectangle((560, 300, 1140, 1640), 130, fill=_a_colour(rng))
    draw.rectangle((600, 420, 660, 1520), fill=(240, 240, 240))
    return _branded(on, (860, 960), rng, 120)


def _shirt(rng: Random) -> Image.Image:
    on, draw = _blank()
    body = [
        (560, 180), (1140, 180), (1640, 480), (1460, 800), (1260, 700), (1260, 1580),
        (440, 1580), (440, 700), (240, 800), (60, 480),
    ]  # fmt: skip
    draw.polygon(body, fill=_a_colour(rng))
    draw.ellipse((660, 100, 1040, 320), fill=(40, 40, 44))
    return _branded(on, (850, 800), rng, 170)


def _branded(on: Image.Image, middle: tuple[int, int], rng: Random, size: int) -> Image.Image:
    style = Type(size, bold=True, colour=rng.choice(((245, 245, 245), (24, 24, 28))))
    write(on, middle, rng.choice(BRANDS), style, "mm")
    return on

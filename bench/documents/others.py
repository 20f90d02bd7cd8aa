"""Pictures that are no evidence of any kind."""

from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from bench.documents.fonts import Face
from bench.documents.invented import BRANDS, PRODUCTS, a_name, a_place, chance, yuan
from bench.documents.model import Drawing
from bench.documents.paper import Colour, Type, sheet, write, write_lines
from bench.documents.surfaces import a_surface

_PROSE = (
    "清晨的雾还没有散，河边已经有人在洗菜。水声和说话声混在一起，从石阶上传过来。",
    "他把窗子推开，院里的桂花落了一地。去年的这个时候，祖母还坐在树下剥豆子。",
    "火车过了山洞，天忽然亮起来。对面的孩子趴在玻璃上，数着一根一根的电线杆。",
    "集市散得早，卖竹器的老人收好担子，沿着堤坝慢慢往回走，影子拖得很长。",
    "雨下了三天，书都有些潮了。我把它们摊在炕上，一页一页地翻，像翻旧日子。",
)


def draw_other(rng: Random) -> Drawing:
    return Drawing(rng.choice((_landscape, _texture, _prose, _price_tag, _menu))(rng), {}, frozenset())


def _landscape(rng: Random) -> Image.Image:
    """Sky, sun, and hills behind hills."""
    on = Image.linear_gradient("L").resize((2400, 1800))
    blue, pale = (rng.randint(70, 130), rng.randint(130, 180), 220), (246, 226, rng.randint(180, 230))
    sky = Image.composite(sheet(2400, 1800, pale), sheet(2400, 1800, blue), on)
    draw = ImageDraw.Draw(sky)
    sun = rng.randint(300, 2000)
    draw.ellipse((sun, 220, sun + 190, 410), fill=(255, 244, 214))
    for at in range(4):
        shade: Colour = (90 - 18 * at, 126 - 20 * at, 104 - 22 * at)
        draw.polygon([*_ridge(900 + 230 * at, rng), (2400, 1800), (0, 1800)], fill=shade)
    return sky.filter(ImageFilter.GaussianBlur(2))


def _ridge(height: int, rng: Random) -> list[tuple[float, float]]:
    steps = np.random.default_rng(rng.getrandbits(64)).normal(0, 22, 81)
    walk = np.cumsum(steps) - np.linspace(0, float(steps.sum()), 81)
    return [(at * 30.0, height + float(rise)) for at, rise in enumerate(walk)]


def _texture(rng: Random) -> Image.Image:
    return a_surface((2400, 1800), rng)


def _prose(rng: Random) -> Image.Image:
    """A page of a book."""
    on, top = sheet(1900, 2600, (246, 242, 230)), 220
    face = rng.choice((Face.SERIF, Face.SERIF, Face.SANS))
    for paragraph in rng.sample(_PROSE, 5):
        top = write_lines(on, (180, top), "　　" + paragraph * 2, Type(62, face), 1540) + 20
    write(on, (950, 2480), str(rng.randint(3, 400)), Type(50, face), "mm")
    return on


def _price_tag(rng: Random) -> Image.Image:
    """What a shop hangs on its goods: a price and a name, but no document."""
    on = sheet(1500, 1000, rng.choice(((255, 240, 120), (255, 255, 255), (250, 220, 210))))
    write(on, (90, 80), rng.choice(PRODUCTS), Type(110, bold=True))
    write(on, (90, 260), f"产地：{a_place(rng)[:3]}   等级：合格品", Type(64))
    write(on, (1400, 460), f"¥{yuan(rng.randint(9, 900) * 100 - 10)}", Type(280, bold=True, colour=(210, 30, 30)), "ra")
    write(on, (90, 850), f"{rng.choice(BRANDS)}   物价员：{a_name(rng)}", Type(60))
    return on


def _menu(rng: Random) -> Image.Image:
    on, top = sheet(1800, 2400, (250, 244, 236)), 420
    write(on, (900, 180), rng.choice(("今日菜单", "小吃店", "饮品单")), Type(150, Face.SERIF, bold=True), "mt")
    dishes = (
        "红烧牛肉面",
        "番茄炒蛋",
        "酸辣土豆丝",
        "鱼香肉丝",
        "扬州炒饭",
        "小笼包",
        "豆浆",
        "青菜豆腐汤",
        "桂花糕",
        "凉拌黄瓜",
    )
    for dish in rng.sample(dishes, 8):
        write(on, (200, top), dish, Type(86, Face.SERIF))
        price = f"{rng.randint(6, 58)}元" if chance(rng, 0.5) else f"{rng.randint(6, 58)}"
        write(on, (1600, top), price, Type(86, Face.SERIF), "ra")
        top += 210
    return on

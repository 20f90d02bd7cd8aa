"""Several things in one picture."""

from dataclasses import dataclass
from random import Random

from PIL import Image, ImageFilter


@dataclass(frozen=True, slots=True)
class Scene:
    """A picture, and the mask of what lies in it; the table shows between the things."""

    picture: Image.Image
    mask: Image.Image


def empty_scene(width: int, height: int) -> Scene:
    return Scene(Image.new("RGB", (width, height), (128, 126, 122)), Image.new("L", (width, height)))


def put(scene: Scene, thing: Image.Image, box: tuple[int, int, int, int], rng: Random, turn: float = 3) -> None:
    """As large as fits into the box, turned by up to that many degrees; what is transparent stays so."""
    width, height = box[2] - box[0], box[3] - box[1]
    scale = min(width / thing.width, height / thing.height)
    size = (round(thing.width * scale), round(thing.height * scale))
    seen = thing.convert("RGBA").resize(size, Image.Resampling.BICUBIC)
    if turn:
        seen = seen.rotate(rng.uniform(-turn, turn), Image.Resampling.BILINEAR, expand=True)
    corner = (box[0] + (width - seen.width) // 2, box[1] + (height - seen.height) // 2)
    alpha = seen.getchannel("A")
    edge = (
        alpha.reduce(4)
        .filter(ImageFilter.GaussianBlur(3))
        .point([level // 4 for level in range(256)])
        .resize(alpha.size)
    )
    scene.picture.paste((20, 20, 20), (corner[0] + 10, corner[1] + 12), edge)
    scene.picture.paste(seen.convert("RGB"), corner, alpha)
    scene.mask.paste(255, corner, alpha)

"""What a phone's camera makes of a sheet on a table: perspective, light, blur, noise and JPEG."""

from dataclasses import dataclass
from io import BytesIO
from math import cos, radians, sin
from random import Random

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageFilter

from bench.documents.invented import chance
from bench.documents.model import Drawing, Severity
from bench.documents.surfaces import a_surface

type _Corner = tuple[float, float]

LONG, SHORT = 4000, 3000
_QUALITY = 85
_ENOUGH = 0.75
_SPARE = 1.2
_HALVED_FROM = 1.8
_ORIENTATION = 0x0112


@dataclass(frozen=True, slots=True)
class _Conditions:
    """Each is a range from which one value is drawn."""

    fill: tuple[float, float]
    """Share of the picture's side that the sheet takes."""
    turn: float
    """Degrees, to either side."""
    skew: float
    """How far a corner is off its place, in shares of the sheet."""
    light: tuple[float, float]
    """How bright the sheet is at its brightest, 0 to 1."""
    fall: tuple[float, float]
    """How much darker the other side is, 0 to 1."""
    blur: tuple[float, float]
    noise: tuple[float, float]
    """Standard deviation, in levels of 255."""
    haze: tuple[float, float]
    """By how much the contrast is lowered, 0 to 1."""


_CONDITIONS = {
    Severity.EASY: _Conditions((0.76, 0.9), 3, 0.02, (0.97, 1), (0.05, 0.18), (0.7, 1.5), (2.5, 4.5), (0, 0.02)),
    Severity.MEDIUM: _Conditions((0.6, 0.76), 9, 0.04, (0.68, 0.85), (0.12, 0.32), (1.8, 2.9), (5.5, 8), (0.01, 0.05)),
    Severity.HARD: _Conditions((0.4, 0.52), 20, 0.06, (0.46, 0.64), (0.2, 0.45), (3, 4.2), (9, 13), (0.03, 0.12)),
}


def photograph(drawing: Drawing, severity: Severity, rng: Random) -> bytes:
    """A JPEG of 12 megapixels, upright or, as phones do, turned with the EXIF orientation that says so."""
    paper = drawing.picture
    size = (SHORT, LONG) if paper.height > paper.width else (LONG, SHORT)
    terms = _CONDITIONS[severity]
    scene = a_surface(size, rng)
    _lay(scene, drawing, terms, rng)
    scene = ImageChops.multiply(scene, _light(size, terms, rng))
    haze = rng.uniform(*terms.haze)
    scene = Image.blend(scene, Image.new("RGB", size, (80, 80, 84)), haze)
    return _saved(_noisy(scene, rng.uniform(*terms.noise), rng), rng)


def _lay(scene: Image.Image, drawing: Drawing, terms: _Conditions, rng: Random) -> None:
    """Puts the sheet on the table, with a soft shadow around it, and blurs it as the camera does."""
    paper = drawing.picture
    quad = _quad(paper.size, scene.size, terms, rng)
    left, top = (int(min(corner[axis] for corner in quad)) for axis in (0, 1))
    right, bottom = (int(max(corner[axis] for corner in quad)) + 1 for axis in (0, 1))
    local = [(across - left, down - top) for across, down in quad]
    size = (right - left, bottom - top)
    seen = _warped(_reduced(paper, max(size) / max(paper.size)), local, size)
    mask = drawing.mask or Image.new("L", paper.size, 255)
    mask = _warped(mask.reduce(2), [(across / 2, down / 2) for across, down in local], (size[0] // 2, size[1] // 2))
    mask = mask.resize(size, Image.Resampling.BILINEAR)
    _shade(scene, mask, (left, top))
    scene.paste(seen, (left, top), mask)
    _blur(scene, (left - 8, top - 8, right + 8, bottom + 8), rng.uniform(*terms.blur), rng)


def _reduced(paper: Image.Image, scale: float) -> Image.Image:
    """Near the size that it will have, where it is much larger: the transform looks at few pixels only."""
    if scale > _ENOUGH:
        return paper
    size = (round(paper.width * scale * _SPARE), round(paper.height * scale * _SPARE))
    return paper.resize(size, Image.Resampling.BOX)


def _quad(paper: tuple[int, int], scene: tuple[int, int], terms: _Conditions, rng: Random) -> list[_Corner]:
    """Where the corners come to lie, from the upper left clockwise, all within the picture."""
    turn = radians(rng.uniform(-terms.turn, terms.turn))
    half = (paper[0] / 2, paper[1] / 2)
    corners = []
    for x, y in ((-1, -1), (1, -1), (1, 1), (-1, 1)):
        across = x * half[0] * (1 + rng.uniform(-terms.skew, terms.skew))
        down = y * half[1] * (1 + rng.uniform(-terms.skew, terms.skew))
        corners.append((across * cos(turn) - down * sin(turn), across * sin(turn) + down * cos(turn)))
    low = [min(corner[axis] for corner in corners) for axis in (0, 1)]
    spans = [max(corner[axis] for corner in corners) - low[axis] for axis in (0, 1)]
    scale = min(scene[axis] / spans[axis] for axis in (0, 1)) * rng.uniform(*terms.fill)
    free = [scene[axis] - spans[axis] * scale for axis in (0, 1)]
    shift = [room * rng.uniform(0.25, 0.75) - low[axis] * scale for axis, room in enumerate(free)]
    return [(corner[0] * scale + shift[0], corner[1] * scale + shift[1]) for corner in corners]


def _warped(paper: Image.Image, quad: list[_Corner], size: tuple[int, int]) -> Image.Image:
    width, height = paper.size
    corners = [(0.0, 0.0), (width, 0.0), (width, height), (0.0, height)]
    return paper.transform(size, Image.Transform.PERSPECTIVE, _projection(quad, corners), Image.Resampling.BILINEAR)


def _projection(source: list[_Corner], target: list[_Corner]) -> list[float]:
    """The eight coefficients that Pillow wants, which take each source corner to its target."""
    rows, wanted = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    solved: NDArray[np.float64] = np.linalg.solve(np.array(rows), np.array(wanted))
    return [float(each) for each in solved]


def _shade(scene: Image.Image, mask: Image.Image, corner: tuple[int, int]) -> None:
    """The shadow of the sheet's edge, at an eighth of the scale."""
    margin = 96
    room = Image.new("L", (mask.width + 2 * margin, mask.height + 2 * margin))
    room.paste(mask, (margin + 14, margin + 18))
    soft = room.reduce(8).filter(ImageFilter.GaussianBlur(4)).point([level * 2 // 5 for level in range(256)])
    scene.paste((12, 12, 14), (corner[0] - margin, corner[1] - margin), soft.resize(room.size))


def _blur(scene: Image.Image, area: tuple[int, int, int, int], radius: float, rng: Random) -> None:
    """Out of focus; now and then, in part by a hand that moved."""
    part = scene.crop(area)
    if chance(rng, 0.25):
        moved = ImageChops.offset(part, round(radius * 1.2), round(rng.uniform(-1, 1) * radius))
        part = Image.blend(part, moved, 0.5)
        radius *= 0.75
    scene.paste(_softened(part, radius), area[:2])


def _softened(part: Image.Image, radius: float) -> Image.Image:
    """A strong blur leaves nothing that half the scale can't hold, and is quicker there."""
    if radius < _HALVED_FROM:
        return part.filter(ImageFilter.GaussianBlur(radius))
    half = part.reduce(2).filter(ImageFilter.GaussianBlur((radius**2 - 1) ** 0.5 / 2))
    return half.resize(part.size, Image.Resampling.BICUBIC)


def _light(size: tuple[int, int], terms: _Conditions, rng: Random) -> Image.Image:
    """Falls off to one side and unevenly, in a tint between warm and cool."""
    height, width = 30, 40
    down, across = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j]
    angle = rng.uniform(0, 360)
    slope = (across - 0.5) * cos(radians(angle)) + (down - 0.5) * sin(radians(angle)) + 0.5
    noise = np.random.default_rng(rng.getrandbits(64)).normal(0, 1, (4, 5))
    blotch = np.array(Image.fromarray(noise.astype(np.float32)).resize((width, height), Image.Resampling.BICUBIC))
    fall = rng.uniform(*terms.fall)
    level = rng.uniform(*terms.light) * (1 - fall * np.clip(slope, 0, 1) + 0.15 * fall * blotch)
    grey = Image.fromarray((np.clip(level, 0.05, 1) * 255).astype(np.uint8)).resize(size, Image.Resampling.BICUBIC)
    warmth = rng.uniform(-0.05, 0.05)
    tints = (min(1, 1 + warmth), 1.0, min(1, 1 - warmth))
    return Image.merge("RGB", [grey.point([round(each * tint) for each in range(256)]) for tint in tints])


def _noisy(scene: Image.Image, deviation: float, rng: Random) -> Image.Image:
    """One patch of noise, laid out over the picture; of some cameras in colours, or smoothed."""
    noise = np.random.default_rng(rng.getrandbits(64)).normal(128, deviation, (800, 1000))
    patch = Image.fromarray(np.clip(noise, 0, 255).astype(np.uint8))
    if chance(rng, 0.25):
        patch = patch.filter(ImageFilter.GaussianBlur(0.6))
    whole = Image.new("L", scene.size)
    for across in range(0, scene.width, patch.width):
        for down in range(0, scene.height, patch.height):
            whole.paste(patch, (across, down))
    moved = [whole, whole]
    if chance(rng, 0.3):
        moved = [ImageChops.offset(whole, rng.randrange(997), rng.randrange(797)) for _ in range(2)]
    return ImageChops.add(scene, Image.merge("RGB", (whole, *moved)), 1, -128)


def _saved(scene: Image.Image, rng: Random) -> bytes:
    exif = Image.Exif()
    if chance(rng, 0.15):
        exif[_ORIENTATION], turn = rng.choice(((6, 90), (8, 270), (3, 180)))
        scene = scene.rotate(turn, expand=True)
    out = BytesIO()
    scene.save(out, "JPEG", quality=_QUALITY, exif=exif)
    return out.getvalue()

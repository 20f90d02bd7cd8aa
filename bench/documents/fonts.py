"""The fonts that everything is drawn with: Noto Sans, Sans Mono and Serif CJK (OFL), from the wheel of mplfonts."""

from enum import StrEnum
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path

from PIL import ImageFont


class FontsMissing(RuntimeError):
    """The benchmarks' fonts are not installed."""


class Face(StrEnum):
    SANS = "NotoSansCJKsc-Regular.otf"
    MONO = "NotoSansMonoCJKsc-Regular.otf"
    SERIF = "NotoSerifCJKsc-Regular.otf"


@lru_cache(maxsize=256)
def font(face: Face, size: int) -> ImageFont.FreeTypeFont:
    """Of that many pixels to the em."""
    return ImageFont.truetype(_folder() / face, size)


@lru_cache(maxsize=1)
def _folder() -> Path:
    # Found without importing it: it would want matplotlib, which isn't installed with it.
    spec = find_spec("mplfonts")
    if spec is None or spec.origin is None:
        raise FontsMissing("the fonts to draw with are missing: `make bench-evidence` installs them")
    return Path(spec.origin).parent / "fonts"

"""What a deployment weighs, and what each function loads of it: exact, of the zips in build/."""

import tempfile
import zipfile
from pathlib import Path
from typing import Final

from bench.figures import Figure, Part, Row, Table
from tests.package.loaded import FUNCTIONS, heavy, modules
from tests.package.test_alone import EVERYWHERE, USES
from tools.package import RECOGNISER_ZIP, ZIP
from tools.paths import BUILD

_MB: Final = 1_000_000
_HEAVIEST: Final = 12


def measure() -> Part:
    with tempfile.TemporaryDirectory(prefix="recourse-sizes-") as room:
        with zipfile.ZipFile(BUILD / ZIP) as archive:
            archive.extractall(room)
        loaded = {name: modules(Path(room), made) for name, made in FUNCTIONS.items()}
    needless = {name: heavy(each) - EVERYWHERE - USES.get(name, set()) for name, each in loaded.items()}
    rows: list[Row] = [(name, len(each), ", ".join(sorted(heavy(each) - EVERYWHERE))) for name, each in loaded.items()]
    functions = Table("Modules imported by each function", ("function", "modules", "heavy libraries of its own"), rows)
    return Part(_figures(sum(map(len, needless.values()))), (functions, _contents(BUILD / ZIP)))


def _figures(needless: int) -> tuple[Figure, ...]:
    zipped, unzipped = _sizes(BUILD / ZIP)
    read_zipped, read_unzipped = _sizes(BUILD / RECOGNISER_ZIP)
    return (
        Figure("size.api", "the API's zip, which all functions but one share", "API 包（压缩）", zipped, "MB", 30),
        Figure("size.api.unzipped", "likewise, unzipped; Lambda takes 262", "API 包（解压后）", unzipped, "MB", 262),
        Figure("size.recogniser", "the recogniser's zip, with its models", "识别函数包（压缩）", read_zipped, "MB"),
        Figure(
            "size.recogniser.unzipped", "likewise, unzipped", "识别函数包（解压后）", read_unzipped, "MB", at_most=262
        ),
        Figure(
            "modules.needless",
            "heavy libraries that a function loads and never uses, over all functions",
            "各函数加载却从不使用的大型依赖库数量",
            needless,
            "",
            at_most=0,
        ),
    )


def _sizes(path: Path) -> tuple[float, float]:
    """Zipped and unzipped, in MB."""
    with zipfile.ZipFile(path) as archive:
        return path.stat().st_size / _MB, sum(each.file_size for each in archive.infolist()) / _MB


def _contents(path: Path) -> Table:
    """By library or package of ours, the heaviest."""
    weights: dict[str, tuple[int, int]] = {}
    with zipfile.ZipFile(path) as archive:
        for entry in archive.infolist():
            name = entry.filename.split("/")[0]
            zipped, unzipped = weights.get(name, (0, 0))
            weights[name] = zipped + entry.compress_size, unzipped + entry.file_size
    heaviest = sorted(weights.items(), key=lambda each: -each[1][0])[:_HEAVIEST]
    rows = [(name, zipped / _MB, unzipped / _MB) for name, (zipped, unzipped) in heaviest]
    return Table("The heaviest in the API's zip", ("what", "zipped, MB", "unzipped, MB"), rows)

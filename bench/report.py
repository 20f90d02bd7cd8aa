"""What was measured, as JSON and as Markdown."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.figures import Figure, Part, Row, Table

RESULTS = Path(__file__).with_name("results.json")
MARKDOWN = Path(__file__).with_name("results.md")
_WHOLE_FROM = 100
HEAD = {"en": ("what", "measured", "target"), "zh": ("指标", "实测", "目标")}


def results() -> dict[str, Any]:
    """By part, as it was last measured."""
    return dict(json.loads(RESULTS.read_text(encoding="utf-8"))) if RESULTS.exists() else {}


def write(found: Mapping[str, Part]) -> None:
    """Puts the parts in the place of what was known of them; the others stay."""
    known = results() | {name: asdict(part) for name, part in found.items()}
    RESULTS.write_text(json.dumps(known, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    MARKDOWN.write_text("\n".join(_document(known)) + "\n", encoding="utf-8")


def parts(known: Mapping[str, Any]) -> dict[str, Part]:
    return {
        name: Part(
            [Figure(**each | {"spread": each["spread"] and tuple(each["spread"])}) for each in part["figures"]],
            [Table(**each) for each in part["tables"]],
        )
        for name, part in known.items()
    }


def summary(known: Mapping[str, Any], language: str = "en") -> list[str]:
    """The table of all figures, in the order of the parts."""
    figures = [each for part in parts(known).values() for each in part.figures]
    return _table(HEAD[language], [_row(each, language) for each in figures])


def _row(figure: Figure, language: str) -> Row:
    measured = f"{_number(figure.value)} {figure.unit}".strip()
    if figure.spread:
        measured += f" ({' – '.join(map(_number, figure.spread))})"
    return (figure.zh if language == "zh" else figure.en), measured, _target(figure)


def _target(figure: Figure) -> str:
    if figure.met is None:
        return ""
    sign, target = ("≥", figure.at_least) if figure.at_most is None else ("≤", figure.at_most)
    return f"{sign} {_number(target or 0)} {figure.unit}".strip() + ("" if figure.met else " ✗")


def _number(value: float) -> str:
    return f"{value:,.0f}" if value == int(value) or abs(value) >= _WHOLE_FROM else f"{value:.3g}"


def _table(head: Row, rows: list[Row]) -> list[str]:
    lines = [head, ["---"] * len(head), *rows]
    cells = ([_number(each) if isinstance(each, int | float) else each for each in line] for line in lines)
    return ["| " + " | ".join(line) + " |" for line in cells]


def _document(known: Mapping[str, Any]) -> Iterator[str]:
    yield "# Measured\n\nWritten by `make bench`. ✗: the target is missed.\n"
    yield from summary(known)
    for name, part in parts(known).items():
        for table in part.tables:
            yield f"\n## {table.title}\n\n`python -m bench {name}`\n"
            yield from _table(table.head, list(table.rows))

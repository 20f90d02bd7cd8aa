"""What was measured, as JSON and as Markdown."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.figures import Figure, Part, Row, Table

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
RESULTS = ROOT / "bench" / "results.json"
MARKDOWN = ROOT / "bench" / "results.md"
SCALE = ROOT / "docs" / "scale.md"
REASONS = ROOT / "bench" / "missed.json"
BEGIN, END = "<!-- figures: make bench -->", "<!-- /figures -->"
_NAMED = re.compile(r"(<!-- table: (.+?) -->)\n.*?\n(<!-- /table -->)", re.DOTALL)
_HEAD = {"en": ("what", "measured", "target"), "zh": ("指标", "实测", "目标")}
_WHOLE_FROM = 100


def reasons() -> dict[str, dict[str, str]]:
    """Why a target is missed and what was tried, by the figure's id and by language."""
    found: dict[str, dict[str, str]] = json.loads(REASONS.read_text(encoding="utf-8"))
    return found


def results() -> dict[str, Part]:
    """By part, as it was last measured."""
    return {name: _part(found) for name, found in json.loads(RESULTS.read_text(encoding="utf-8")).items()}


def _part(found: Mapping[str, Any]) -> Part:
    figures = [each | {"spread": each["spread"] and tuple(each["spread"])} for each in found["figures"]]
    return Part([Figure(**each) for each in figures], [Table(**each) for each in found["tables"]])


def write(known: Mapping[str, Part]) -> None:
    """Puts it into bench/, the READMEs' tables and docs/scale.md."""
    found = {name: asdict(part) for name, part in known.items()}
    RESULTS.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    MARKDOWN.write_text(document(known), encoding="utf-8")
    SCALE.write_text(with_tables(SCALE.read_text(encoding="utf-8"), known), encoding="utf-8")
    for language, readme in READMES.items():
        readme.write_text(told(readme.read_text(encoding="utf-8"), known, language), encoding="utf-8")


def with_tables(text: str, known: Mapping[str, Part]) -> str:
    """A page with the tables in it that it names."""
    tables = {table.title: table for part in known.values() for table in part.tables}
    return _NAMED.sub(lambda found: "\n".join([found[1], "", *_lines(tables[found[2]]), "", found[3]]), text)


def _lines(table: Table) -> list[str]:
    return _table(table.head, list(table.rows))


def told(text: str, known: Mapping[str, Part], language: str) -> str:
    """The README with the table of all figures in it."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return "\n".join([f"{before}{BEGIN}\n", *summary(known, language), f"\n{END}{after}"])


def summary(known: Mapping[str, Part], language: str = "en") -> list[str]:
    """The table of all figures, in the order of the parts; and why targets are missed."""
    figures = [each for part in known.values() for each in part.figures]
    missed = [_reason(each, language) for each in figures if each.met is False]
    return [*_table(_HEAD[language], [_row(each, language) for each in figures]), *(missed and ["", *missed])]


def document(known: Mapping[str, Part]) -> str:
    """The figures, and what stands behind them."""
    return "\n".join(_document(known)) + "\n"


def _document(known: Mapping[str, Part]) -> Iterator[str]:
    yield "# Measured\n\nWritten by `make bench`. ✗: the target is missed.\n"
    yield from summary(known)
    for name, part in known.items():
        for table in part.tables:
            yield f'\n## {table.title}\n\n`make bench ONLY="{name}"`\n'
            yield from _lines(table)


def _reason(figure: Figure, language: str) -> str:
    why = reasons().get(figure.id, {}).get(language, "")
    return f"- ✗ {figure.zh}：{why}" if language == "zh" else f"- ✗ {figure.en}: {why}"


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

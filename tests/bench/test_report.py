"""What the READMEs quote is what was measured."""

from dataclasses import replace

import pytest

from bench import report
from bench.figures import Figure, Part, Table

AT_MOST = Figure("a", "calls of a command", "命令的调用次数", 3, "", at_most=3)
AT_LEAST = Figure("b", "cost of the peer", "同类产品的开销", 2.5, at_least=3, spread=(2.25, 2.75))
UNBOUND = Figure("c", "cost of 1,000 disputes", "1,000 件售后单的费用", 1234.5, "USD")


def known(*figures: Figure) -> dict[str, Part]:
    return {"part": Part(figures, [Table("Details", ("what", "n"), [("x", 2)])])}


def test_a_figure_says_what_was_measured_and_whether_the_target_is_met():
    assert report.summary(known(AT_MOST, AT_LEAST, UNBOUND)) == [
        "| what | measured | target |",
        "| --- | --- | --- |",
        "| calls of a command | 3 | ≤ 3 |",
        "| cost of the peer | 2.5 × (2.25 – 2.75) | ≥ 3 × ✗ |",
        "| cost of 1,000 disputes | 1,234 USD |  |",
        "",
        "- ✗ cost of the peer: ",
    ]


def test_why_a_target_is_missed_stands_below():
    overdue = replace(AT_LEAST, id="peer-overdue")
    assert report.summary(known(overdue, AT_MOST))[-2:] == [
        "",
        f"- ✗ cost of the peer: {report.reasons()['peer-overdue']['en']}",
    ]
    assert report.summary(known(overdue), "zh")[-1] == f"- ✗ 同类产品的开销：{report.reasons()['peer-overdue']['zh']}"


def test_each_target_that_was_missed_says_why_in_both_languages():
    missed = {each.id for part in report.results().values() for each in part.figures if each.met is False}
    assert {name for name, why in report.reasons().items() if why.keys() == report.READMES.keys()} >= missed


def test_it_is_told_in_chinese_too():
    assert report.summary(known(AT_MOST), "zh")[2] == "| 命令的调用次数 | 3 | ≤ 3 |"


def test_what_is_measured_anew_takes_the_place_of_what_was_there():
    text = f"before\n{report.BEGIN}\n| old |\n{report.END}\nafter\n"
    once = report.told(text, known(AT_MOST), "en")
    assert "old" not in once
    assert once.startswith("before\n")
    assert once.endswith("\nafter\n")
    assert report.told(once, known(AT_MOST), "en") == once


@pytest.mark.parametrize("language", report.READMES)
def test_the_readmes_quote_what_was_measured_last(language):
    text = report.READMES[language].read_text(encoding="utf-8")
    assert report.told(text, report.results(), language) == text


def test_what_is_said_of_scale_is_what_was_measured_last():
    text = report.SCALE.read_text(encoding="utf-8")
    assert text.count("<!-- table: ") == 2
    assert report.with_tables(text, report.results()) == text


def test_what_stands_behind_the_figures_is_written_down():
    assert report.MARKDOWN.read_text(encoding="utf-8") == report.document(report.results())

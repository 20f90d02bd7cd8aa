"""What docs/privacy.md promises to list is listed."""

import re
from pathlib import Path

from chalicelib.store import keys
from policies.book import PolicyBook
from policies.model import Unit

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


def kinds() -> set[str]:
    """Every kind of item on the page on the table: by its own partition, or within a dispute's by its sort key."""
    items = str(keys.__doc__).partition("other attributes, indexes\n")[2].partition("`seq` of")[0]
    partitions = set(re.findall(r"^ {4}(\S.*?)(?: {2,}|$)", items, re.MULTILINE)) - {"D#<dispute>"}
    return partitions | set(re.findall(r"^ {4}(?:D#<dispute> {11}| {22})(\S+)", items, re.MULTILINE))


def test_every_kind_of_item_has_its_line_on_privacy():
    listed = set(re.findall(r"`([^`]+)`", PAGE.partition("## What is kept")[2].partition("## Erasing")[0]))
    assert {"Q#<policy>#<respondent>#<year>", "T#particulars", "SEEN#<piece>#<other>", "X#<external id>"} <= kinds()
    assert kinds() - {"COUNTS"} - listed == set()


def test_the_times_are_those_of_a_policy_that_doesnt_say():
    kept = PolicyBook.from_folder().version("marketplace", 1).retention
    assert (kept.images.count, kept.images.unit, kept.texts.count, kept.texts.unit) == (180, Unit.DAYS, 3, Unit.YEARS)
    assert "180 days and 3 years where it doesn't say" in PAGE

"""What ships is listed with its licence, and nothing of it asks for more than Apache-2.0 gives."""

import re

import pytest

from tools.licences import PAGE, is_allowed, shipped

ROWS = {
    name: (version, licence, tuple(where.split(", ")))
    for name, version, licence, where in re.findall(
        r"^\| (\S+) \| (\S+) \| (.+?) \| (\S+\.zip.*?) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
}


def test_the_page_lists_what_the_locks_pin_version_by_version():
    assert {name: (version, where) for name, (version, _, where) in ROWS.items()} == shipped()
    assert {"boto3", "chalice", "onnxruntime", "rapidocr"} <= set(ROWS)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_what_ships_asks_for_attribution_at_most(name: str):
    assert is_allowed(ROWS[name][1])


@pytest.mark.parametrize(
    "licence",
    ["GPL-3.0-only", "GNU Affero General Public License v3", "MIT AND LGPL-2.1", "MPL-2.0", "SSPL-1.0", "UNKNOWN", ""],
)
def test_copyleft_and_the_unknown_are_refused(licence: str):
    assert not is_allowed(licence)

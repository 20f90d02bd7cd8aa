"""What authors of policies do: check, publish, and find that what was published never changes."""

import json

import pytest

from policies import __main__ as commands
from policies import published
from policies.errors import PolicyError
from policies.load import digest, load
from tests.unit.policies.build import write

LATER = {"version": 2, "effective_from": "2026-01-01T00:00:00-05:00"}


@pytest.fixture
def documents(tmp_path):
    folder = tmp_path / "documents"
    write(folder)
    return folder


def recorded(documents):
    return json.loads((documents.parent / "published.json").read_text(encoding="utf-8"))


def test_publishing_records_the_digest_and_does_so_once(documents, capsys):
    said = digest(load(documents / "contrarian" / "1.yaml"))
    assert commands.main(["publish", str(documents)]) == 0
    assert capsys.readouterr().out == f"published contrarian 1: {said}\n"
    assert recorded(documents) == {"contrarian": {"1": said}}
    assert commands.main(["publish", str(documents)]) == 0
    assert capsys.readouterr().out == ""


def test_a_new_version_is_published_beside_the_old_one(documents):
    commands.main(["publish", str(documents)])
    first = recorded(documents)["contrarian"]["1"]
    second = digest(load(write(documents, LATER)))
    commands.main(["publish", str(documents)])
    assert recorded(documents) == {"contrarian": {"1": first, "2": second}}


def test_a_published_version_never_changes(documents, capsys):
    commands.main(["publish", str(documents)])
    path = write(documents, {"appeal.quota.per_month": 2})
    with pytest.raises(PolicyError, match="contrarian 1 was published with the digest"):
        load(path)
    for command in ("check", "publish"):
        assert commands.main([command, str(documents)]) == 1
        assert "make the change in a new version" in capsys.readouterr().err


def test_how_a_published_version_is_written_may_change(documents):
    commands.main(["publish", str(documents)])
    path = documents / "contrarian" / "1.yaml"
    path.write_text("# A comment.\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    assert load(path).version == 1


def test_a_published_version_stays(documents, capsys):
    commands.main(["publish", str(documents)])
    (documents / "contrarian" / "1.yaml").unlink()
    assert commands.main(["check", str(documents)]) == 1
    assert "contrarian.1: was published and is gone. Bring contrarian/1.yaml back." in capsys.readouterr().err


def test_checking_tells_what_is_published_and_from_when_it_is_in_force(documents, capsys):
    commands.main(["publish", str(documents)])
    write(documents, LATER)
    capsys.readouterr()
    assert commands.main(["check", str(documents)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "contrarian 1: published, in force from 2025-07-01T00:00:00-04:00 (America/New_York)",
        "contrarian 2: not published yet, in force from 2026-01-01T00:00:00-05:00 (America/New_York)",
    ]


def test_nothing_is_published_while_a_document_is_wrong(documents, capsys):
    write(documents, LATER | {"zone": "Asia/Tokyo"})
    assert commands.main(["publish", str(documents)]) == 1
    assert "contrarian/2.yaml: zone: is Asia/Tokyo" in capsys.readouterr().err
    assert not (documents.parent / "published.json").exists()


def test_the_record_keeps_what_was_published_first(documents):
    record = documents.parent / "published.json"
    published.add(record, "contrarian", 1, "first")
    published.add(record, "contrarian", 1, "second")
    assert recorded(documents) == {"contrarian": {"1": "first"}}

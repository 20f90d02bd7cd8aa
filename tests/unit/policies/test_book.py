"""The book finds what a dispute is pinned to, and what is in force. Each document is read once, if at all."""

from datetime import timedelta

import pytest

from policies.book import PolicyBook
from policies.errors import PolicyError, UnknownPolicy
from policies.load import digest, load
from tests.unit.policies.build import CONTRARIAN, write

MILLISECOND = timedelta(milliseconds=1)


@pytest.fixture
def documents(tmp_path):
    """Three versions, in effect from July, August and September 2025."""
    folder = tmp_path / "documents"
    for version in (1, 2, 3):
        write(folder, {"version": version, "effective_from": f"2025-0{version + 6}-01T00:00:00-04:00"})
    return folder


def policies(folder):
    return [load(path) for path in sorted(folder.glob("*/*.yaml"))]


def test_a_dispute_finds_the_version_that_it_is_pinned_to(documents):
    book = PolicyBook.from_folder(documents)
    assert [book.version("contrarian", version).version for version in (1, 2, 3)] == [1, 2, 3]


def test_in_force_is_the_latest_version_that_has_taken_effect_to_the_millisecond(documents):
    book = PolicyBook.from_folder(documents)
    second, third = book.version("contrarian", 2), book.version("contrarian", 3)
    assert book.in_force("contrarian", third.effective_from) is third
    assert book.in_force("contrarian", third.effective_from - MILLISECOND) is second
    assert book.in_force("contrarian", third.effective_from + timedelta(days=999)) is third


def test_nothing_is_in_force_before_the_first_version(documents):
    book = PolicyBook.from_folder(documents)
    with pytest.raises(UnknownPolicy, match=r"policy 'contrarian' has no version in force at 2025-07-01T03:59:59.999"):
        book.in_force("contrarian", book.version("contrarian", 1).effective_from - MILLISECOND)


def test_what_is_unknown_is_said(documents):
    book = PolicyBook.from_folder(documents)
    with pytest.raises(UnknownPolicy, match=r"policy 'contrarian' has no version 4$"):
        book.version("contrarian", 4)
    with pytest.raises(UnknownPolicy, match=r"policy 'nobody' is unknown$"):
        book.version("nobody", 1)
    with pytest.raises(UnknownPolicy, match=r"policy 'nobody' is unknown$"):
        book.in_force("nobody", book.version("contrarian", 1).effective_from)


def test_only_what_is_asked_for_is_read(documents):
    (documents / "contrarian" / "1.yaml").write_text("broken", encoding="utf-8")
    book = PolicyBook.from_folder(documents)
    assert book.version("contrarian", 3).version == 3
    with pytest.raises(PolicyError):
        book.version("contrarian", 1)
    with pytest.raises(PolicyError):
        book.check()


def test_a_document_is_read_once(documents):
    book = PolicyBook.from_folder(documents)
    policy = book.version("contrarian", 3)
    (documents / "contrarian" / "3.yaml").unlink()
    assert book.version("contrarian", 3) is policy


def test_a_book_can_be_made_of_policies(documents):
    book = PolicyBook.of(policies(documents))
    assert [each.version for each in book] == [1, 2, 3]
    assert book.in_force("contrarian", book.version("contrarian", 2).effective_from).version == 2


def test_a_book_gives_the_digest_of_a_policy(documents):
    book = PolicyBook.from_folder(documents)
    assert book.digest(book.version("contrarian", 1)) == digest(load(documents / "contrarian" / "1.yaml"))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"zone": "Asia/Tokyo"}, "zone: is Asia/Tokyo, but America/New_York in version 3. Give it a new id instead."),
        ({"currency": "CAD"}, "currency: is CAD, but USD in version 3. Give it a new id instead."),
        ({"effective_from": "2025-09-01T00:00:00-04:00"}, "effective_from: is not after that of version 3."),
        ({"effective_from": "2025-08-31T23:59:59-04:00"}, "effective_from: is not after that of version 3."),
    ],
)
def test_b5_a_policy_keeps_its_zone_and_currency_and_its_versions_their_order(documents, change, said):
    write(documents, {"version": 4, "effective_from": "2026-01-01T00:00:00-05:00"} | change)
    with pytest.raises(PolicyError) as refused:
        PolicyBook.from_folder(documents).check()
    assert str(refused.value).startswith(f"contrarian/4.yaml: {said}")
    with pytest.raises(PolicyError):
        PolicyBook.of(policies(documents))


def test_versions_at_odds_are_found_in_whichever_order_they_are_asked_for(documents):
    write(documents, {"version": 4, "effective_from": "2026-01-01T00:00:00-05:00", "currency": "CAD"})
    book = PolicyBook.from_folder(documents)
    book.version("contrarian", 4)
    with pytest.raises(PolicyError, match=r"but USD in version 1"):
        book.version("contrarian", 1)


def test_a_version_is_there_once():
    policy = load(CONTRARIAN / "contrarian" / "1.yaml")
    with pytest.raises(PolicyError, match=r"version: 1 is there twice"):
        PolicyBook.of([policy, policy])


@pytest.mark.parametrize("name", ["1.yml", "01.yaml", "0.yaml", "notes.txt"])
def test_a_file_that_would_be_overlooked_is_refused(documents, name):
    (documents / "contrarian" / name).touch()
    with pytest.raises(PolicyError, match=r"is no version. Name documents 1.yaml"):
        PolicyBook.from_folder(documents)


def test_a_dispute_gets_the_policy_that_it_was_opened_under_or_an_error():
    book = PolicyBook.from_folder()
    policy = book.version("marketplace", 1)
    assert book.pinned("marketplace", 1, book.digest(policy)) is policy
    with pytest.raises(PolicyError, match="isn't what disputes were opened under"):
        book.pinned("marketplace", 1, "0" * 64)

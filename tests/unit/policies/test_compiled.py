"""A package holds policies compiled: the same ones, under the digests that they were published with."""

import json

from policies import published
from policies.book import DOCUMENTS, PolicyBook
from tests.unit.policies.build import CONTRARIAN


def test_compiled_policies_are_the_documents_and_keep_their_digests():
    for book in (PolicyBook.from_folder(), PolicyBook.from_folder(CONTRARIAN)):
        compiled = PolicyBook.from_compiled(book.compile())
        assert list(compiled) == list(book)
        assert [compiled.digest(each) for each in compiled] == [book.digest(each) for each in book]


def test_every_published_version_is_in_what_ships_as_it_was_published():
    compiled = PolicyBook.from_compiled(PolicyBook.from_folder().compile())
    record = published.read(published.beside(DOCUMENTS))
    assert record
    for id_, versions in record.items():
        for version, digest in versions.items():
            assert compiled.pinned(id_, int(version), digest).version == int(version)


def test_a_version_is_read_when_it_is_asked_for_and_then_kept():
    found = json.loads(PolicyBook.from_folder().compile())
    found["demo"]["1"]["policy"] = {"id": "nothing else"}
    compiled = PolicyBook.from_compiled(json.dumps(found).encode())
    assert compiled.version("demo", 2) is compiled.version("demo", 2)


def test_in_the_tree_the_documents_are_what_ships():
    assert list(PolicyBook.shipped()) == list(PolicyBook.from_folder())

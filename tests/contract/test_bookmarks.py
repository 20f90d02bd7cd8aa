"""Where a search goes on in the next run."""

from chalicelib.domain.bookmarks import Search


def test_a_search_goes_on_after_its_own_mark_until_it_begins_anew(store):
    assert store.bookmarks() == {}
    store.bookmark(Search.OLD_UPLOADS, "2026#D#P")
    store.bookmark(Search.RECENT_UPLOADS, "2027#D#P")
    assert store.bookmarks() == {Search.OLD_UPLOADS: "2026#D#P", Search.RECENT_UPLOADS: "2027#D#P"}
    for _ in range(2):
        store.bookmark(Search.OLD_UPLOADS, None)
        assert store.bookmarks() == {Search.RECENT_UPLOADS: "2027#D#P"}

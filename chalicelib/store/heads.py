"""The chains' ends that a store has seen: what a commit goes on from, without reading it once more."""

from collections import OrderedDict
from collections.abc import Iterable, Mapping
from threading import Lock

from chalicelib.store.plan import Heads, Version


class SeenHeads:
    """Hashes by version. The hash of a version never changes, so none is ever stale; the oldest are forgotten."""

    def __init__(self, *, room: int) -> None:
        self._room = room
        self._seen: OrderedDict[Version, str] = OrderedDict()
        self._lock = Lock()

    def note(self, heads: Heads) -> None:
        with self._lock:
            for version, link in heads.items():
                self._seen[version] = link
                self._seen.move_to_end(version)
            while len(self._seen) > self._room:
                self._seen.popitem(last=False)

    def known(self, versions: Iterable[Version]) -> Mapping[Version, str]:
        with self._lock:
            return {each: self._seen[each] for each in versions if each in self._seen}

"""The policies at hand: one by id and version, or the one in force at an instant."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Self

from policies import compiled
from policies.errors import PolicyError, Problem, UnknownPolicy
from policies.model import Policy

DOCUMENTS = Path(__file__).parent / "documents"

_DOCUMENT = re.compile(r"([1-9][0-9]*)\.yaml")


class PolicyBook:
    """Policies by id and version. A document is read when it is first asked for, and then kept.

    Versions of one policy share zone and currency, and take effect in the order of their numbers. What is held is
    compared with what is already held, so that a document at odds with another one raises PolicyError when it is read;
    `check` reads them all.
    """

    def __init__(
        self,
        loaders: Mapping[str, Mapping[int, Callable[[], Policy]]],
        digests: Mapping[tuple[str, int], str] | None = None,
    ) -> None:
        """`digests` are those that are known; the others are worked out when they are asked for."""
        self._loaders = {id_: dict(sorted(versions.items())) for id_, versions in loaders.items()}
        self._held: dict[str, dict[int, Policy]] = {id_: {} for id_ in loaders}
        self._digests = dict(digests or {})

    @classmethod
    def of(cls, policies: Iterable[Policy]) -> Self:
        """Make a book of policies; PolicyError if they are at odds."""
        loaders: dict[str, dict[int, Callable[[], Policy]]] = {}
        for policy in policies:
            versions = loaders.setdefault(policy.id, {})
            if policy.version in versions:
                raise PolicyError(policy.id, [Problem(("version",), f"{policy.version} is there twice", "Keep one")])
            versions[policy.version] = _given(policy)
        book = cls(loaders)
        book.check()
        return book

    @classmethod
    def from_folder(cls, folder: Path = DOCUMENTS) -> Self:
        """Make a book of the documents `<id>/<version>.yaml` in a folder; by default, of those that ship.

        Raises PolicyError for a file that is named otherwise.
        """
        return cls({each.name: _documents(each) for each in sorted(folder.iterdir()) if each.is_dir()})

    @classmethod
    def from_compiled(cls, content: bytes) -> Self:
        """Make a book of what `compile` gave."""
        found = compiled.read(content)
        loaders = {id_: {version: each.read for version, each in held.items()} for id_, held in found.items()}
        digests = {(id_, version): each.digest for id_, held in found.items() for version, each in held.items()}
        return cls(loaders, digests)

    @classmethod
    def shipped(cls) -> Self:
        """Make a book of the policies that ship: in a package as it holds them, in the tree from their documents."""
        if compiled.COMPILED.exists():
            return cls.from_compiled(compiled.COMPILED.read_bytes())
        return cls.from_folder()

    def compile(self) -> bytes:
        """Give all of it as a package holds it. Raises PolicyError for a document that can't be used."""
        return compiled.write((each, self.digest(each)) for each in self)

    def __iter__(self) -> Iterator[Policy]:
        """Every version of every policy, in order; each is read."""
        return (self.version(id_, version) for id_, versions in self._loaders.items() for version in versions)

    def version(self, policy_id: str, version: int) -> Policy:
        """Give a version of a policy. Raises UnknownPolicy, or PolicyError if it can't be used."""
        held = self._held.get(policy_id, {})
        if version not in held:
            held[version] = self._read(policy_id, version)
        return held[version]

    def pinned(self, policy_id: str, version: int, digest: str) -> Policy:
        """Give the policy that a dispute was opened under.

        Raises UnknownPolicy, or PolicyError if what is published under that version now isn't what was pinned.
        """
        policy = self.version(policy_id, version)
        if self.digest(policy) != digest:
            changed = Problem((), "isn't what disputes were opened under", "Restore it, and publish a new version")
            raise PolicyError(f"{policy_id}/{version}.yaml", [changed])
        return policy

    def in_force(self, policy_id: str, at: datetime) -> Policy:
        """Give the latest version in effect by then. Raises UnknownPolicy, or PolicyError if it can't be used."""
        if policy := self._latest(policy_id, at):
            return policy
        known = policy_id in self._loaders
        raise UnknownPolicy(policy_id, at=at if known else None)

    def all_in_force(self, at: datetime) -> tuple[Policy, ...]:
        """Give the version in force of every policy that has one by then."""
        latest = (self._latest(policy_id, at) for policy_id in self._loaders)
        return tuple(each for each in latest if each)

    def digest(self, policy: Policy) -> str:
        """Give its digest, as `load.digest` does."""
        key = (policy.id, policy.version)
        if key not in self._digests:
            from policies.load import digest  # noqa: PLC0415  (YAML and pydantic, which a package does without)

            self._digests[key] = digest(policy)
        return self._digests[key]

    def check(self) -> None:
        """Read every document; PolicyError for the first that can't be used."""
        for _ in self:
            pass

    def _latest(self, policy_id: str, at: datetime) -> Policy | None:
        versions = (self.version(policy_id, each) for each in reversed(self._loaders.get(policy_id, {})))
        return next((each for each in versions if each.effective_from <= at), None)

    def _read(self, policy_id: str, version: int) -> Policy:
        loader = self._loaders.get(policy_id, {}).get(version)
        if loader is None:
            raise UnknownPolicy(policy_id, version=version if policy_id in self._loaders else None)
        policy = loader()
        held = {**self._held[policy_id], version: policy}
        for earlier, later in pairwise(held[each] for each in sorted(held)):
            if found := list(_odds(earlier, later)):
                document = f"{policy_id}/{later.version}.yaml"
                raise PolicyError(document, found)
        return policy


def _given(policy: Policy) -> Callable[[], Policy]:
    return lambda: policy


def _load(path: Path) -> Policy:
    from policies.load import load  # noqa: PLC0415  (likewise)

    return load(path)


def _documents(folder: Path) -> dict[int, Callable[[], Policy]]:
    """Find the versions in the folder of one policy."""
    versions: dict[int, Callable[[], Policy]] = {}
    for path in folder.iterdir():
        named = _DOCUMENT.fullmatch(path.name)
        if named is None:
            raise PolicyError(
                path, [Problem((), "is no version", "Name documents 1.yaml, 2.yaml …, and keep only them here")]
            )
        versions[int(named[1])] = partial(_load, path)
    return versions


def _odds(earlier: Policy, later: Policy) -> Iterator[Problem]:
    """B5: the months of a policy's quota would change under disputes that are open, if its zone did."""
    for name in ("zone", "currency"):
        before, after = getattr(earlier, name), getattr(later, name)
        if before != after:
            yield Problem((name,), f"is {after}, but {before} in version {earlier.version}", "Give it a new id instead")
    if later.effective_from <= earlier.effective_from:
        yield Problem(
            ("effective_from",),
            f"is not after that of version {earlier.version}",
            f"Write an instant after {earlier.effective_from.isoformat()}",
        )

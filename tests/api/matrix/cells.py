"""The cells of a route: each role, each target, each token; what must be answered, and what may be left behind."""

import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from chalicelib.domain.parties import Role
from chalicelib.http.access import ACCESS, PUBLIC
from tests.api.build import Reply, endpoint, sign
from tests.api.matrix.apt import EXAMPLES, Route
from tests.api.matrix.targets import Scene, Standing, Target, targets
from tests.api.matrix.tokens import BAD

ROLES: Final = sorted(set(Role) - {Role.SYSTEM})
KEY: Final = "the-same-for-all"
_FRESH: Final = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}|form-[0-9]+|whsec_[A-Za-z0-9+/=]+")


@dataclass
class Matrix:
    """Tries cells, and counts them."""

    scene: Scene = field(default_factory=Scene)
    cells: Counter[tuple[str, Standing]] = field(default_factory=Counter)
    carried_out: set[Route] = field(default_factory=set)
    """The routes that did something for who may ask it."""

    def __post_init__(self) -> None:
        self._before = self.scene.town.state()
        self._good = {role: self._token(role, self.scene.parties.get(role, ())) for role in ROLES}
        self._bad = {role: self._forged(role) for role in ROLES}

    def _forged(self, role: Role) -> dict[str, str | None]:
        claims = self._claims(role, self.scene.parties.get(role, ()))
        return {name: forge(claims) for name, forge in BAD.items()}

    def _claims(self, role: Role, parties: tuple[str, ...], subject: str | None = None) -> dict[str, Any]:
        """Reviewers are those who hold the reviews that are claimed."""
        return self.scene.town.claims(role, parties, subject)

    def _token(self, role: Role, parties: tuple[str, ...], subject: str | None = None) -> str:
        return f"Bearer {sign(self._claims(role, parties, subject))}"

    def admitted(self, route: Route) -> list[Role]:
        return [each for each in ROLES if each in ACCESS[route]]

    def own(self, route: Route, role: Role) -> list[Target]:
        return [each for each in targets(self.scene, route, role) if each.standing is Standing.OWN]

    def let_in(self, route: Route) -> set[Role]:
        """The roles whose good token is known, and whose role may ask."""
        target = Target(Standing.OWN)
        return {role for role in ROLES if self._ask(route, target, self._good[role]).status == 200}

    def ask_with(self, route: Route, role: Role, target: Target, headers: Mapping[str, str] | None = None) -> Reply:
        """With a role's own good token."""
        return self._ask(route, target, self._good[role], more=headers)

    def good_token(self, role: Role) -> str:
        return self._good[role]

    def ask_as(self, route: Route, role: Role, subject: str, target: Target) -> Reply:
        """As another person of a role's own party."""
        return self._ask(route, target, self._token(role, self.scene.parties.get(role, ()), subject))

    def refused_method(self, path: str, target: Target) -> Reply:
        return self.scene.town.ask("PUT", address(path, target), b"{}", {"content-type": "application/json"})

    def key_is_its_caller_s(self, route: Route, role: Role, target: Target) -> bool | None:
        """Whether a colleague, who may ask for the same, is answered as if nobody had used the key.

        None where the request is refused: then no key is kept.
        """
        before = self.scene.town.state()
        if self._ask(route, target, self._good[role]).status >= 300:
            return None
        after, answers = self.scene.town.state(), set()
        colleague = self._token(role, self.scene.parties.get(role, ()), "colleague")
        for key in (KEY, "another-key"):
            reply = self._ask(route, target, colleague, key)
            answers.add((reply.status, _FRESH.sub("…", reply.text)))
            self.scene.town.put_back(after)
        self.scene.town.put_back(before)
        return len(answers) == 1

    def try_route(self, route: Route) -> None:
        """AssertionError for a cell that isn't as it must be; LookupError for a route that has no objects."""
        for role in ROLES:
            tried = targets(self.scene, route, role)
            self._before = self.scene.town.state()
            if ACCESS[route] is PUBLIC:
                self._try_public(route, tried)
            else:
                for each in tried:
                    self._try_good(route, role, each)
                self._try_bad(route, role, tried)

    def _try_public(self, route: Route, tried: list[Target]) -> None:
        for each in tried:
            for token in (None, "Bearer rubbish"):
                assert self._ask(route, each, token).status == 200
                self.carried_out.add(route)
                self._count("public", each)

    def _try_good(self, route: Route, role: Role, target: Target) -> None:
        token = self._good[role] if target.parties is None else self._token(role, target.parties)
        reply = self._ask(route, target, token)
        cell = f"{role}: {route} {target.path} {target.query}: {reply.status} {reply.text[:300]}"
        if role not in ACCESS[route]:
            assert (reply.status, reply.code) == (403, "not_permitted"), cell
        elif target.standing is Standing.OWN:
            self._check_own(route, reply, cell)
        elif target.twin is None:
            assert (reply.status, reply.code) == (404, "not_found"), cell
        else:
            absent = self._ask(route, target.twin, token)
            assert (reply.status, reply.headers, reply.text) == (absent.status, absent.headers, absent.text), cell
            assert reply.status in (404, 409), cell
        if target.standing is not Standing.OWN or reply.status >= 300:
            assert self._unchanged(), f"left something behind: {cell}"
        elif not self._unchanged():
            self.scene.town.put_back(self._before)
        self._count("good", target)

    def _check_own(self, route: Route, reply: Reply, cell: str) -> None:
        assert reply.status not in (401, 404, 500, 503), cell
        assert route[0] != "GET" or reply.status == 200, cell
        if reply.status < 300:
            self.carried_out.add(route)

    def _try_bad(self, route: Route, role: Role, tried: list[Target]) -> None:
        """The answer is the same whatever the address names."""
        objects = {each.standing: each for each in reversed(tried)}
        for name, token in self._bad[role].items():
            answers = set()
            for each in objects.values():
                reply = self._ask(route, each, token)
                answers.add((reply.status, reply.text, reply.headers["WWW-Authenticate"]))
                assert (reply.status, reply.code) == (401, "unauthenticated"), f"{name}: {role}: {route}"
                self._count(name, each)
            assert len(answers) == 1, f"{name}: {role}: {route}"
        assert self._unchanged(), f"left something behind: {role}: {route}"

    def _ask(
        self,
        route: Route,
        target: Target,
        token: str | None,
        key: str = KEY,
        more: Mapping[str, str] | None = None,
    ) -> Reply:
        headers = {"content-type": "application/json", "idempotency-key": key, **(more or {})}
        if token is not None:
            headers["authorization"] = token
        body = target.body if target.body is not None else EXAMPLES.get(endpoint(*route).name, {})
        return self.scene.town.ask(route[0], address(route[1], target), json.dumps(body).encode(), headers)

    def _unchanged(self) -> bool:
        return self.scene.town.state() == self._before

    def _count(self, token: str, target: Target) -> None:
        self.cells[token, target.standing] += 1


def address(path: str, target: Target) -> str:
    return path.format(**target.path) + (f"?{target.query}" if target.query else "")

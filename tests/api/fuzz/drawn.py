"""Requests drawn from the OpenAPI document, sound ones and unsound ones, asked of a town.

Each answer is held against the document; none is a fault of ours; and what is refused leaves nothing behind.
"""

import json
from collections import Counter
from typing import Any, Final
from urllib.parse import quote, urlencode

import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis.core import NotSet
from schemathesis.generation import GenerationMode
from schemathesis.generation.case import Case
from schemathesis.schemas import APIOperation

from app import app
from chalicelib.domain.parties import Role
from chalicelib.http.access import ACCESS, PUBLIC
from chalicelib.http.openapi import document
from tests.api.build import Reply
from tests.api.matrix.apt import Route
from tests.api.matrix.cells import Matrix
from tests.api.matrix.targets import Standing, targets

type Drawn = Case[Any]

SEED: Final = 20261124
OPERATIONS: Final[dict[Route, APIOperation[Any, Any, Any, Any]]] = {
    (operation.method.upper(), operation.path): operation
    for each in schemathesis.openapi.from_dict(document(app.routes)).get_all_operations()
    if (operation := each.ok())
}


def fuzz(matrix: Matrix, route: Route, examples: int) -> Counter[int]:
    """Tries so many sound and so many unsound requests; how many were answered with each status."""
    answers: Counter[int] = Counter()
    roles = sorted(ACCESS[route] or {Role.MERCHANT})
    modes = [GenerationMode.POSITIVE] if ACCESS[route] is PUBLIC else list(GenerationMode)
    for mode in modes:

        @seed(SEED)
        @settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(
            case=OPERATIONS[route].as_strategy(generation_mode=mode), role=st.sampled_from(roles), real=st.booleans()
        )
        def ask(case: Drawn, role: Role, real: bool) -> None:  # noqa: FBT001  (drawn, not passed)
            answers[_ask(matrix, route, case, role, real=real).status] += 1

        ask()
    return answers


def _ask(matrix: Matrix, route: Route, case: Drawn, role: Role, *, real: bool) -> Reply:
    town = matrix.scene.town
    before = town.state()
    reply = town.send(
        route[0], _address(matrix, route, case, role, real=real), _body(case), _headers(matrix, case, role)
    )
    assert reply.status < 500, reply.text
    if reply.status >= 300:
        assert town.state() == before, "refused, and left something behind"
    elif town.state() != before:
        town.put_back(before)
    return reply


def _address(matrix: Matrix, route: Route, case: Drawn, role: Role, *, real: bool) -> str:
    """Half the time of what is really there: an id that is drawn names nothing."""
    own = [each for each in targets(matrix.scene, route, role) if each.standing is Standing.OWN]
    path = {name: str(each).replace("/", "%2F") for name, each in (case.path_parameters or {}).items()}
    address = route[1].format(**(path | (dict(own[0].path) if own and real else {})))
    query = urlencode(case.query or {}, doseq=True, quote_via=quote, errors="replace")
    return f"{address}?{query}" if query else address


def _body(case: Drawn) -> bytes:
    if isinstance(case.body, NotSet):
        return b""
    return case.body if isinstance(case.body, bytes) else json.dumps(case.body).encode()


def _headers(matrix: Matrix, case: Drawn, role: Role) -> dict[str, str]:
    """As drawn; who asks is known, and says what kind of body it is."""
    drawn = {str(name).lower(): str(each) for name, each in (case.headers or {}).items()}
    return drawn | {"authorization": matrix.good_token(role), "content-type": "application/json"}

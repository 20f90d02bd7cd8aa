"""Every route, role, object and token: nobody sees or touches what is another's (promise E)."""

import pytest

from chalicelib.domain.parties import Role
from tests.api.build import endpoint
from tests.api.matrix.cells import ROLES, Matrix
from tests.api.matrix.targets import targets
from tests.api.matrix.tokens import BAD
from tests.api.matrix.town import ROUTES

PATHS = sorted({path for _, path in ROUTES})
CHANGES = [each for each in ROUTES if endpoint(*each).contract.changes]


@pytest.mark.parametrize(("method", "path"), ROUTES)
def test_what_is_another_s_is_as_what_is_absent_and_who_isnt_known_gets_nowhere(matrix: Matrix, method, path):
    """Where it fails for a new route, it says what has to be told of it."""
    matrix.try_route((method, path))
    did_something = (method, path) in matrix.carried_out
    assert did_something, "say in APT (tests/api/matrix/apt.py) in which state it does something, with which body"


def test_every_bad_token_is_bad_in_its_own_way_only(matrix: Matrix):
    """The same token without the fault is let in: what refuses it is the fault."""
    assert matrix.let_in(("GET", "/v1/disputes")) == set(ROLES)
    assert len(BAD) == len(set(BAD.values()))


def test_a_route_that_addresses_something_new_has_to_be_told_of(matrix: Matrix):
    with pytest.raises(LookupError, match="parcel_id, which no family makes: say in FAMILIES"):
        targets(matrix.scene, ("GET", "/v1/parcels/{parcel_id}"), Role.MERCHANT)


@pytest.mark.parametrize("path", PATHS)
def test_a_method_that_isnt_there_says_the_same_of_every_object(matrix: Matrix, path):
    """Before anybody is asked who they are."""
    (method, *_) = [method for method, each in ROUTES if each == path]
    told = set()
    for role in (Role.MERCHANT, Role.BUYER):
        for each in targets(matrix.scene, (method, path), role):
            reply = matrix.refused_method(path, each)
            told.add((reply.status, reply.text, *sorted(reply.headers.items())))
    assert {status for status, *_ in told} == {405}
    assert len(told) == 1


@pytest.mark.parametrize(("method", "path"), CHANGES)
def test_the_key_of_another_is_none(matrix: Matrix, method, path):
    """Who sends a key that somebody else has used is answered exactly as with a key that nobody has."""
    route = (method, path)
    tried = [
        matrix.key_is_its_caller_s(route, role, target)
        for role in matrix.admitted(route)
        for target in matrix.own(route, role)
    ]
    assert True in tried
    assert False not in tried

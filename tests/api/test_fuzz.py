"""The OpenAPI document's own requests, sound and unsound (schemathesis). `make fuzz-api` tries many more."""

import pytest

from tests.api.fuzz.drawn import OPERATIONS, fuzz
from tests.api.matrix.cells import Matrix
from tests.api.matrix.town import ROUTES


def test_every_route_is_fuzzed():
    assert sorted(OPERATIONS) == ROUTES


@pytest.mark.parametrize("route", sorted(OPERATIONS))
def test_whatever_is_sent_is_answered_as_the_document_says_and_a_refusal_leaves_nothing(matrix: Matrix, route):
    assert fuzz(matrix, route, examples=3)

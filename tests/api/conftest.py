"""A world of its own for each test; and one of two shops, which is put back after each question."""

import pytest

from tests.api.build import World
from tests.api.matrix.cells import Matrix


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture(scope="session")
def matrix() -> Matrix:
    return Matrix()

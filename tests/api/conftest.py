"""A world of its own for each test."""

import pytest

from tests.api.build import World


@pytest.fixture
def world() -> World:
    return World()

"""What holds of every test: no log tells what nobody may read there, and no function does what its role forbids."""

import logging
from collections.abc import Iterator

import pytest

from tests.canaries import Listener
from tests.iam.recorder import taking_notes


@pytest.fixture(scope="session")
def listener() -> Iterator[Listener]:
    """Hears every logger, the libraries' too."""
    heard = Listener()
    logging.getLogger().addHandler(heard)
    yield heard
    logging.getLogger().removeHandler(heard)


@pytest.fixture(autouse=True)
def nothing_leaks(listener: Listener) -> Iterator[None]:
    listener.leaks.clear()
    yield
    assert listener.leaks == []


@pytest.fixture(autouse=True)
def nothing_forbidden() -> Iterator[None]:
    with taking_notes() as notes:
        yield
    assert notes.forbidden == set()

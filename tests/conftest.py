"""What holds of every test: nothing that it logs tells what nobody may read there."""

import logging
from collections.abc import Iterator

import pytest

from tests.canaries import Listener


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

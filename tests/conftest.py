"""What holds of every test: nothing that it logs tells what nobody may read there."""

import logging
from collections.abc import Iterator

import pytest

from tests.canaries import Listener


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is on the engine stays in one worker: the engine, and what is deployed there, is a session's."""
    for item in items:
        if item.get_closest_marker("engine"):
            item.add_marker(pytest.mark.xdist_group("engine"))


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

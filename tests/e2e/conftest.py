"""Everything in here runs against the packaged service, deployed on the local engine once a session."""

from pathlib import Path

import pytest

from tests.engine_fixtures import local_engine, mark, service

__all__ = ["local_engine", "service"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    mark(items, Path(__file__).parent)

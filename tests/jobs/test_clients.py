"""What the composition root asks AWS with: nothing waits for ever, and nothing tries for ever."""

from typing import Any

import pytest

from chalicelib import bootstrap
from chalicelib.store import clients


@pytest.fixture
def made(cloud, monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Every client, once everything has been put together that there is."""
    assert cloud.due_url
    asked: list[Any] = []
    make = clients.client

    def noted(*args: Any, **more: Any) -> Any:
        asked.append(make(*args, **more))
        return asked[-1]

    monkeypatch.setattr(clients, "client", noted)
    for name, value in {"ISSUER": "https://id.example", "AUDIENCE": "recourse", "RECOGNISER": "textract"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("JWKS_URI", "https://id.example/jwks.json")
    for each in list(vars(bootstrap).values()):
        if hasattr(each, "cache_clear"):
            each()
    return asked


def test_every_client_gives_up_soon_and_tries_twice_at_most(made):
    assert {each.meta.service_model.service_name for each in made} == {
        "dynamodb",
        "events",
        "kms",
        "s3",
        "sqs",
        "textract",
    }
    for each in made:
        config = each.meta.config
        assert config.connect_timeout <= 2
        assert config.read_timeout <= 20
        assert config.retries["total_max_attempts"] <= 2
        assert config.retries["mode"] == "standard"


def test_each_service_has_one_client(made):
    names = [each.meta.service_model.service_name for each in made]
    assert len(names) == len(set(names))

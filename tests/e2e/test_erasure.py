"""Erasing on the engine: under the role of the one function that may delete evidence, in every version."""

import json
from pathlib import Path

import pytest

from tests.engine_fixtures import Service
from tools.people import Cast, RefusedError

EVENTS, EXAMPLES = Path(__file__).parents[1] / "events", Path(__file__).parents[2] / "examples"


def erase(service: Service) -> dict[str, int]:
    """The function as the clock calls it, without waiting for the clock."""
    event = (EVENTS / "schedule.json").read_bytes()
    answer = service.client("lambda").invoke(FunctionName=service.outputs["EraseName"], Payload=event)
    assert "FunctionError" not in answer, service.logs("EraseName")
    run: dict[str, int] = json.loads(answer["Payload"].read())
    return run


def objects(service: Service, dispute: str) -> list[str]:
    """Every version and delete marker of anything of the dispute."""
    s3, bucket = service.client("s3"), service.outputs["EvidenceBucketName"]
    listed = s3.list_object_versions(Bucket=bucket)
    return [
        each["Key"] for kind in ("Versions", "DeleteMarkers") for each in listed.get(kind, ()) if dispute in each["Key"]
    ]


def test_what_was_ordered_erased_is_gone_in_every_version_and_the_rest_is_there(service: Service):
    cast = Cast(service.api_url, service.token_for)
    shop = cast.shop("erased-e2e")
    gone, kept = (
        cast.open(name, shop="erased-e2e", reason="not_received", amount=100, buyer="B-e2e")
        for name in ("GONE", "KEPT")
    )
    pieces = {
        each: shop.submit(each, "proof_of_delivery", EXAMPLES / "stamped_delivery_proof.jpg", stage="response")["id"]
        for each in (gone, kept)
    }
    shop.post(f"/disputes/{gone}/acceptance")
    assert len(objects(service, gone)) >= 2
    cast.platform.post(f"/disputes/{gone}/erasure", {"cause": "person_asked"})
    assert erase(service)["due"] >= 1
    assert objects(service, gone) == []
    assert len(objects(service, kept)) >= 2
    with pytest.raises(RefusedError) as refusal:
        shop.get(f"/disputes/{gone}/evidence/{pieces[gone]}/view")
    assert (refusal.value.status, refusal.value.code) == (410, "erased")
    assert "clean/" in shop.get(f"/disputes/{kept}/evidence/{pieces[kept]}/view")["url"]
    texts = {"dispute": shop.get(f"/disputes/{gone}"), "other": shop.get(f"/disputes/{kept}")}
    assert (texts["dispute"]["statement"]["text"], texts["dispute"]["complainant"]) == (None, None)
    assert (texts["other"]["complainant"], len(texts["other"]["order"]["shipments"])) == ("buyer:B-e2e", 1)

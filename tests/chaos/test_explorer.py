"""What finds nothing must be able to find something: a service that is careless by hand, and what is said of it."""

from collections.abc import Callable
from typing import Any

from tests.chaos import cuts
from tests.chaos.cases import stage
from tests.chaos.cuts import Cut
from tests.chaos.races import Track, track, tried
from tests.chaos.world import Cloud

type Items = list[dict[str, dict[str, Any]]]


def careless(world: Cloud, change: Callable[[Items], Items]) -> None:
    """Each transaction goes out changed."""

    def changed(params: dict[str, Any], **_: object) -> None:
        params["TransactItems"] = change(params["TransactItems"])

    world.client("dynamodb").meta.events.register("provide-client-params.dynamodb.TransactWriteItems", changed)


def put(item: dict[str, dict[str, Any]]) -> dict[str, str]:
    """The key of what is put; empty for all else."""
    found = item.get("Put", {}).get("Item", {})
    return {name: found[name]["S"] for name in ("pk", "sk") if name in found}


def without_versions(items: Items) -> Items:
    unconditional = ("ConditionExpression", "ReturnValuesOnConditionCheckFailure")
    for each in items:
        if put(each).get("sk", "").startswith(("SNAPSHOT", "E#")):
            names = [name for name in each["Put"] if name.startswith("ExpressionAttribute") or name in unconditional]
            for name in names:
                del each["Put"][name]
    return items


def without_records(items: Items) -> Items:
    return [each for each in items if not put(each).get("pk", "").startswith("I#")]


def without_outbox(items: Items) -> Items:
    return [each for each in items if not put(each).get("pk", "").startswith("OUTBOX#")]


def found_in(on: Track) -> str:
    return " ".join(each for _, found in tried(on) for each in found)


def test_a_dropped_version_condition_is_found_in_some_interleaving():
    with track("a withdrawal against a ruling") as on:
        careless(on.world, without_versions)
        found = found_in(on)
    assert "chain: " in found
    assert "not allowed" in found


def test_a_command_without_its_record_is_found_done_twice():
    with stage("register a file") as on:
        careless(on.world, without_records)
        found = cuts.tried(on, Cut(len(on.calls), sent=True))
    assert any("more: Counter" in each and "PieceRegistered" in each for each in found)
    assert any("then something else" in each for each in found)


def test_a_commit_without_its_outbox_item_is_found_unpublished():
    with stage("accept") as on:
        careless(on.world, without_outbox)
        found = cuts.tried(on, Cut(1, sent=False))
    assert any("never published" in each for each in found)


def test_pruning_leaves_out_no_ending():
    with track("a withdrawal against a ruling") as on:
        endings = {
            prune: {tuple(each.status for each in ran.outcomes) for ran in on.explorer(prune=prune).schedules()}
            for prune in (True, False)
        }
    assert endings[True] == endings[False] == {(200, 409), (409, 200)}


def test_without_pruning_every_order_is_run_once():
    """Two workers of two calls each; whoever writes second reads once more and finds nothing left to do."""
    with track("two workers lapse one dispute") as on:
        ran = [str(each) for each in on.explorer(prune=False).schedules()]
    assert len(ran) == len(set(ran)) == 6

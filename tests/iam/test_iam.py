"""Each role allows what its function uses, and nothing else."""

from collections.abc import Iterable

import pytest

from chalicelib import logs
from chalicelib.http.access import ACCESS
from tests.chaos.world import BUCKET, cloud
from tests.contract.template import template
from tests.iam import actions, table, tour
from tests.iam.exempt import EXEMPT
from tests.iam.recorder import Noted, Notes, taking_notes
from tests.iam.roles import API, Allowance, Condition, Use, allowances, named, policies

ASKS_NOBODY = {
    ("GET", "/v1/health"),
    ("GET", "/v1/openapi.json"),
    ("GET", "/v1/docs"),
    ("GET", "/v1/policies/{policy_id}/versions/{version}"),
}
"""Routes that need nothing of AWS."""


@pytest.fixture(scope="module")
def noted() -> frozenset[Noted]:
    return tour.notes()


def used(allowed: Allowance, noted: Iterable[Noted]) -> list[Noted]:
    return [each for each in noted if allowed.covers(each.function, each.use)]


@pytest.mark.parametrize("function", sorted(policies()))
def test_every_function_is_seen_at_work(function: str, noted):
    assert {each.function for each in noted} >= {function}, (
        f"nothing is recorded of {function}: let a step of tests/iam/tour.py, or a scenario of tests/chaos, run it"
    )


def test_every_route_is_seen_at_work(noted):
    seen = {each.entry for each in noted if each.function == API}
    assert {f"{method} {path}" for method, path in set(ACCESS) - ASKS_NOBODY} == seen


@pytest.mark.parametrize("function", sorted(policies()))
def test_what_a_function_asks_of_aws_its_role_allows(function: str, noted):
    allowed = [each for each in allowances() if each.function == function]
    asked = [each for each in noted if each.function == function]
    assert [each for each in asked if not any(one.covers(function, each.use) for one in allowed)] == []


@pytest.mark.parametrize("allowed", allowances(), ids=str)
def test_what_a_role_allows_its_function_uses_or_there_is_a_reason(allowed: Allowance, noted):
    exempt = [each for each in EXEMPT if each.is_about(allowed)]
    assert used(allowed, noted) or exempt, f"{allowed}: nothing uses it; take it out of {policies()[allowed.function]}"
    assert not (used(allowed, noted) and exempt), f"{allowed} is used: it needs no exemption"


@pytest.mark.parametrize("exempt", EXEMPT, ids=lambda each: each.action)
def test_no_exemption_outlives_what_it_is_about(exempt):
    assert [each for each in allowances() if exempt.is_about(each)]


CONDITIONS = [(each, one, pattern) for each in allowances() for one in each.conditions for pattern in one.patterns]


@pytest.mark.parametrize(("allowed", "condition", "pattern"), CONDITIONS, ids=str)
def test_a_condition_names_nothing_that_is_not_used(allowed: Allowance, condition: Condition, pattern: str, noted):
    without = Condition(condition.key, (pattern,), each=False)
    assert [each for each in used(allowed, noted) if without.holds(dict(each.use.context))]


def test_a_function_takes_messages_from_the_queue_that_it_works_on_and_from_no_other():
    takes = {(each.function, each.resource) for each in allowances() if each.action == "sqs:ReceiveMessage"}
    works_on = {
        (name, named(source["Properties"]["Queue"]).removesuffix("/stream"))
        for name, each in template()["Resources"].items()
        for source in each.get("Properties", {}).get("Events", {}).values()
        if "Queue" in source.get("Properties", {})
    }
    assert takes == works_on | {("Verify", "DueDeadLetters")}, "it looks at those, and leaves them there"


def test_what_the_engine_asks_for_beside_lets_nobody_do_what_aws_would_not():
    batches = {(each.function, each.resource) for each in allowances() if each.action == "sqs:SendMessageBatch"}
    single = {(each.function, each.resource) for each in allowances() if each.action == "sqs:SendMessage"}
    assert batches <= single


def test_the_page_is_what_make_iam_writes(noted):
    assert table.PAGE.read_text() == table.page(noted), "write it anew: make iam"


# How uses and roles are told apart

UPLOADS = Allowance("Inspect", "s3:GetObjectVersion", "EvidenceBucket/uploads/*")
EVIDENCE = (Condition("dynamodb:LeadingKeys", ("D#*", "IM#*"), each=True),)


@pytest.mark.parametrize(
    ("use", "function"),
    [
        (Use("s3:GetObject", "EvidenceBucket/uploads/a"), "Inspect"),
        (Use("s3:GetObjectVersion", "EvidenceBucket/clean/a"), "Inspect"),
        (Use("s3:GetObjectVersion", "EvidenceBucket/uploads/a"), "Lapse"),
    ],
)
def test_another_action_another_prefix_and_another_function_are_not_covered(use: Use, function: str):
    assert UPLOADS.covers("Inspect", Use("s3:GetObjectVersion", "EvidenceBucket/uploads/a"))
    assert not UPLOADS.covers(function, use)


@pytest.mark.parametrize(
    ("partitions", "covered"), [(("D#1",), True), (("D#1", "IM#2"), True), (("D#1", "Q#x"), False)]
)
def test_one_partition_that_is_not_among_them_is_one_too_many(partitions: tuple[str, ...], covered: bool):  # noqa: FBT001
    allowed = Allowance("Inspect", "dynamodb:PutItem", "RecourseTable", EVIDENCE)
    asked = Use("dynamodb:PutItem", "RecourseTable", (("dynamodb:LeadingKeys", partitions),))
    assert allowed.covers("Inspect", asked) is covered


def test_the_world_around_the_functions_is_nobodys_use():
    with cloud() as world, taking_notes() as notes:
        world.client("s3").list_object_versions(Bucket=BUCKET)
    assert notes.noted == set()


def test_whoever_oversteps_its_role_is_named_with_what_it_did():
    notes = Notes()
    with logs.scope(job="publish"):
        notes.note("DeleteItem", [Use("dynamodb:DeleteItem", "RecourseTable", (("dynamodb:LeadingKeys", ("D#1",)),))])
    (told,) = notes.forbidden
    assert told.startswith("Publish (publish) isn't allowed dynamodb:DeleteItem on RecourseTable")


def test_a_call_that_the_recorder_does_not_know_is_allowed_to_nobody():
    (use,) = actions.uses("s3", "CopyObject", {"Bucket": "b"})
    assert not [each for each in allowances() if each.covers(each.function, use)]

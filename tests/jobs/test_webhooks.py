"""Webhooks as AWS runs them: bus, queues, table and key, over moto."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError

from chalicelib import bootstrap
from chalicelib.domain.errors import TooManyWebhooks
from chalicelib.domain.ports import IdempotencyKey
from chalicelib.domain.webhooks import MOST, MOST_WAITED, Attempt, Delivery, Happening, Trouble, Wanted
from chalicelib.jobs.announce import announce
from chalicelib.jobs.batch import Report
from chalicelib.jobs.deliver import deliver
from chalicelib.service.commands import Request
from chalicelib.store import clients, codec
from tests.build import MERCHANT, SHOP
from tests.jobs.test_jobs import sqs
from tools.paths import ROOT

# `.invalid` has no address, in no network.
URL = "https://hooks.invalid/"
CLEAN: Report = {"batchItemFailures": []}


def registered(url: str = URL) -> str:
    request = Request(MERCHANT, bootstrap.utc_now(), IdempotencyKey("m", bootstrap.new_id(), "f"))
    wanted = Wanted(SHOP, url, ("dispute.opened",))
    return bootstrap.webhooks().register(wanted, request).webhook.id


def from_the_bus(cloud) -> list[str]:
    """What the rule of the stack would queue: all that the bus got."""
    for item in bootstrap.store().outbox(bootstrap.utc_now() + timedelta(minutes=1), limit=10):
        bootstrap.publisher().publish(item)
    bodies: list[str] = cloud.messages(cloud.seen_url)
    return bodies


def underway(cloud) -> list[Delivery]:
    return [codec.decode(each, Delivery) for each in cloud.messages(cloud.deliver_url)]


def attempts(webhook: str) -> tuple[Attempt, ...]:
    return bootstrap.webhook_store().attempts(webhook, bootstrap.utc_now(), limit=10).items


def a_delivery(webhook: str, **changes) -> Delivery:
    now = bootstrap.utc_now()
    happening = Happening("01K00000000000000000000000:1", "dispute.opened", now, "D", "D", 1)
    return replace(Delivery(webhook, SHOP, happening, "0", now), **changes)


def test_an_event_goes_from_the_bus_to_each_webhook_that_is_to_hear_of_it(cloud):
    webhook = registered()
    dispute = cloud.open()
    assert announce(sqs(*from_the_bus(cloud)), None) == CLEAN
    (delivery,) = underway(cloud)
    assert (delivery.webhook, delivery.owner, delivery.happening.id) == (webhook, SHOP, f"{dispute}:1")
    assert deliver(sqs(codec.encode(delivery)), None) == CLEAN
    (attempt,) = attempts(webhook)
    assert attempt.outcome.trouble is Trouble.UNRESOLVED
    assert bootstrap.webhook_store().find((SHOP,), webhook).failing_since == attempt.at


def test_e_what_a_message_says_of_an_event_is_not_believed(cloud):
    """Whoever can put something on the bus can't have it told, to nobody else and in no other form."""
    registered()
    dispute = cloud.open()
    for body in from_the_bus(cloud):
        said = json.loads(body)
        said["detail"] |= {"id": "forged", "event": {"type": "Ruled", "at": "x", "by": {}, "data": {}}}
        forged = said | {"detail": said["detail"] | {"seq": 9000 + said["detail"]["seq"]}}
        assert announce(sqs(json.dumps(said), json.dumps(forged)), None) == CLEAN
    (delivery,) = underway(cloud)
    assert (delivery.happening.id, delivery.happening.type) == (f"{dispute}:1", "dispute.opened")


def test_e_this_machine_is_not_reached_whatever_a_name_says(cloud):
    """The courier of the composition root, with nothing handed in."""
    del cloud
    webhook = registered("https://localhost.localdomain/")
    deliver(sqs(codec.encode(a_delivery(webhook))), None)
    (attempt,) = attempts(webhook)
    assert attempt.outcome.trouble in {Trouble.ADDRESS_REFUSED, Trouble.UNRESOLVED}


def test_what_failed_is_queued_again_with_its_number_and_its_time(cloud):
    webhook = registered()
    first = a_delivery(webhook)
    deliver(sqs(codec.encode(first)), None)
    waiting = boto3.client("sqs").get_queue_attributes(
        QueueUrl=cloud.deliver_url, AttributeNames=["ApproximateNumberOfMessagesDelayed"]
    )
    assert waiting["Attributes"] == {"ApproximateNumberOfMessagesDelayed": "1"}
    (attempt,) = attempts(webhook)
    assert attempt.number == 1


@pytest.fixture
def delays() -> Iterator[list[int]]:
    """How long SQS is asked to hold each message."""
    asked: list[int] = []
    events = clients.session().get_component("event_emitter")
    listening = (
        "provide-client-params.sqs.SendMessageBatch",
        lambda params, **_: asked.extend(each["DelaySeconds"] for each in params["Entries"]),
    )
    events.register(*listening)
    yield asked
    events.unregister(*listening)


def test_a_wait_longer_than_sqs_can_takes_several_messages_and_ends_on_time(cloud, delays):
    del cloud
    now = bootstrap.utc_now()
    due = now + MOST_WAITED * 1.1
    hops = [now]
    while hops[-1] < due:
        bootstrap.deliveries().send([a_delivery("W")], due - hops[-1])
        hops.append(hops[-1] + timedelta(seconds=delays[-1]))
    assert max(delays) == 900
    assert len(delays) == 106
    assert hops[-1] - due < timedelta(seconds=1)
    assert all(later > earlier for earlier, later in pairwise(hops))


def test_the_queue_is_fair_to_each_owner_whoever_else_is_slow(cloud):
    """SQS's fair queues: a group for each owner, on a queue that isn't ordered; also when it comes again."""
    for owner in (SHOP, SHOP, "shop:其他", "platform"):
        bootstrap.deliveries().send([replace(a_delivery("W"), owner=owner)])
    bootstrap.deliveries().give_up(a_delivery("W"))
    groups = [group for url in (cloud.deliver_url, cloud.undelivered_url) for group in grouped(url)]
    assert groups[0] == groups[1] == groups[4]
    assert len(set(groups)) == 3


def grouped(url: str) -> list[str]:
    found = boto3.client("sqs").receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, MessageSystemAttributeNames=["MessageGroupId"]
    )
    return [each["Attributes"]["MessageGroupId"] for each in found["Messages"]]


def test_h_what_is_given_up_lies_with_the_dead_letters_and_begins_anew_when_it_is_put_back(cloud):
    webhook = registered()
    last = a_delivery(webhook, attempt=10)
    deliver(sqs(codec.encode(last)), None)
    (body,) = cloud.messages(cloud.undelivered_url)
    deliver(sqs(body), None)
    assert [each.number for each in attempts(webhook)] == [1, 10]


@pytest.mark.parametrize("poison", ["not json", "{}", '{"detail": {}}', "[]"])
def test_h_a_poisoned_message_fails_alone(cloud, poison):
    good = a_delivery(registered())
    failed = {"batchItemFailures": [{"itemIdentifier": "message-0"}]}
    assert announce(sqs(poison), None) == failed
    assert deliver(sqs(poison, codec.encode(good)), None) == failed
    assert len(attempts(good.webhook)) == 1
    assert underway(cloud) == []


def test_an_event_of_a_dispute_that_is_gone_is_told_to_nobody(cloud):
    registered()
    cloud.open()
    bodies = [json.loads(each) for each in from_the_bus(cloud)]
    for each in bodies:
        each["detail"]["dispute"] = each["detail"]["aggregate"] = "01K00000000000000000000000"
    assert announce(sqs(*map(json.dumps, bodies)), None) == CLEAN
    assert underway(cloud) == []


def test_who_does_not_answer_uses_up_no_functions_time(cloud):
    """Both tries of a call to a queue, the bus or KMS end before the API's 20 seconds are over."""
    del cloud
    makers: tuple[Callable[[], Any], ...] = (bootstrap.queues, bootstrap.deliveries, bootstrap.bus, bootstrap.sealer)
    asked = {each: each()._client.meta.config for each in makers}  # noqa: SLF001  (nobody else knows them)
    for config in asked.values():
        once = config.connect_timeout + config.read_timeout
        assert once * config.retries["total_max_attempts"] < 20


def test_an_operator_ends_a_webhook_that_does_harm_as_the_page_says(cloud):
    del cloud
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    (said,) = re.findall(r"transact-write-items --transact-items '(\[.*?\])'", page, re.DOTALL)
    made = [registered() for _ in range(MOST)]
    writes = json.loads(said.replace("TABLE", "recourse").replace("WEBHOOK", made[0]).replace("shop:S1", SHOP))
    boto3.client("dynamodb").transact_write_items(TransactItems=writes)
    assert [each.id for each in bootstrap.webhook_store().of_owner(SHOP)] == made[1:]
    registered()
    with pytest.raises(TooManyWebhooks):
        registered()


def test_secrets_are_under_a_key_of_kms_and_bound_to_their_webhook(cloud):
    del cloud
    sealer = bootstrap.sealer()
    sealed = sealer.seal(b"secret", "W1")
    assert sealer.open(sealed, "W1") == b"secret"
    with pytest.raises(ClientError, match="InvalidCiphertext"):
        sealer.open(sealed, "W2")

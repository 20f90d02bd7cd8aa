"""Webhooks and their attempts in every store: found by their owner only, counted, changed by one at a time."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from chalicelib.domain import webhooks as rules
from chalicelib.domain.errors import TooManyWebhooks
from chalicelib.domain.notices import of_webhook
from chalicelib.domain.ports import IdempotencyKey, IdempotencyRaced, Page, VersionRaced
from chalicelib.domain.webhook_ports import WebhookCommit
from chalicelib.domain.webhooks import MOST, Attempt, Change, Delivery, Happening, Outcome, Secret, Trouble, Wanted
from chalicelib.domain.webhooks import Webhook as Hook
from chalicelib.store import keys
from chalicelib.store.webhooks import WebhookItems
from tests.contract.build import A_KEY, SHOP, START, Scribe, ulid

EVENT = "01K00000000000000000000000:7"
NOW = START + timedelta(minutes=1)


@pytest.fixture
def hooks(table) -> WebhookItems:
    return WebhookItems(table)


def a_hook(owner: str = SHOP, **changes) -> Hook:
    wanted = Wanted(owner, "https://hooks.example.com/", ("dispute.ruled",))
    return replace(rules.register(wanted, ulid(), START), secrets=(Secret("sealed"),), **changes)


def write(hooks: WebhookItems, before: Hook | None = None, after: Hook | None = None, **more) -> None:
    hooks.commit(WebhookCommit(ulid(), START, before, after, **more))


def an_attempt(hook: Hook, number: int = 1, event: str = EVENT, run: str = rules.AUTOMATIC) -> Attempt:
    happening = Happening(event, "dispute.ruled", START, "D", "D", 7)
    at = START + timedelta(seconds=number)
    return Attempt(hook.id, happening, run, number, at, Outcome(12, trouble=Trouble.TIMED_OUT))


def test_a_webhook_is_found_by_its_owners_only(hooks):
    hook = a_hook()
    write(hooks, None, hook)
    assert hooks.find((SHOP,), hook.id) == hook
    assert hooks.find(("shop:S2", SHOP), hook.id) == hook
    assert hooks.find(("shop:S2",), hook.id) is None
    assert hooks.of_owner(SHOP) == (hook,)
    assert hooks.of_owner("shop:S") == ()


def test_an_owner_has_so_many_and_no_more_and_deleting_makes_room(hooks):
    made = [a_hook() for _ in range(MOST)]
    for each in made:
        write(hooks, None, each)
    with pytest.raises(TooManyWebhooks):
        write(hooks, None, a_hook())
    write(hooks, None, a_hook("shop:S2"))
    write(hooks, made[0], None)
    write(hooks, None, a_hook())
    assert len(hooks.of_owner(SHOP)) == MOST


def test_of_many_at_once_so_many_get_in(hooks):
    def register(_: int) -> bool:
        try:
            write(hooks, None, a_hook())
        except TooManyWebhooks:
            return False
        return True

    with ThreadPoolExecutor(4) as threads:
        got_in = list(threads.map(register, range(MOST + 4)))
    assert got_in.count(True) == len(hooks.of_owner(SHOP)) == MOST


def test_of_two_changes_of_one_version_one_wins(hooks):
    hook = a_hook()
    write(hooks, None, hook)
    write(hooks, hook, rules.change(hook, Change(enabled=False), START))
    for stale in (rules.rotate(hook, "other", START), None):
        with pytest.raises(VersionRaced):
            write(hooks, hook, stale)
    assert hooks.find((SHOP,), hook.id).disabled is not None


def test_a_key_is_written_with_what_it_led_to_and_once(hooks):
    hook = a_hook()
    write(hooks, None, hook, key=A_KEY, run="R1")
    record = hooks.remembered(A_KEY)
    assert (record.fingerprint, record.at, record.kept.webhook, record.kept.run) == (
        A_KEY.fingerprint,
        START,
        hook,
        "R1",
    )
    with pytest.raises(IdempotencyRaced):
        write(hooks, None, a_hook(), key=A_KEY)
    assert hooks.of_owner(SHOP) == (hook,)
    assert hooks.remembered(IdempotencyKey(A_KEY.caller, "another", "f")) is None


def test_a_key_outranks_a_version_that_has_gone(hooks):
    hook = a_hook()
    write(hooks, None, hook, key=A_KEY)
    with pytest.raises(IdempotencyRaced):
        write(hooks, replace(hook, seq=9), replace(hook, seq=10), key=A_KEY)


def test_a_key_that_a_dispute_used_is_known_and_leads_to_no_webhook(hooks, store):
    Scribe(store).open(key=A_KEY)
    record = hooks.remembered(A_KEY)
    assert (record.fingerprint, record.kept) == (A_KEY.fingerprint, None)


def test_a_key_that_a_webhook_used_is_known_to_disputes(hooks, store):
    write(hooks, None, a_hook(), key=A_KEY)
    assert store.answered(A_KEY).fingerprint == A_KEY.fingerprint


def test_a_commit_sent_twice_is_written_once(hooks):
    commit = WebhookCommit(ulid(), START, None, a_hook(), key=A_KEY)
    hooks.commit(commit)
    hooks.commit(commit)
    assert len(hooks.of_owner(SHOP)) == 1


def test_an_attempt_is_logged_once_with_what_it_says_of_the_webhook(hooks):
    hook = a_hook()
    write(hooks, None, hook)
    attempt = an_attempt(hook)
    failing = rules.after(hook, attempt)
    write(hooks, hook, failing, attempt=attempt)
    with pytest.raises(IdempotencyRaced):
        write(hooks, failing, rules.change(failing, Change(enabled=False), START), attempt=attempt)
    assert hooks.find((SHOP,), hook.id) == failing
    assert hooks.attempted(Delivery(hook.id, SHOP, attempt.happening, attempt.run, START)) == attempt
    assert hooks.attempted(Delivery(hook.id, SHOP, attempt.happening, attempt.run, START, 2)) is None


def test_what_its_owner_is_told_is_written_with_the_attempt_and_once(hooks, store):
    hook = a_hook()
    write(hooks, None, hook)
    attempt = replace(an_attempt(hook), outcome=Outcome(12, 410))
    gone = rules.after(hook, attempt)
    told = of_webhook(hook, gone)
    write(hooks, hook, gone, attempt=attempt, notices=told)
    with pytest.raises(IdempotencyRaced):
        write(hooks, gone, replace(gone, seq=9), attempt=attempt, notices=told)
    stale = replace(attempt, number=2)
    with pytest.raises(VersionRaced):
        write(hooks, hook, rules.after(hook, stale), attempt=stale, notices=[replace(told[0], cause="another")])
    (message,) = store.messages(SHOP, NOW, unread=True, limit=9).items
    assert message.notice == told[0]
    assert store.messages("shop:S2", NOW, unread=False, limit=9).items == ()


def numbers(attempts: Sequence[Attempt]) -> list[int]:
    return [each.number for each in attempts]


def test_attempts_are_listed_the_newest_first_in_pages(hooks):
    hook = a_hook()
    for number in range(1, 6):
        write(hooks, attempt=an_attempt(hook, number))
    write(hooks, attempt=an_attempt(a_hook()))
    first = hooks.attempts(hook.id, NOW, limit=3)
    rest = hooks.attempts(hook.id, NOW, limit=3, after=first.next)
    assert (numbers(first.items), numbers(rest.items), rest.next) == ([5, 4, 3], [2, 1], None)


def test_what_was_told_of_an_event_is_found_by_its_id(hooks):
    hook = a_hook()
    write(hooks, attempt=an_attempt(hook, event=f"{EVENT}0"))
    assert hooks.happening(hook.id, EVENT, NOW) is None
    write(hooks, attempt=an_attempt(hook))
    assert hooks.happening(hook.id, EVENT, NOW).id == EVENT
    assert hooks.happening(a_hook().id, EVENT, NOW) is None


def test_an_attempt_that_has_expired_is_absent_although_it_is_not_swept_yet(hooks):
    hook = a_hook()
    for number in (1, 2):
        write(hooks, attempt=an_attempt(hook, number, f"{EVENT}{number}"))
    later = START + timedelta(days=30, seconds=1, milliseconds=1)
    assert numbers(hooks.attempts(hook.id, later, limit=3).items) == [2]
    assert hooks.attempts(hook.id, later + timedelta(seconds=1), limit=1) == Page((), None)
    assert hooks.happening(hook.id, f"{EVENT}1", later) is None
    assert hooks.happening(hook.id, f"{EVENT}2", later).id == f"{EVENT}2"


def test_an_attempt_and_a_key_are_forgotten_after_thirty_days(hooks, table):
    hook = a_hook()
    attempt = an_attempt(hook)
    write(hooks, None, hook, key=A_KEY, attempt=attempt)
    wanted = [keys.attempt(hook.id, EVENT, attempt.run, 1), keys.idempotency(A_KEY.caller, A_KEY.key)]
    expire = [table.get([each])[each]["expires_at"] for each in wanted]
    assert expire == [int((attempt.at + timedelta(days=30)).timestamp()), int(START.timestamp()) + 30 * 86400 + 1]

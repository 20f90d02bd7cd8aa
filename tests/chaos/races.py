"""Handlers that race, and what the rules allow to come of it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import Any, Final

from tests.api.build import WORDS, Caller, Reply, a_claim
from tests.build import at
from tests.chaos.attempts import Ask, of
from tests.chaos.background import LEGIBLE
from tests.chaos.commands import agreed_outage, denial, dismissed_at_once, due
from tests.chaos.oracle import Found, effects, violations
from tests.chaos.report import Counted, Section
from tests.chaos.schedules import Explorer, Racer, Schedule
from tests.chaos.world import Cloud, Saved, cloud

type Act = Ask | Callable[[], object]
type Allowed = Callable[[Counter[str], tuple[Any, ...]], bool]
"""Of what there is at the end, and how each ended: a status for a request, what failed for a job."""

OK, CREATED, REFUSED = HTTPStatus.OK, HTTPStatus.CREATED, HTTPStatus.CONFLICT


@dataclass(frozen=True, slots=True)
class Race:
    arrange: Callable[[Cloud], Sequence[Act]]
    allowed: Allowed


RACES: Final[dict[str, Race]] = {}


def _race(allowed: Allowed) -> Callable[[Callable[[Cloud], Sequence[Act]]], Callable[[Cloud], Sequence[Act]]]:
    def register(arrange: Callable[[Cloud], Sequence[Act]]) -> Callable[[Cloud], Sequence[Act]]:
        RACES[str(getattr(arrange, "__name__", "")).replace("_", " ")] = Race(arrange, allowed)
        return arrange

    return register


def _one_ruling(left: Counter[str], ended: tuple[Any, ...]) -> bool:
    return left["Ruled"] == 1 and sorted(ended) == [OK, *[REFUSED] * (len(ended) - 1)]


def _claimed_and_ruled(by: Caller, dispute: str, ruling: Any) -> Reply:
    claimed = by.post(of(dispute, "/review-claim"), key=f"{by.sub}-claims")
    return claimed if claimed.status != OK else by.post(of(dispute, "/ruling"), ruling, key=f"{by.sub}-rules")


def _reviewers(world: Cloud, number: int) -> Sequence[Act]:
    dispute = world.contested()
    ruling = world.a_ruling(dispute)
    callers = [world.caller("reviewer", sub=f"reviewer-{each}") for each in range(1, number + 1)]
    return [partial(_claimed_and_ruled, each, dispute, ruling) for each in callers]


@_race(_one_ruling)
def two_reviewers_claim_and_rule(world: Cloud) -> Sequence[Act]:
    return _reviewers(world, 2)


@_race(_one_ruling)
def three_reviewers_claim_and_rule(world: Cloud) -> Sequence[Act]:
    return _reviewers(world, 3)


@_race(_one_ruling)
def one_reviewer_rules_in_three_windows(world: Cloud) -> Sequence[Act]:
    """Each of the three may, and wants something else."""
    dispute = world.claimed()
    rulings = [world.a_ruling(dispute, rationale=f"Reason number {each}.") for each in range(3)]
    return [
        Ask(world.reviewer, of(dispute, "/ruling"), each, key=f"window-{number}") for number, each in enumerate(rulings)
    ]


def _worker(world: Cloud, queue: str) -> Act:
    """Handed what waits now; whoever else is handed it does the same."""
    return partial(world.worked, queue, world.waiting(queue))


@_race(lambda left, ended: left["Ruled"] == (ended[0] == OK) and ended[0] in (OK, REFUSED) and ended[1] == [])
def a_ruling_against_the_lapse_of_its_claim(world: Cloud) -> Sequence[Act]:
    """The ruling was received while the claim ran; it is carried out when it has run out."""
    dispute = world.claimed()
    ruling = world.a_ruling(dispute)
    claim = next(each for each in _deadlines(world, dispute) if each["kind"] == "review_claim")
    return _received_in_time(world, dispute, Ask(world.reviewer, of(dispute, "/ruling"), ruling), claim)


def _deadlines(world: Cloud, dispute: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world.platform.get(of(dispute)).body["deadlines"]
    return found


def _received_in_time(world: Cloud, dispute: str, ask: Ask, deadline: dict[str, Any]) -> Sequence[Act]:
    """A request received at the deadline, on the instant, and the worker that carries it out a little later."""
    received = at(deadline["due"])
    world.now = received
    world.later(seconds=25)
    world.enqueue("due", json.dumps({"disputes": [dispute]}))
    ask.epoch = int(received.timestamp() * 1000)
    return ask, _worker(world, "due")


@_race(lambda left, ended: left["Responded"] == 1 and not left["Defaulted"] and ended[1] == [])
def a_contest_against_the_lapse(world: Cloud) -> Sequence[Act]:
    """A14: whoever comes first, what has arrived is sent off; nobody is in default."""
    dispute = world.opened()
    asked = {"statement": WORDS, "pieces": [world.submitted(dispute)]}
    (deadline,) = _deadlines(world, dispute)
    return _received_in_time(world, dispute, Ask(world.merchant, of(dispute, "/response"), asked), deadline)


@_race(lambda left, ended: left["Ruled"] == 1 and left["Defaulted"] == (ended[0] == REFUSED) and ended[1] == [])
def an_acceptance_against_the_lapse(world: Cloud) -> Sequence[Act]:
    dispute = world.opened()
    (deadline,) = _deadlines(world, dispute)
    return _received_in_time(world, dispute, Ask(world.merchant, of(dispute, "/acceptance"), {}), deadline)


@_race(lambda left, ended: sorted(ended) == [OK, REFUSED] and left["Ruled"] + left["DisputeWithdrawn"] == 1)
def a_withdrawal_against_a_ruling(world: Cloud) -> Sequence[Act]:
    dispute = world.claimed()
    withdrawal = Ask(world.buyer, of(dispute, "/withdrawal"), {"note": "It came after all."}, key="withdrawal")
    return withdrawal, Ask(world.reviewer, of(dispute, "/ruling"), world.a_ruling(dispute), key="ruling")


def _failures(world: Cloud, number: int) -> list[str]:
    """Appeals of one shop that were dismissed at once; and two more of its disputes that it may appeal."""
    disputes = [world.opened(external_id=f"EXT-{each}") for each in range(number + 2)]
    world.later(hours=24, milliseconds=1)
    for each in disputes:
        world.lapse(each)
    for each in disputes[:number]:
        assert dismissed_at_once(world, each, key=each).send().status == CREATED
    return disputes[number:]


@_race(lambda left, ended: sorted(ended) == [CREATED, REFUSED] and left["failed in 2026"] == 4)
def two_appeals_on_the_last_slot(world: Cloud) -> Sequence[Act]:
    """B5: three have failed; the fourth blocks. Each would be dismissed at once, and counts."""
    return [dismissed_at_once(world, each, key=each) for each in _failures(world, 3)]


@_race(lambda left, ended: ended[0] == OK and left["failed in 2026"] == 4 + (ended[1] == CREATED))
def the_appeals_decision_against_the_filing_of_the_next(world: Cloud) -> Sequence[Act]:
    """The decision makes the fourth failure: filed before it, the next is dismissed and counts; after it, refused."""
    dispute, appeal = world.appealed(external_id="EXT-A")
    following = _failures(world, 3)[0]
    return denial(world, dispute, appeal), dismissed_at_once(world, following, key="next")


def _once(what: str) -> Allowed:
    return lambda left, ended: ended in ((CREATED,) * 2, (OK,) * 2) and left[what] == 1


@_race(_once("DisputeOpened"))
def the_same_opening_twice_at_once(world: Cloud) -> Sequence[Act]:
    return [Ask(world.platform, "/v1/disputes", a_claim()) for _ in range(2)]


@_race(_once("PieceRegistered"))
def the_same_registration_twice_at_once(world: Cloud) -> Sequence[Act]:
    asked = {"requirement": "proof_of_delivery", "stage": "response", "media_type": "image/jpeg"}
    dispute = world.opened()
    return [Ask(world.merchant, of(dispute, "/evidence"), asked) for _ in range(2)]


@_race(_once("Ruled"))
def the_same_ruling_twice_at_once(world: Cloud) -> Sequence[Act]:
    dispute = world.claimed()
    ruling = world.a_ruling(dispute)
    return [Ask(world.reviewer, of(dispute, "/ruling"), ruling) for _ in range(2)]


@_race(lambda left, ended: ended == (CREATED, CREATED) and left["failed in 2026"] == 1)
def the_same_appeal_twice_at_once(world: Cloud) -> Sequence[Act]:
    dispute = world.defaulted()
    return [dismissed_at_once(world, dispute) for _ in range(2)]


@_race(lambda left, ended: left["Ruled"] == 1 and ended == ([], []))
def two_workers_lapse_one_dispute(world: Cloud) -> Sequence[Act]:
    due(world, world.opened())
    return _worker(world, "due"), _worker(world, "due")


def _two_due(world: Cloud) -> list[str]:
    """What one worker is handed: it carries them out together."""
    disputes = [world.opened(external_id=f"EXT-{number}") for number in range(2)]
    world.later(hours=24, seconds=30)
    world.enqueue("due", json.dumps({"disputes": disputes}))
    return disputes


@_race(lambda left, ended: left["Ruled"] == 2 and ended == ([], []))
def two_workers_lapse_the_same_two_disputes(world: Cloud) -> Sequence[Act]:
    _two_due(world)
    return _worker(world, "due"), _worker(world, "due")


@_race(lambda left, ended: left["Ruled"] == 2 and left["Defaulted"] == 1 + (ended[0] == REFUSED) and ended[1] == [])
def an_acceptance_against_the_lapse_of_two(world: Cloud) -> Sequence[Act]:
    """Whoever comes first, the other dispute is carried out with the same message."""
    dispute, _ = _two_due(world)
    received = world.now
    accept = Ask(world.merchant, of(dispute, "/acceptance"), {})
    accept.epoch = int((received - timedelta(seconds=30)).timestamp() * 1000)
    return accept, _worker(world, "due")


@_race(lambda left, _ended: left["DisputeOpened"] == 1)
def the_sweeper_in_two_places(world: Cloud) -> Sequence[Act]:
    """A commit is stuck in the outbox. Of what is due or was lost they only send word, in whatever order."""
    world.opened()
    world.later(minutes=11)
    return world.sweep, world.sweep


@_race(lambda left, ended: left["PieceInspected"] == left["PieceSealed"] == 1 and ended == (OK, []))
def an_upload_inspected_while_the_dispute_is_contested(world: Cloud) -> Sequence[Act]:
    dispute = world.opened()
    world.pixels = LEGIBLE
    asked = {"statement": WORDS, "pieces": [world.submitted(dispute)]}
    return Ask(world.merchant, of(dispute, "/response"), asked), _worker(world, "upload")


@_race(lambda left, ended: left["PieceInspected"] == left["PieceArrived"] == 1 and ended == ([], []))
def the_same_upload_event_twice(world: Cloud) -> Sequence[Act]:
    world.pixels = LEGIBLE
    world.submitted(world.opened())
    return _worker(world, "upload"), _worker(world, "upload")


@_race(lambda left, ended: left["PieceRecognised"] == 1 and ended == ([], []))
def the_same_text_read_twice(world: Cloud) -> Sequence[Act]:
    world.pixels = LEGIBLE
    world.submitted(world.opened())
    world.deliver("upload")
    return _worker(world, "recognise"), _worker(world, "recognise")


@_race(lambda left, ended: _given_back(left) and ended == ([], []))
def the_work_of_an_outage_against_the_lapse(world: Cloud) -> Sequence[Act]:
    """B11: whoever comes first, the shop has its time back, once."""
    dispute = world.opened()
    due(world, dispute)
    agreed_outage(world)
    return _worker(world, "outage"), _worker(world, "due")


def _given_back(left: Counter[str]) -> bool:
    """Extended before it lapsed; or in default, and that set aside."""
    aside = left["Defaulted"]
    return left["OutageAllowed"] == 1 == left["DeadlineExtended"] + aside and left["DefaultSetAside"] == aside


@_race(lambda left, ended: left["OutageAllowed"] == left["DeadlineExtended"] == 1 and ended == ([], []))
def the_work_of_an_outage_in_two_places(world: Cloud) -> Sequence[Act]:
    world.opened()
    world.later(hours=24, seconds=30)
    agreed_outage(world)
    return _worker(world, "outage"), _worker(world, "outage")


# --- how they are run ---


@dataclass(frozen=True, slots=True)
class Track:
    """A race, ready to be run again and again."""

    race: Race
    world: Cloud
    acts: Sequence[Act]
    saved: Saved

    def explorer(self, *, prune: bool = True) -> Explorer:
        return Explorer(self._begin, self.world.wire.watched, prune=prune)

    def _begin(self) -> Sequence[Racer]:
        self.world.restore(self.saved)
        return [Racer(each.send if isinstance(each, Ask) else each) for each in self.acts]

    def judged(self, ran: Schedule) -> list[str]:
        """What doesn't hold at the end of the schedule."""
        changed_their_mind = [
            f"F: {each.path} answered {outcome.text}, and another time something else"
            for each, outcome in zip(self.acts, ran.outcomes, strict=True)
            if isinstance(each, Ask)
            and outcome.status < HTTPStatus.MULTIPLE_CHOICES
            and not each.answers_again(outcome)
        ]
        self.world.settle()
        found = Found.of(self.world)
        left, ended = effects(found), tuple(map(_ended, ran.outcomes))
        allowed = self.race.allowed(left, ended)
        unlawful = [] if allowed else [f"not allowed: {ended}, {dict(left)}"]
        return [*violations(self.world, found), *changed_their_mind, *unlawful]


def _ended(outcome: object) -> object:
    return outcome.status if isinstance(outcome, Reply) else outcome


@contextmanager
def track(name: str) -> Iterator[Track]:
    """The race of this name, in a world of its own, where nothing else waits."""
    with cloud() as world:
        acts = RACES[name].arrange(world)
        yield Track(RACES[name], world, acts, world.save())


def tried(on: Track, most: int | None = None) -> Iterator[tuple[Schedule, list[str]]]:
    """Each schedule, up to so many, and what doesn't hold after it."""
    for number, ran in enumerate(on.explorer().schedules(), 1):
        yield ran, on.judged(ran)
        if number == most:
            return


def _run() -> Iterator[Counted]:
    for name in RACES:
        with track(name) as on:
            ran = [(str(schedule), found) for schedule, found in tried(on)]
            yield Counted(name, len(ran), tuple(f"{each} in {schedule}" for schedule, found in ran for each in found))


SECTION = Section("Every interleaving of racing handlers", "schedules", _run)

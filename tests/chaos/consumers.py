"""The reference consumer of docs/api.md, and what the bus may do to what it is given (promise C)."""

import json
import re
import runpy
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from chalicelib.domain.ports import OutboxItem
from chalicelib.store.queues import detail
from tests.api.build import World
from tests.chaos.report import Counted, Section

_GUIDE = Path(__file__).parents[2] / "docs" / "api.md"

type Detail = Mapping[str, Any]


@cache
def reference_consumer() -> Any:
    """The class as the guide prints it."""
    (code,) = re.findall(r"^```python\n(class InOrder:.*?)^```", _GUIDE.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "consumer.py"
        path.write_text(code, encoding="utf-8")
        return runpy.run_path(str(path))["InOrder"]


def a_story() -> tuple[Detail, ...]:
    """What the bus gets of three disputes of which one goes through an appeal, one defaults, and one is contested."""
    world = World()
    world.appealed(external_id="EXT-1")
    world.defaulted(external_id="EXT-2")
    world.contested(external_id="EXT-3")
    return details(world.store.outbox(world.now.replace(year=world.now.year + 1), limit=1000))


def details(items: Iterable[OutboxItem]) -> tuple[Detail, ...]:
    """As EventBridge carries them: JSON, there and back."""
    return tuple(json.loads(json.dumps(detail(event))) for item in items for event in item.events)


def delivered(sent: Sequence[Detail], random: Random) -> list[Detail]:
    """Each at least once, up to three times, in any order; some a good deal later than all others."""
    copies = [each for each in sent for _ in range(random.randint(1, 3))]
    random.shuffle(copies)
    late = {random.randrange(len(copies)) for _ in range(3)}
    on_time = [each for number, each in enumerate(copies) if number not in late]
    return on_time + [copies[number] for number in sorted(late)]


def violations(sent: Sequence[Detail], arrived: Sequence[Detail]) -> list[str]:
    """What a consumer that has got these makes of them, where it isn't each event once and in its aggregate's order."""
    handed_on: defaultdict[str, list[Detail]] = defaultdict(list)
    consumer = reference_consumer()(lambda event: handed_on[event["aggregate"]].append(event))
    for each in arrived:
        consumer.take(each)
    wanted: defaultdict[str, list[Detail]] = defaultdict(list)
    for each in sorted(sent, key=lambda event: event["seq"]):
        wanted[each["aggregate"]].append(each)
    wrong = [f"{aggregate} isn't in order" for aggregate in wanted if handed_on[aggregate] != wanted[aggregate]]
    return wrong + [f"{each} is waited for" for each in consumer.missing()]


def _run() -> Iterator[Counted]:
    story, tried, wrong = a_story(), 0, list[str]()
    for seed in range(2000):
        arrived = delivered(story, Random(seed))  # noqa: S311  (no secret: it draws an order)
        tried += len(arrived)
        wrong += violations(story, arrived)
    yield Counted("deliveries to the guide's consumer, in 2,000 orders", tried, tuple(wrong))


SECTION = Section("Consumers", "deliveries", _run)

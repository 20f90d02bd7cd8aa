"""The same job here and in a peer: CPU of django-helpdesk's process over that of ours, for each operation, in turns.

| job | theirs | ours |
| --- | --- | --- |
| open, with a picture of 1.8 MB | one request to its API | two to ours; the picture goes to the object store |
| list, 25 rows of 10,000 | the page's own request | a page of the reviewers' queue |
| overdue, 1,000 of 10,000 | `escalate_tickets` | the sweep, and the worker on what it queued |

Both are asked over HTTP by the same client, and each is one process. Theirs serves HTTP and has its database in it
(SQLite in WAL). Ours is the packaged function under Lambda's runtime client, and has a client of the database; what is
overdue is carried out by the functions' handlers in this process. What is the platform's stands apart: the gateway,
which makes an event of a request, and the engine, which takes the picture, too. Neither tells anybody by mail, and
ours leaves what it has to publish in the outbox.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from statistics import median

from bench import local, ours, theirs
from bench.figures import Figure, Part, Ratio, Row, Table, ratio_of
from tools.paths import ROOT

WAITING, OVERDUE, ROWS = 10_000, 1000, 25
_ROUNDS = 4
_OPENED, _LISTED = 20, 5
"""A round."""

_ALL = "× with the gateway and the engine"
_HEAD = ("job", "theirs, ms of CPU", "ours", "the gateway's, beside ours", "the engine's", "×", "least", "most", _ALL)


@dataclass(frozen=True, slots=True)
class Turn:
    """Seconds of CPU that one operation took, in one round."""

    theirs: float
    ours: float
    gateway: float
    engine: float


def measure() -> Part:
    with (
        local.running() as platform,
        ours.running(platform, WAITING - OVERDUE) as we,
        theirs.running(platform.folder, WAITING) as they,
    ):
        found = {
            "open": _opening(they, we),
            "list": _listing(they, we),
            "overdue": _escalating(they, we),
        }
    figures = [_figure(name, _ratio(turns)) for name, turns in found.items()]
    return Part(figures, [Table("CPU of the same job in django-helpdesk 2.6 and here", _HEAD, list(_rows(found)))])


def _opening(they: theirs.Theirs, we: ours.Ours) -> list[Turn]:
    content = (ROOT / "examples" / "stamped_delivery_proof.jpg").read_bytes()
    return _in_turns(they, we, partial(they.open, content), partial(we.open, content), _OPENED)


def _listing(they: theirs.Theirs, we: ours.Ours) -> list[Turn]:
    return _in_turns(they, we, partial(they.page, ROWS), partial(we.page, ROWS), _LISTED)


def _in_turns(
    they: theirs.Theirs, we: ours.Ours, theirs_do: Callable[[], None], ours_do: Callable[[], None], times: int
) -> list[Turn]:
    theirs_do()
    ours_do()  # what is made once is made
    turns = []
    for _ in range(_ROUNDS):
        cost = _taken([they.cpu], theirs_do, times)
        turns.append(Turn(*cost, *_taken([we.cpu, we.gateway_cpu, we.platform_cpu], ours_do, times)))
    return turns


def _taken(clocks: Sequence[Callable[[], float]], act: Callable[[], None], times: int) -> list[float]:
    """By each clock, for one time."""
    begun = [clock() for clock in clocks]
    for _ in range(times):
        act()
    return [(clock() - before) / times for clock, before in zip(clocks, begun, strict=True)]


def _escalating(they: theirs.Theirs, we: ours.Ours) -> list[Turn]:
    they.escalate(1)
    we.escalate(1)
    turns = []
    for _ in range(_ROUNDS):
        cost, before = they.escalate(OVERDUE), we.platform_cpu()
        took = we.escalate(OVERDUE)
        turns.append(Turn(cost / OVERDUE, took / OVERDUE, 0, (we.platform_cpu() - before) / OVERDUE))
    return turns


def _ratio(turns: Sequence[Turn]) -> Ratio:
    return ratio_of([each.theirs / each.ours for each in turns])


_NAMES: Mapping[str, tuple[str, str, float]] = {
    "open": ("open one with an attachment", "带附件新建工单", 3),
    "list": ("list a page of a queue of 10,000", "列出 10,000 条队列中的一页", 3),
    "overdue": ("carry out 1,000 overdue of 10,000", "处理 10,000 条中逾期的 1,000 条", 10),
}


def _figure(name: str, ratio: Ratio) -> Figure:
    en, zh, target = _NAMES[name]
    return Figure(
        f"peer-{name}",
        f"CPU of django-helpdesk 2.6's process over our function's, {en}",
        f"django-helpdesk 2.6 进程与本服务函数的 CPU 之比：{zh}",
        ratio.value,
        at_least=target,
        spread=ratio.spread,
    )


def _rows(found: Mapping[str, Sequence[Turn]]) -> list[Row]:
    rows: list[Row] = []
    for name, turns in found.items():
        costs = [
            median(1000 * getattr(each, side) for each in turns) for side in ("theirs", "ours", "gateway", "engine")
        ]
        ratio = _ratio(turns)
        whole = median(each.theirs / (each.ours + each.gateway + each.engine) for each in turns)
        rows.append((_NAMES[name][0], *costs, ratio.value, *ratio.spread, whole))
    return rows

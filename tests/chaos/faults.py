"""Answers lost, errors, throttling and refusals on every call of every handler, once and twice in a row.

An answer that comes after the function's time is over is a kill after the call: `cuts` has those.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from botocore.exceptions import ConnectionClosedError, ReadTimeoutError

from tests.chaos.cases import Stage, stage
from tests.chaos.report import Counted, Section
from tests.chaos.scenarios import all_of_them
from tests.chaos.wire import Call, Idle, Refused


@dataclass(frozen=True, slots=True)
class Fault:
    """What can happen to a call: before it is sent, so that nothing is done, or once it was carried out."""

    name: str
    fits: Callable[[Call], bool]
    before: Callable[[Call], Refused | None] = Idle().before
    after: Callable[[Call, dict[str, Any]], Refused | None] = Idle().after


@dataclass(slots=True)
class Faulty:
    """The fault happens at the n-th call, and at some that follow it."""

    fault: Fault
    at: int
    times: int
    seen: int = 0

    @property
    def _now(self) -> bool:
        return self.at <= self.seen < self.at + self.times

    def before(self, call: Call) -> Refused | None:
        self.seen += 1
        return self.fault.before(call) if self._now and self.fault.fits(call) else None

    def after(self, call: Call, answer: dict[str, Any]) -> Refused | None:
        return self.fault.after(call, answer) if self._now and self.fault.fits(call) else None


def _refused(code: str, status: HTTPStatus = HTTPStatus.BAD_REQUEST) -> Callable[[Call], Refused]:
    return lambda _call: Refused(code, status)


def _reset(_call: Call) -> None:
    raise ConnectionClosedError(endpoint_url="aws")


def _never_heard(_call: Call, _answer: dict[str, Any]) -> None:
    raise ReadTimeoutError(endpoint_url="aws")


def _done_and_denied(_call: Call, _answer: dict[str, Any]) -> Refused:
    return Refused("InternalServerError", HTTPStatus.INTERNAL_SERVER_ERROR)


def _conflict(call: Call) -> Refused:
    """One item of the transaction is being written by another; of a single write, the whole of it."""
    items = call.body.get("TransactItems")
    if items is None:
        return Refused("TransactionConflictException")
    reasons = [{"Code": "TransactionConflict" if number == 0 else "None"} for number, _ in enumerate(items)]
    return Refused("TransactionCanceledException", more={"CancellationReasons": reasons})


def _some_left(call: Call, answer: dict[str, Any]) -> None:
    """The last key of a batch is left unprocessed."""
    ((table, wanted),) = call.body["RequestItems"].items()
    *_, last = wanted["Keys"]
    kept = [each for each in answer["Responses"].get(table, []) if any(each[name] != last[name] for name in last)]
    answer["Responses"] = {table: kept}
    answer["UnprocessedKeys"] = {table: {**wanted, "Keys": [last]}}


def _partly_taken(_call: Call, answer: dict[str, Any]) -> None:
    """The service took all, and says of one entry that it didn't."""
    answer["Failed"] = [{"Id": "0", "Code": "InternalError", "SenderFault": False}]
    answer["FailedEntryCount"] = 1


def _of_dynamodb(call: Call) -> bool:
    return call.service == "dynamodb"


def _elsewhere(call: Call) -> bool:
    return call.service != "dynamodb"


def _writes(call: Call) -> bool:
    return call.writes


def _one_of(*operations: str) -> Callable[[Call], bool]:
    return lambda call: call.operation in operations


def _any(_call: Call) -> bool:
    return True


FAULTS = (
    Fault("done, and answered 500", _writes, after=_done_and_denied),
    Fault("connection reset before", _any, before=_reset),
    Fault("answer lost", _writes, after=_never_heard),
    Fault("InternalServerError", _any, before=_refused("InternalServerError", HTTPStatus.INTERNAL_SERVER_ERROR)),
    Fault("ThrottlingException", _of_dynamodb, before=_refused("ThrottlingException")),
    Fault("ProvisionedThroughputExceeded", _of_dynamodb, before=_refused("ProvisionedThroughputExceededException")),
    Fault("Throttling, SlowDown", _elsewhere, before=_refused("SlowDown", HTTPStatus.SERVICE_UNAVAILABLE)),
    Fault("TransactionConflict", _one_of("TransactWriteItems", "DeleteItem"), before=_conflict),
    Fault("TransactionInProgress", _one_of("TransactWriteItems"), before=_refused("TransactionInProgressException")),
    Fault("a key left unprocessed", _one_of("BatchGetItem"), after=_some_left),
    Fault("all taken, one said not to be", _one_of("SendMessageBatch", "PutEvents"), after=_partly_taken),
)


def on_each_call(on: Stage) -> list[Faulty]:
    return [
        Faulty(fault, number, times)
        for number, call in enumerate(on.calls, 1)
        for fault in FAULTS
        if fault.fits(call)
        for times in (1, 2)
    ]


def tried(on: Stage, faulty: Faulty) -> list[str]:
    times = "" if faulty.times == 1 else "twice, from "
    place = f"{faulty.fault.name} {times}at call {faulty.at}, {on.calls[faulty.at - 1].name}"
    return [f"{place}: {each}" for each in on.play(faulty)]


def _tried(on: Stage, faults: Sequence[Faulty]) -> Counted:
    return Counted(on.name, len(faults), tuple(each for fault in faults for each in tried(on, fault)))


def _run() -> Iterator[Counted]:
    for name in all_of_them():
        with stage(name) as on:
            yield _tried(on, on_each_call(on))


SECTION = Section("A fault on each call, once and twice in a row", "faults", _run)

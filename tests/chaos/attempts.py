"""How a caller tries: a request until it is answered well, a message until it is done, the clock's next minute."""

from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final, Protocol

from chalicelib.logs import JobFailed
from tests.api.build import Caller, Reply
from tests.chaos.world import Cloud

_MESSAGES: Final = 10
_RUNS: Final = 4


def of(dispute: str, what: str = "") -> str:
    return f"/v1/disputes/{dispute}{what}"


class Attempt(Protocol):
    @property
    def runs(self) -> str | None:
        """The module of chalicelib/jobs that it runs; None for a request."""
        ...

    def __call__(self) -> bool:
        """Tries once; whether the caller is content, and won't try again. May be killed."""
        ...


@dataclass(slots=True)
class Ask:
    """A request, sent again as it was until it is answered well."""

    by: Caller
    path: str
    body: Any = None
    method: str = "POST"
    key: str = "the-same"
    epoch: int | None = None
    """When it was received, in milliseconds; None: when it is carried out."""
    keyed: bool = True
    """Without a key, the same request again may say that there was nothing left to do."""
    answers: list[Reply] = field(default_factory=list)
    """What it was content with."""
    runs: None = None

    def __call__(self) -> bool:
        reply = self.send()
        if reply.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            return False
        self.answers.append(reply)
        return True

    def send(self) -> Reply:
        if self.method == "DELETE":
            return self.by.delete(self.path, key=self.key)
        return self.by.post(self.path, self.body, key=self.key, epoch=self.epoch)

    def answers_again(self, before: Reply) -> bool:
        """F: asked once more, it says what it said before; an upload form is signed afresh each time."""
        return _lasting(self.send()) == _lasting(before)


def _lasting(reply: Reply) -> tuple[int, object, str | None]:
    return reply.status, {**reply.body, "upload": None}, reply.headers.get("ETag")


@dataclass(frozen=True, slots=True)
class Work:
    """A queue's messages, given to its worker until they are done."""

    world: Cloud
    queue: str
    to_the_end: bool = False
    """Where a message may send for another one."""

    @property
    def runs(self) -> str:
        return self.world.worker_of(self.queue)

    def __call__(self) -> bool:
        self.world.deliver(self.queue)
        for _ in range(_MESSAGES if self.to_the_end else 0):
            self.world.deliver(self.queue)
        return not self.world.waiting(self.queue)


@dataclass(frozen=True, slots=True)
class Scheduled:
    """Its next time comes, whatever became of this one."""

    job: Callable[[], object]

    @property
    def runs(self) -> str:
        return str(self.job.__name__)

    def __call__(self) -> bool:
        try:
            self.job()
        except JobFailed:
            return False
        return True


@dataclass(frozen=True, slots=True)
class Erase:
    """Its next times come until one finds nothing due; what failed, or may yet be brought, waits fifteen minutes."""

    world: Cloud
    runs: str = "erase"

    def __call__(self) -> bool:
        for _ in range(_RUNS):
            try:
                if not self.world.erase()["due"]:
                    return True
            except JobFailed:
                return False
            finally:
                self.world.later(minutes=20)
        return False


@dataclass(frozen=True, slots=True)
class Publish:
    """The stream comes again from the first record that failed."""

    world: Cloud
    runs: str = "publish"

    def __call__(self) -> bool:
        return not self.world.publish()

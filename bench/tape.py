"""A boto3 client whose answers come from memory: those that moto gave once, again and again."""

from collections import defaultdict, deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from botocore.awsrequest import AWSRequest, AWSResponse


@dataclass(slots=True)
class Tape:
    """What a client sent, and the bytes that came back, in their order."""

    calls: list[tuple[str, Mapping[str, Any]]] = field(default_factory=list)
    """Operations as the client's methods are called, with what they were given."""
    answers: defaultdict[str, deque[bytes]] = field(default_factory=lambda: defaultdict(deque))
    """By operation: the next one to give, and then again the first."""
    playing: bool = False
    played: list[str] = field(default_factory=list)
    """The operations that were answered from memory."""

    def tap(self, client: Any) -> Any:
        events = client.meta.events
        events.register("provide-client-params.*", self._called)
        events.register_first("before-send.*", self._answered)
        events.register("response-received.*", self._received)
        return client

    def record(self, act: Callable[[], Any]) -> None:
        self.calls.clear()
        self.answers.clear()
        act()
        self.playing = True

    def play(self, act: Callable[[], Any]) -> None:
        """What was recorded, answered from memory. Raises ValueError if it asks for something else."""
        act()
        if self.played != [name for name, _ in self.calls]:
            raise ValueError(f"recorded {self.calls}, then asked for {self.played}")

    def _called(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        if not self.playing:
            self.calls.append((model.name, dict(params)))

    def _answered(self, request: AWSRequest, event_name: str, **_: object) -> AWSResponse | None:
        if not self.playing:
            return None
        operation = event_name.rpartition(".")[2]
        self.played.append(operation)
        some = self.answers[operation]
        some.rotate(-1)
        return AWSResponse(request.url, 200, {"Content-Type": "application/x-amz-json-1.0"}, _Raw(some[-1]))  # type: ignore[arg-type]

    def _received(self, response_dict: Mapping[str, Any] | None, event_name: str, **_: object) -> None:
        if not self.playing and response_dict:
            self.answers[event_name.rpartition(".")[2]].append(response_dict["body"])


@dataclass(frozen=True, slots=True)
class _Raw:
    body: bytes

    def stream(self) -> list[bytes]:
        return [self.body]

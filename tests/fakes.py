"""The outside, where a test is about something else: queues and bus that remember, a recogniser that is told."""

from collections.abc import Callable

from chalicelib.domain.ports import OutboxItem
from evidence.text import Box, Line, RecogniserError


class Sent:
    """Queues and bus that remember."""

    def __init__(self) -> None:
        self.due: list[str] = []
        self.uploads: list[str] = []
        self.unread: list[tuple[str, str]] = []
        self.outages: list[tuple[str, str | None]] = []
        self.published: list[OutboxItem] = []
        self.down: Exception | None = None
        self.refused: frozenset[str] = frozenset()
        self.takes: Callable[[], object] = lambda: None
        """What publishing does to the clock."""

    def lapse(self, disputes) -> None:
        self.due.extend(disputes)

    def inspect(self, keys) -> None:
        self.uploads.extend(keys)

    def recognise(self, pieces) -> None:
        self.unread.extend(pieces)

    def allow_for(self, outage, dispute=None, *, delay=0) -> None:
        del delay
        self.outages.append((outage, dispute))

    def publish(self, item: OutboxItem) -> None:
        self.takes()
        if self.down:
            raise self.down
        if item.id in self.refused:
            raise ValueError(item.id)
        self.published.append(item)


class Reads:
    """A recogniser that reads what it is told to, whatever it is shown."""

    def __init__(self) -> None:
        self.lines: tuple[Line, ...] = ()
        self.broken = False
        self.looks = 0

    def says(self, *texts: str) -> None:
        """Lines under each other, read well."""
        height = 1 / (len(texts) + 1)
        self.lines = tuple(
            Line(text, Box(0.1, number * height, 0.9, (number + 0.6) * height), 0.98)
            for number, text in enumerate(texts)
        )

    def read(self, picture) -> tuple[Line, ...]:
        del picture
        self.looks += 1
        if self.broken:
            raise RecogniserError("out of order")
        return self.lines

"""Where reviewers and the machine differ: `python -m bench.agreement`, against the service that `make run` runs.

Reads every ruling and every decided appeal from the feed, and compares each answer of the checklist with what the
machine said of the point then. `open` isn't a difference: there the machine said nothing.
"""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator

from tools import session
from tools.people import Json, Person

type Said = tuple[str, str, str, bool]
"""Requirement, point, the machine's verdict, the reviewer's."""


def main() -> None:
    try:
        running = session.read()
    except session.NotRunningError as error:
        sys.exit(str(error))
    platform = Person(running.api_url, running.identity().token_for("platform"))
    print("\n".join(table(said(events(platform)))))


def events(platform: Person) -> Iterator[Json]:
    """All that happened, in its order, up to half a minute ago."""
    page = platform.get("/events", limit="100")
    while page["items"]:
        yield from page["items"]
        page = platform.get("/events", limit="100", after=page["next"])


def said(happened: Iterable[Json]) -> Iterator[Said]:
    for event in happened:
        data = event["data"]
        decided = {"Ruled": data.get("ruling"), "AppealDecided": data}.get(event["type"])
        for answer in decided["checklist"] if decided else ():
            if answer["machine"]:
                yield answer["requirement"], answer["point"], answer["machine"], answer["met"]


def table(answers: Iterable[Said]) -> Iterator[str]:
    """A row a point: how often the machine was overruled, each way, and how often it left the point open."""
    counts = Counter(answers)
    yield "| requirement | point | met, overruled | not_met, overruled | left open |\n| --- | --- | --- | --- | --- |"
    for requirement, point in sorted({each[:2] for each in counts}):
        row = {
            (verdict, met): counts[requirement, point, verdict, met] for verdict in _VERDICTS for met in (True, False)
        }
        certain = [f"{row[it, it != 'met']} of {row[it, True] + row[it, False]}" for it in ("met", "not_met")]
        yield f"| {requirement} | {point} | {' | '.join(certain)} | {row['open', True] + row['open', False]} |"


_VERDICTS = ("met", "not_met", "open")


if __name__ == "__main__":
    main()

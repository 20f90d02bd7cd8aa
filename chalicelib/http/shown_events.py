"""Events as their reader sees them: staff as they are stored, a party without what is the other side's or staff's."""

import json

from chalicelib.domain.parties import Role
from chalicelib.domain.ports import StoredEvent
from chalicelib.domain.told import told
from chalicelib.domain.viewer import Viewer
from chalicelib.http.models.dispute import ByOut
from chalicelib.http.models.lists import EventOut, FeedEventOut


def event_out(event: StoredEvent, viewer: Viewer) -> EventOut:
    body = json.loads(event.body)
    role = Role(body["by"]["role"])
    return EventOut(
        id=event.id,
        seq=event.seq,
        type=event.type,
        at=event.at,
        by=ByOut(role=role, id=body["by"]["id"] if viewer.staff else None),
        data=told(event.type, viewer, body["data"], role),
        previous_hash=event.previous_hash,
        hash=event.hash,
    )


def feed_event_out(event: StoredEvent) -> FeedEventOut:
    """As it is stored: the feed is the platform's own."""
    body = json.loads(event.body)
    return FeedEventOut(
        id=event.id,
        seq=event.seq,
        type=event.type,
        at=event.at,
        by=ByOut(role=Role(body["by"]["role"]), id=body["by"]["id"]),
        data=body["data"],
        previous_hash=event.previous_hash,
        hash=event.hash,
        dispute=event.dispute,
        aggregate=event.aggregate,
        schema_version=event.schema,
    )

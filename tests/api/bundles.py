"""Bundles, as whoever asks for one gets it."""

import json
import zipfile
from pathlib import Path
from typing import Any

from chalicelib.store.disputes import DisputeStore
from chalicelib.store.memory import MemoryTable
from tests.api.build import Caller, World


def a_world() -> World:
    """One whose bundles can be made."""
    table = MemoryTable()
    return World(store=DisputeStore(table), hooks_table=table)


def asked(by: Caller, dispute: str) -> str:
    reply = by.post(f"/v1/disputes/{dispute}/bundle")
    assert reply.status == 202, reply.text
    return reply.headers["Location"]


def bundle_of(world: World, by: Caller, dispute: str, folder: Path) -> Path:
    place = asked(by, dispute)
    world.desk.make()
    shown = by.get(place).body
    archive = folder / f"{by.role}.zip"
    archive.write_bytes(world.desk.shelf.kept[f"bundles/{dispute}/{shown['id']}.zip"])
    assert shown["size"] == archive.stat().st_size
    return archive


def read(archive: Path, name: str) -> Any:
    with zipfile.ZipFile(archive) as file:
        return json.loads(file.read(name))


def names(archive: Path) -> set[str]:
    with zipfile.ZipFile(archive) as file:
        return set(file.namelist())


def a_whole_case(world: World) -> str:
    """Ruled and appealed; the pictures inspected."""
    dispute, _ = world.appealed()
    for piece in world.store.pieces(dispute):
        world.inspector.inspect(str(piece.key))
    return dispute

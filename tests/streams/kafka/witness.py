"""What a deployment has to come to: the knowledge of an embedded run of the same records."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from graph.export import canonical
from graph.sqlite.reader import SqliteReader
from streams.inputs import read_lines
from streams.simulate.world import simulate_lines
from tests.streams.made_up import open_owner
from tests.streams.worlds import first_difference

if TYPE_CHECKING:
    from pathlib import Path

    from tests.streams.kafka.crew import Crew


class World(NamedTuple):
    """Records, and what an embedded run knows of them."""

    records: Path
    export: list[bytes]


def world_of(folder: Path, records: Path) -> World:
    with open_owner(folder) as owner, read_lines(str(records)) as lines:
        owner.ingest(lines)
        return World(records, list(canonical(SqliteReader(owner.connection))))


def simulated(folder: Path, seed: int, records: int) -> World:
    path = folder / "records.jsonl"
    path.write_bytes(b"".join(line + b"\n" for line in simulate_lines(seed, records)))
    return world_of(folder, path)


def must_know(crew: Crew, world: World) -> None:
    """The owner knows what an embedded run knows, and so does Neo4j when there is one."""
    found = crew.export()
    assert found == world.export, first_difference(found, world.export)
    if crew.neo4j is not None:
        shown = crew.projection()
        assert shown == world.export, first_difference(shown, world.export)

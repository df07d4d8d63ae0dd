"""A world of 20,000 records and the demonstration, made once for all tests of the simulator."""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

from streams.simulate.scenario import Scenario, scenario
from streams.simulate.world import simulate


class MadeWorld(NamedTuple):
    """Records in the order of arrival, the lines of the truth, and the live records by name."""

    records: list[dict[str, Any]]
    truth: list[dict[str, Any]]
    live: dict[str, dict[str, Any]]

    def of(self, kind: str) -> list[Any]:
        """All lines of the truth of a kind: their value, or the whole line for people and vehicles."""
        whole = kind in ("person", "vehicle")
        return [line if whole else line[kind] for line in self.truth if kind in line]

    @property
    def counts(self) -> dict[str, int]:
        counts: dict[str, int] = self.truth[-1]["counts"]
        return counts


def name_of(record: dict[str, Any]) -> str:
    return f"{record['source']}/{record['source_id']}"


def moment_of(record: dict[str, Any]) -> float:
    """When a record was reported, read anew and not by the simulator's clock."""
    from datetime import datetime, timedelta, timezone

    moment = datetime.fromisoformat(record["reported_at"])
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone(timedelta(hours=8)))
    return moment.timestamp()


def live_of(records: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The contract's rule: the highest revision, if reported later than the latest withdrawal."""
    best: dict[str, dict[str, Any]] = {}
    taken: dict[str, float] = {}
    for record in records:
        name = name_of(record)
        if record["kind"] == "withdrawal":
            taken[name] = max(taken.get(name, 0.0), moment_of(record))
        elif name not in best or record.get("revision", 1) > best[name].get("revision", 1):
            best[name] = record
    return {n: r for n, r in best.items() if moment_of(r) > taken.get(n, 0.0)}


@pytest.fixture(scope="session")
def world() -> MadeWorld:
    truth: list[dict[str, Any]] = []
    records = list(simulate(3, 20_000, truth=truth.append))
    return MadeWorld(records, truth, live_of(records))


@pytest.fixture(scope="session")
def demo() -> Scenario:
    return scenario()

"""Alerts as people and scripts read them: a stored finding with its entities as they are now."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from graph.port import GraphReader
from schemas.alerts import Alert, Finding
from schemas.entities import Entity
from schemas.times import iso

_AT_ONCE = 100


def read_alerts(reader: GraphReader, *, withdrawn: bool = False) -> Iterator[Alert]:
    """The alerts that stand at the reader's moment, by id; or instead those withdrawn by then.

    A withdrawn alert is as it was last, with the entities that are left of it.
    """
    found = reader.findings(withdrawn=withdrawn)
    stored = ((identifier, finding, not withdrawn) for identifier, finding in found)
    while chunk := list(islice(stored, _AT_ONCE)):
        yield from told(chunk, reader)


def read_alert(reader: GraphReader, identifier: str) -> Alert | None:
    """One alert by its id, with state `withdrawn` when its evidence was taken back; None when unknown."""
    stored = reader.finding(identifier)
    return None if stored is None else next(told([(identifier, *stored)], reader))


def told(stored: Sequence[tuple[str, Finding, bool]], reader: GraphReader) -> Iterator[Alert]:
    """Alerts of these ids and findings, each live or withdrawn, with their entities."""
    entities = _entities({each for _, finding, _ in stored for each in finding.entities}, reader)
    for identifier, finding, live in stored:
        yield Alert(
            id=identifier,
            rule=finding.rule,
            severity=finding.severity,
            state="open" if live else "withdrawn",
            raised_at=iso(finding.raised),
            cases=finding.cases,
            region=finding.region,
            entities=tuple(entities[each] for each in finding.entities if each in entities),
            records=finding.records,
            reasons=finding.reasons,
            against=finding.against,
        )


def _entities(identifiers: Iterable[str], reader: GraphReader) -> dict[str, Entity]:
    """The live entity of each id, a former one too; ids that name nobody any more are left out."""
    keys = reader.keys_of(sorted(identifiers))
    entities = {entity.id: entity for entity in reader.entities(sorted(set(keys.values())))}
    now = reader.public_ids(keys.values())
    return {each: entities[now[key]] for each, key in keys.items() if now.get(key) in entities}

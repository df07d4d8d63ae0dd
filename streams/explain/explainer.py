"""Who answers why."""

from __future__ import annotations

import sqlite3

from graph.port import GraphReader
from schemas.explanations import EntityExplanation, PairExplanation
from streams.explain.entity import explain_entity
from streams.explain.known import Known
from streams.explain.pair import explain_pair


class Explainer:
    """Explains decisions from a store's connection and a reader on it, both at one state."""

    def __init__(self, db: sqlite3.Connection, reader: GraphReader) -> None:
        self._known = Known(db, reader)

    def pair(self, a: str, b: str) -> PairExplanation:
        """Why two mentions or entities are one or not; raises as `explain_pair`."""
        return explain_pair(self._known, a, b)

    def entity(self, who: str) -> EntityExplanation:
        """How an entity came together; raises as `explain_entity`."""
        return explain_entity(self._known, who)

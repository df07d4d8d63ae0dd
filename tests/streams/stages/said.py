"""What a record that is written down by hand says, after the front of the pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from schemas.records import Message, Origin
from streams.pipeline import run_front
from tests.streams.made_up import RECEIVED, line, record

if TYPE_CHECKING:
    from schemas.claims import Claim, Derived, Features, Lot, Mention
    from streams.stages.dedupe import Prepared
    from streams.stages.enrich import Enriched


def prepared(kind: str = "tip", number: int | str = 1, **fields: Any) -> Prepared:
    message = Message(body=line(record(kind, number, **fields)), origin=Origin(), received=RECEIVED)
    batch = run_front([message], b"")
    assert not batch.refused, batch.refused
    return batch.prepared[0]


def enriched(kind: str = "tip", **fields: Any) -> Enriched:
    found = prepared(kind, **fields).enriched
    assert found is not None
    return found


class Said:
    """Mentions, claims and lots of one record, found by ref."""

    def __init__(self, kind: str = "tip", **fields: Any) -> None:
        derived = prepared(kind, **fields).derived
        assert derived is not None
        self.derived: Derived = derived

    def mention(self, ref: str) -> Mention:
        """The thing (no value) of a ref."""
        (found,) = (m for m in self.derived.mentions if m.ref == ref and m.value is None)
        return found

    def features(self, ref: str) -> Features:
        features = self.mention(ref).features
        assert features is not None
        return features

    def values(self) -> set[tuple[str, str, str]]:
        """Type, kind and value of every mention that is named by its value."""
        return {(m.type, m.value.kind, m.value.value) for m in self.derived.mentions if m.value}

    def _end(self, index: int) -> str:
        mention = self.derived.mentions[index]
        if mention.value:
            return mention.value.value
        return mention.ref or str(mention.span)

    def claims(self, *predicates: str) -> list[Claim]:
        return [c for c in self.derived.claims if not predicates or c.predicate in predicates]

    def edges(self, *predicates: str) -> set[tuple[str, str, str]]:
        """Subject, predicate and object of claims."""
        return {(self._end(c.subject), c.predicate, self._end(c.object)) for c in self.claims(*predicates)}

    def deliveries(self) -> list[tuple[str, str, str]]:
        """Supplier, receiver and basis of each delivery."""
        return [(self._end(c.subject), self._end(c.object), c.basis) for c in self.claims("supplied")]

    def delivery(self) -> Claim:
        """The only delivery."""
        (found,) = self.claims("supplied")
        return found

    def lot(self, key: str) -> Lot:
        (found,) = (lot for lot in self.derived.lots if lot.key == key)
        return found

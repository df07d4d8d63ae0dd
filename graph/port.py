"""The port through which everything above reads the graph, at one moment of transaction time.

An *entity key* is an integer inside the store: of a resolved type the key of its earliest mention,
of a value (phone, account, case, place) the negative of its value's key. Public ids are made
from keys by `public_id`. Adapters: `graph.sqlite.reader.SqliteReader`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal, Protocol

from msgspec import Struct

from schemas.alerts import Finding
from schemas.claims import MentionType, TextMention
from schemas.entities import Confirmation, Edge, Entity

Direction = Literal["up", "down"]
Place = tuple[int, str]
"""Where an alert stands among all: when it was raised (microseconds), and its id."""
MOST_COPIES = 1_000
"""Copies that are named of one tip; a message that goes round may have more."""


class Appearance(Struct, frozen=True, array_like=True, gc=False):
    """One live record in which an entity is spoken of; `copy_of` names the tips that told its text first, if
    others did: one, or several that were merged. `doubts` are the ways, in one text with blanks between, in
    which its text takes back what is told there: `hearsay`, `denied`.
    """

    rec: int
    record: str
    kind: str
    source: str
    region: str
    case: str | None
    line: int | None
    checkpoint: str | None
    outcome: str | None
    reported: int
    copy_of: tuple[str, ...]
    lead: bool
    role: str
    grade: str | None = None
    doubts: str | None = None

    @property
    def tellings(self) -> tuple[str, ...]:
        """The records whose word it is: of a copy those told first, else its own."""
        return self.copy_of or (self.record,)


class Delivery(Struct, frozen=True, array_like=True, gc=False):
    """One `supplied` edge between two entities (keys); `latest` is always bounded by the report."""

    edge: int
    source: int
    target: int
    record: str
    rec: int
    basis: str
    substance: str | None
    earliest: int | None
    latest: int
    confidence: float


class ReportedDelivery(Delivery, frozen=True, array_like=True, gc=False):
    """A delivery with when its record was reported."""

    reported: int


class HeldLot(Struct, frozen=True, array_like=True, gc=False):
    """Goods in someone's hands according to one live record."""

    rec: int
    record: str
    kind: str
    reported: int
    substance: str | None
    quantity: float | None
    unit: str | None
    grams: float | None


class Processed(Struct, frozen=True):
    """Which worker prepared a record, and where in the log it took it from."""

    worker: str
    topic: str
    partition: int
    offset: int


class CopyOf(Struct, frozen=True):
    """Of which tip told first another is a copy, by which one that was known, and how alike those two are.

    `alike` is the share of the shorter text's pairs of neighbouring letters that the other has too.
    """

    record: str
    known_by: str
    alike: float


class RecordCopy(Struct, frozen=True, kw_only=True):
    """The redacted working copy of a record, with when it was reported and received (microseconds).

    `withdrawn_because` is the reason of the withdrawal that took it back, None while it lives or
    when a later revision replaced it. `read` is what was found in its text, `flags` what is odd about it
    (`suspect_value:p1.phone`: kept as given and never compared); `processed` is None of a record from a file.
    `copies` are the first of the tips that are copies of this one, by when they were reported.
    """

    record: str
    kind: str
    revision: int
    reported: int
    received: int
    live: bool
    withdrawn_because: str | None
    body: dict[str, Any]
    read: tuple[TextMention, ...] = ()
    flags: tuple[str, ...] = ()
    processed: Processed | None = None
    copy_of: tuple[CopyOf, ...] = ()
    copies: tuple[str, ...] = ()


class Received(Struct, frozen=True, kw_only=True):
    """That a record came in, and when; microseconds."""

    record: str
    kind: str
    case: str | None
    reported: int
    received: int


class GraphReader(Protocol):
    """What is known as of one moment (now, unless made for an earlier one)."""

    @property
    def as_of(self) -> int | None:
        """The moment of transaction time, microseconds; None for now."""

    def resolve(self, who: str) -> tuple[int, ...]:
        """The keys of all entities that `who` fits: an entity id (a former one too),
        `record#ref`, an identifier, or a name. Empty when nothing fits."""

    def search(self, text: str, limit: int = 50) -> list[int]:
        """Keys of entities that fit the text, best first (names, homophones by pinyin, prefixes and
        suffixes of numbers, masked numbers, record and case names)."""

    def public_id(self, key: int) -> str: ...
    def public_ids(self, keys: Iterable[int]) -> dict[int, str]:
        """Public ids of many entities at once, of former ones too."""

    def keys_of(self, identifiers: Iterable[str]) -> dict[str, int]:
        """Keys of many public ids at once, former ones too; ids that name nobody are left out."""

    def type_of(self, key: int) -> MentionType: ...
    def label(self, key: int) -> str: ...
    def labels(self, keys: Iterable[int]) -> dict[int, str]:
        """Labels of many entities at once."""

    def entities(self, keys: Iterable[int]) -> list[Entity]:
        """The contract's ENTITY for each key, in order."""

    def all_entities(self, batch: int = 1000) -> Iterator[int]:
        """Keys of all live entities, by key."""

    def entity_of_nodes(self, nodes: Iterable[int]) -> dict[int, int]:
        """Entity key of each node (profile or negative value) that is live."""

    def nodes_of(self, key: int) -> tuple[int, ...]:
        """The nodes an entity consists of."""

    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]:
        """Live records of each entity, by (reported, record); one entry per record."""

    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        """Live `supplied` edges into (up) or out of (down) the entities; self-loops left out."""

    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]:
        """Live lots whose holder is the entity."""

    def users_of(self, value_key: int) -> list[int]:
        """Keys of the resolved entities with a live `uses` edge to this value."""

    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]:
        """Keys of phones and accounts each entity uses."""

    def edges_of(self, key: int, limit: int = 1000) -> list[Edge]:
        """All live edges at an entity, for `show` and the console."""

    def all_edges(self, batch: int = 1000) -> Iterator[Edge]:
        """All live edges, in no particular order."""

    def edge(self, identifier: str) -> Edge | None:
        """A live edge by its id."""

    def confirmation(self, identifier: str) -> Confirmation | None:
        """By whose word a live edge is drawn; None of one that needs none."""

    def record(self, name: str) -> RecordCopy | None:
        """A record by its name: the live revision, else the last known."""

    def entities_in(self, name: str) -> list[int]:
        """Keys of the entities that a live record speaks of."""

    def findings(self, *, withdrawn: bool = False) -> Iterator[tuple[str, Finding]]:
        """Live alerts with their ids, by id; or instead those whose evidence was taken back."""

    def finding(self, identifier: str) -> tuple[Finding, bool] | None:
        """An alert by its id, and whether it is live."""

    def findings_about(self, identifiers: Iterable[str]) -> Iterator[tuple[str, Finding]]:
        """Live alerts that name one of these entities by one of these ids, by id."""

    def latest_findings(self, before: Place | None = None) -> Iterator[tuple[str, Finding]]:
        """Live alerts, the last raised first: those behind a place, or all."""

    def withdrawn_deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]:
        """`supplied` edges that were taken back by a withdrawal, for a trace's `excluded`."""


class RuleReader(Protocol):
    """What the rules of alerts ask: a batch's worth of keys at a time, as of now. The first are those of
    `GraphReader`.
    """

    def public_id(self, key: int) -> str: ...
    def public_ids(self, keys: Iterable[int]) -> dict[int, str]: ...
    def type_of(self, key: int) -> MentionType: ...
    def labels(self, keys: Iterable[int]) -> dict[int, str]: ...
    def appearances(self, keys: Iterable[int]) -> dict[int, list[Appearance]]: ...
    def deliveries(self, keys: Iterable[int], direction: Direction) -> list[Delivery]: ...
    def held_lots(self, keys: Iterable[int]) -> dict[int, list[HeldLot]]: ...
    def values_used_by(self, keys: Iterable[int]) -> dict[int, list[int]]: ...

    def live_types(self, keys: Iterable[int]) -> dict[int, MentionType]:
        """The type of each key that names a live entity; keys that no longer do are left out."""

    def users_within(self, values: Iterable[int], most: int) -> dict[int, list[int]]:
        """As `users_of`, for many values; of a value with more than `most` users any `most` + 1."""

    def likely_deliveries(
        self, keys: Iterable[int], direction: Direction, least: float, least_parcel: float, after: int
    ) -> list[ReportedDelivery]:
        """As `deliveries`, without those below a confidence (for parcels another one), and of them those
        whose edge was drawn after the edge `after` (0: all).
        """

    def last_edge(self) -> int:
        """The edge that was drawn last; edges are numbered as they are drawn (0: there is none)."""

    def with_goods(self, recs: Iterable[int]) -> set[int]:
        """Those of the records that hold at least one lot."""

    def identity_kinds(self, keys: Iterable[int]) -> dict[int, frozenset[str]]:
        """Kinds of the whole, valid identifiers that each resolved entity carries."""


class EvidenceReader(GraphReader, RuleReader, Protocol):
    """A reader that the rules can ask too. Adapter: `graph.sqlite.evidence`."""

    def label_together(self, keys: Iterable[int]) -> str:
        """How these resolved entities would be called if they were one."""


__all__: Sequence[str] = [
    "MOST_COPIES",
    "Appearance",
    "CopyOf",
    "Delivery",
    "Direction",
    "EvidenceReader",
    "GraphReader",
    "HeldLot",
    "Place",
    "Processed",
    "RecordCopy",
    "ReportedDelivery",
    "RuleReader",
]

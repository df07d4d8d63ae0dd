"""A trace as the page draws it: tiers from source to street, hops as links, and what would make it surer."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import partial

from msgspec import Struct

from graph.console.screens import left_out
from graph.console.screens.picture import quantity_of
from graph.layout import arrange, tiers_of
from graph.port import Direction
from graph.seen import SeenReader
from graph.trace import trace
from schemas.claims import MentionType
from schemas.entities import NOTICE, Chain, Edge, Excluded, Hop, Trace
from schemas.reference.words import Lang, Said, all_words, both, word


class Placed(Struct, frozen=True, kw_only=True):
    """Where an entity stands: its tier (0 on the source's side), and its place in it from above.

    `role` (source, middle, street) is only where it stands in these chains: nothing of who somebody is.
    """

    tier: int
    place: int
    type: MentionType
    label: str
    role: str


class TraceLink(Struct, frozen=True, kw_only=True, rename={"source": "from", "target": "to"}):
    """What went from one to another in these chains; `chains` are indexes into the trace's. `edges` are
    the ids of the edges behind it, by which its evidence is asked for; `quantity` is that of those which can
    be of its time.
    """

    source: str
    target: str
    kind: str
    substance: str | None
    earliest: str | None
    latest: str | None
    confidence: float
    quantity: float | None
    unit: str | None
    records: tuple[str, ...]
    edges: tuple[str, ...]
    chains: tuple[int, ...]


class Weakest(Struct, frozen=True, kw_only=True):
    """The hop by which a chain is least sure, and which observation would confirm it."""

    chain: int
    hop: int
    confidence: float
    what: Said


class TracePicture(Struct, frozen=True, kw_only=True):
    """A trace with its drawing. `tiers` are ids by tier, each from above; `withheld`: who may see more might
    see more here. `details` are those of what it left out, one for each, and `note` is its note.

    Its entities are without their mentions, which the dossier has: a dealer's may be thousands, and would
    stand in each chain anew.
    """

    trace: Trace
    nodes: dict[str, Placed]
    tiers: tuple[tuple[str, ...], ...]
    links: tuple[TraceLink, ...]
    crossings: int
    weakest: tuple[Weakest, ...]
    withheld: bool
    details: tuple[Said, ...]
    note: Said | None
    notice: str = NOTICE

    def about(self) -> tuple[str, ...]:
        """What is told with it: ids of entities, also of those at the ends of what was left out, and names of
        records.
        """
        hops = [hop for chain in self.trace.chains for hop in chain.hops]
        ends = (end for one in self.trace.excluded for end in (one.source, one.target))
        told: list[Hop | Excluded] = [*hops, *self.trace.excluded]
        names = (name for one in told for name in one.records)
        return (self.trace.origin.id, *self.nodes, *ends, *names)


class Wanted(Struct, frozen=True, kw_only=True):
    """Which trace; `until` is valid time in microseconds."""

    direction: Direction
    substance: str | None = None
    until: int | None = None
    max_hops: int = 8


def trace_picture(reader: SeenReader, origin: int, wanted: Wanted) -> TracePicture:
    """The trace of an entity, and where everybody in it stands. Raises `NotFound` as `trace`."""
    found = trace(
        reader,
        origin,
        wanted.direction,
        substance=wanted.substance,
        until=wanted.until,
        max_hops=wanted.max_hops,
        described=reader.parts.portraits.brief,
    )
    ways = [_way(chain) for chain in found.chains] or [[found.origin.id]]
    tiers = tiers_of(ways, from_end=wanted.direction == "up")
    links = _links(reader, found)
    layout = arrange(tiers, [(link.source, link.target) for link in links])
    shown = tuple(tuple(node for node in tier if isinstance(node, str)) for tier in layout.tiers)
    return TracePicture(
        trace=found,
        nodes=_placed(found, shown),
        tiers=shown,
        links=links,
        crossings=layout.crossings,
        weakest=tuple(_weakest(found.chains)),
        withheld=reader.withheld,
        details=tuple(both(partial(left_out.detail, each.detail)) for each in found.excluded),
        note=None if found.note is None else both(partial(left_out.note, found.note)),
    )


def _way(chain: Chain) -> list[str]:
    return [chain.hops[0].source.id, *(hop.target.id for hop in chain.hops)]


def _placed(found: Trace, tiers: Sequence[Sequence[str]]) -> dict[str, Placed]:
    entities = {found.origin.id: found.origin}
    entities |= {
        end.id: end for chain in found.chains for hop in chain.hops for end in (hop.source, hop.target)
    }
    sources = {chain.hops[0].source.id for chain in found.chains}
    ends = {chain.hops[-1].target.id for chain in found.chains}
    placed = {}
    for number, tier in enumerate(tiers):
        for place, id_ in enumerate(tier):
            role = "source" if id_ in sources else "street" if id_ in ends else "middle"
            entity = entities[id_]
            placed[id_] = Placed(tier=number, place=place, type=entity.type, label=entity.label, role=role)
    return placed


def _links(reader: SeenReader, found: Trace) -> tuple[TraceLink, ...]:
    chains: defaultdict[tuple[str, str, str | None], list[tuple[int, Hop]]] = defaultdict(list)
    for number, chain in enumerate(found.chains):
        for hop in chain.hops:
            chains[hop.source.id, hop.target.id, hop.substance].append((number, hop))
    edges = _edges(
        reader, {record for those in chains.values() for _, hop in those for record in hop.records}
    )
    return tuple(
        _link(key, those, edges) for key, those in sorted(chains.items(), key=lambda each: str(each[0]))
    )


def _edges(reader: SeenReader, records: Iterable[str]) -> dict[tuple[str, str, str], list[Edge]]:
    """The deliveries that records state, by record and ends."""
    found: defaultdict[tuple[str, str, str], list[Edge]] = defaultdict(list)
    for edge in reader.edges_in(set(records)):
        if edge.type == "supplied":
            found[edge.records[0], edge.source, edge.target].append(edge)
    return found


def _link(
    key: tuple[str, str, str | None],
    those: Sequence[tuple[int, Hop]],
    edges: dict[tuple[str, str, str], list[Edge]],
) -> TraceLink:
    source, target, substance = key
    hops = [hop for _, hop in those]
    records = sorted({record for hop in hops for record in hop.records})
    stated = (edge for record in records for edge in edges.get((record, source, target), ()))
    behind = [edge for edge in stated if edge.substance in (None, substance)]
    earliest = min((hop.earliest for hop in hops if hop.earliest), default=None)
    latest = max((hop.latest for hop in hops if hop.latest), default=None)
    quantity, unit = quantity_of([edge for edge in behind if _meets(edge, earliest, latest)])
    best = max(hops, key=lambda hop: hop.confidence)
    return TraceLink(
        source=source,
        target=target,
        kind=best.kind,
        substance=substance,
        earliest=earliest,
        latest=latest,
        confidence=best.confidence,
        quantity=quantity,
        unit=unit,
        records=tuple(records),
        edges=tuple(sorted(edge.id for edge in behind)),
        chains=tuple(sorted({number for number, _ in those})),
    )


def _meets(edge: Edge, earliest: str | None, latest: str | None) -> bool:
    """Whether an edge can be of this time: what another delivery brought is told beside its own."""
    begun = not edge.earliest or not latest or edge.earliest <= latest
    return begun and (not earliest or not edge.latest or earliest <= edge.latest)


def _weakest(chains: Sequence[Chain]) -> Iterator[Weakest]:
    for number, chain in enumerate(chains):
        least = weakest_of(chain)
        hop = chain.hops[least]
        yield Weakest(
            chain=number,
            hop=least,
            confidence=hop.confidence,
            what=both(partial(confirming, hop)),
        )


def weakest_of(chain: Chain) -> int:
    """Which hop a chain is least sure of."""
    return min(range(len(chain.hops)), key=lambda at: (chain.hops[at].confidence, at))


def confirming(hop: Hop, lang: Lang) -> str:
    """Which observation would confirm a hop: what its statement does not have."""
    basis = hop.kind if hop.kind in all_words()["confirming"] else "other"
    alone = "alone" if len(hop.records) == 1 else "several"
    return word("confirmed", alone, lang, observation=word("confirming", basis, lang))

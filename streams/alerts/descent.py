"""From a supplier down to the seizures: who held what, along deliveries that fit in time.

A path keeps to one substance (an unknown one fits any). The first time it can have arrived at each
step only grows: `arrival` is the earliest moment by which every delivery of it can have happened.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import starmap
from operator import itemgetter

from msgspec import Struct

from graph.port import Appearance, Delivery, HeldLot, ReportedDelivery
from streams.alerts.lens import Lens
from streams.alerts.policy import Small, Supply

_LONG_AGO = -(1 << 62)


class Path(Struct, frozen=True):
    """One way down: `known` is when the last of its records was reported."""

    end: int
    substance: str | None
    arrival: int
    known: int
    confidence: float
    deliveries: tuple[ReportedDelivery, ...]

    @property
    def order(self) -> tuple[int, int, tuple[str, ...], float, str]:
        """Of two ways to the same goods the one known earlier, then shorter, then by records."""
        names = tuple(delivery.record for delivery in self.deliveries)
        return self.known, len(names), names, -self.confidence, self.substance or ""


class Twig(Struct, frozen=True):
    """Goods seized from a holder whom the supplier supplied: the far end of a path."""

    holder: int
    seizure: Appearance
    path: Path

    @property
    def known(self) -> int:
        """When both the seizure and the path to it were reported."""
        return max(self.seizure.reported, self.path.known)


class Reach(Struct, frozen=True):
    """How far below a supplier to look, which deliveries to trust, what counts as a seizure
    (records of these kinds, and with `small` only small amounts), and how many are enough.
    """

    hops: int
    supply: Supply
    kinds: frozenset[str]
    seizures: int
    holders: int
    small: Small | None = None


def explore(suppliers: Iterable[int], reach: Reach, lens: Lens) -> None:
    """Fetches the deliveries below all the suppliers, and the lots at their ends, level by level."""
    seen: set[int] = set()
    frontier = set(suppliers)
    for _ in range(reach.hops):
        lens.load_deliveries(frontier, "down")
        seen |= frontier
        frontier = {target for key in frontier for target in _supplied_by(key, reach, lens)}
        lens.load_lots(frontier)
        frontier -= seen


def _supplied_by(key: int, reach: Reach, lens: Lens) -> Iterator[int]:
    for delivery in lens.deliveries(key, "down"):
        if reach.supply.trusts(delivery.basis, delivery.confidence):
            yield delivery.target


def enough_below(supplier: int, reach: Reach, lens: Lens) -> tuple[list[Twig], int | None]:
    """The seizures below a supplier, and when there were enough of them (None: there are not)."""
    if not _might_be_enough(supplier, reach, lens):
        return [], None
    found = twigs(supplier, reach, lens)
    return found, first_sufficient(found, reach.seizures, reach.holders)


def _might_be_enough(supplier: int, reach: Reach, lens: Lens) -> bool:
    """Whether there are seizures enough when nobody asks for time and substance: mostly there are none."""
    below: set[int] = set()
    frontier = {supplier}
    for _ in range(reach.hops):
        frontier = {target for key in frontier for target in _supplied_by(key, reach, lens)} - below
        below |= frontier
        if not frontier:
            break
    held = {
        key: recs
        for key in below - {supplier}
        if (recs := {lot.rec for lot in lens.lots(key) if lot.kind in reach.kinds})
    }
    return len(held) >= reach.holders and len(set().union(*held.values())) >= reach.seizures


def twigs(supplier: int, reach: Reach, lens: Lens) -> list[Twig]:
    """The seizures below a supplier, the best path to each, by the time they were known."""
    ends: dict[int, list[Path]] = {}
    for path in _paths(supplier, reach, lens):
        ends.setdefault(path.end, []).append(path)
    lens.load_lots(ends)
    best: list[tuple[int, int, Path]] = []
    for holder, paths in ends.items():
        for lots in _seizures(lens.lots(holder), reach.kinds):
            if reach.small is not None and not is_small(lots, reach.small):
                continue
            fitting = [path for path in paths if any(_fits(path, lot) for lot in lots)]
            if fitting:
                best.append((holder, lots[0].rec, min(fitting, key=lambda path: path.order)))
    lens.load_appearances(holder for holder, _, _ in best)
    found = [Twig(holder, lens.record(holder, rec), path) for holder, rec, path in best]
    return sorted(found, key=lambda twig: (twig.known, twig.seizure.record, lens.public_id(twig.holder)))


def evidence(found: Sequence[Twig], lens: Lens) -> list[Appearance]:
    """All records that twigs rest on: each seizure, and the deliveries on the way to its holder."""
    lens.load_appearances(delivery.target for twig in found for delivery in twig.path.deliveries)
    return [
        seen
        for twig in found
        for seen in (twig.seizure, *(lens.record(each.target, each.rec) for each in twig.path.deliveries))
    ]


def first_sufficient(found: Iterable[Twig], seizures: int, holders: int) -> int | None:
    """When seizures and holders enough were known, or None when they are not (by `known`, ascending)."""
    recs: set[int] = set()
    held_by: set[int] = set()
    for twig in found:
        recs.add(twig.seizure.rec)
        held_by.add(twig.holder)
        if len(recs) >= seizures and len(held_by) >= holders:
            return twig.known
    return None


def _seizures(lots: Iterable[HeldLot], kinds: Collection[str]) -> Iterator[list[HeldLot]]:
    """The lots of each record of these kinds."""
    by_record: dict[int, list[HeldLot]] = {}
    for lot in lots:
        if lot.kind in kinds:
            by_record.setdefault(lot.rec, []).append(lot)
    yield from by_record.values()


def is_small(lots: Iterable[HeldLot], small: Small) -> bool:
    """Whether the lots are a small amount of each substance; of an unknown amount, no."""
    grams: dict[str | None, float] = {}
    pieces: dict[str | None, float] = {}
    for lot in lots:
        if lot.grams is not None:
            grams[lot.substance] = grams.get(lot.substance, 0.0) + lot.grams
        elif lot.quantity is not None and lot.unit in small.piece_units:
            pieces[lot.substance] = pieces.get(lot.substance, 0.0) + lot.quantity
        else:
            return False
    return all(
        amount <= small.by_substance.get(substance or "", small.grams) for substance, amount in grams.items()
    ) and all(amount <= small.pieces for amount in pieces.values())


def _fits(path: Path, lot: HeldLot) -> bool:
    return path.arrival <= lot.reported and (
        path.substance is None or lot.substance is None or path.substance == lot.substance
    )


def _paths(supplier: int, reach: Reach, lens: Lens) -> Iterator[Path]:
    """Ways down from the supplier that no other to the same end beats in arrival and in knowledge."""
    kept = _Kept()
    frontier = [Path(supplier, None, _LONG_AGO, _LONG_AGO, 1.0, ())]
    for _ in range(reach.hops):
        lens.load_deliveries((path.end for path in frontier), "down")
        steps = [
            (max(path.arrival, _earliest(delivery)), max(path.known, delivery.reported), path, delivery)
            for path in frontier
            for delivery in lens.deliveries(path.end, "down")
            if delivery.target != supplier
            and reach.supply.trusts(delivery.basis, delivery.confidence)
            and _feasible(path, delivery)
        ]
        onward = starmap(_step, _unbeaten(steps))
        # the earliest first, so that a beaten path is not followed
        frontier = [p for p in sorted(onward, key=lambda p: (p.arrival, p.order)) if kept.keep(p)]
        yield from frontier
        if not frontier:
            return


def _feasible(path: Path, delivery: Delivery) -> bool:
    return max(path.arrival, _earliest(delivery)) <= delivery.latest and (
        path.substance is None or delivery.substance is None or path.substance == delivery.substance
    )


def _earliest(delivery: Delivery) -> int:
    return _LONG_AGO if delivery.earliest is None else delivery.earliest


_Step = tuple[int, int, Path, ReportedDelivery]
"""Arrival and knowledge of a path that goes on by a delivery."""


def _unbeaten(steps: list[_Step]) -> Iterator[_Step]:
    """Steps that no other to the same end with the same substance beats; of a busy supplier's, few."""
    steps.sort(key=itemgetter(0, 1))
    best: dict[tuple[int, str | None], tuple[int, int]] = {}
    for step in steps:
        arrival, known, path, delivery = step
        to = delivery.target, path.substance or delivery.substance
        least = best.get(to)
        if least is None or known < least[1] or (arrival, known) == least:
            best[to] = arrival, known
            yield step


def _step(arrival: int, known: int, path: Path, delivery: ReportedDelivery) -> Path:
    return Path(
        delivery.target,
        path.substance or delivery.substance,
        arrival,
        known,
        path.confidence * delivery.confidence,
        (*path.deliveries, delivery),
    )


class _Kept:
    """The unbeaten paths to each end and substance."""

    def __init__(self) -> None:
        self._paths: dict[tuple[int, str | None], list[tuple[int, int]]] = {}

    def keep(self, path: Path) -> bool:
        """Whether the path is worth following; then it is remembered."""
        for substance in {path.substance, None}:
            for arrival, known in self._paths.get((path.end, substance), ()):
                if arrival <= path.arrival and known <= path.known:
                    return False
        self._paths.setdefault((path.end, path.substance), []).append((path.arrival, path.known))
        return True

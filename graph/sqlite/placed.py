"""Facts and lots between entities: which began with a transaction, which ended, which were re-pointed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.view import Row, View
from schemas.changes import Fact, FactClosed, LotListed, LotPlaced, LotTaken

_COLUMNS = """e.e, e.type, e.key, e.src, e.dst, e.rec, r.name, r.reported, e.basis, e.confidence,
    e.earliest, e.latest, e.substance, e.quantity, e.unit, e.amount, c.by, c.because, c.at"""
_FACTS = f"""SELECT {_COLUMNS} FROM edge e CROSS JOIN record r ON r.rec = e.rec
    LEFT JOIN confirmed c ON c.e = e.e WHERE e.rec BETWEEN :first AND :last ORDER BY e.e"""
_MOVED_FACTS = f"""WITH one(e) AS (
        SELECT e.e FROM json_each(:keys) k CROSS JOIN edge e ON e.src = k.value
        UNION SELECT e.e FROM json_each(:keys) k CROSS JOIN edge e ON e.dst = k.value)
    SELECT {_COLUMNS} FROM one o CROSS JOIN edge e ON e.e = o.e CROSS JOIN record r ON r.rec = e.rec
    LEFT JOIN confirmed c ON c.e = e.e WHERE r.opened < :tx AND r.closed > :tx ORDER BY e.e"""
_CLOSED_FACTS = """SELECT e.e, e.type, e.src, e.dst FROM json_each(:keys) k
    CROSS JOIN edge e ON e.rec = k.value ORDER BY e.e"""
_LOT = "l.l, l.holder, l.found_in"
_LOTS = f"""SELECT {_LOT}, l.rec, l.key, l.substance, l.quantity, l.unit, l.grams FROM lot l
    WHERE l.rec BETWEEN :first AND :last ORDER BY l.l"""
_MOVED_LOTS = f"""WITH one(l) AS (
        SELECT l.l FROM json_each(:keys) k CROSS JOIN lot l ON l.holder = k.value
        UNION SELECT l.l FROM json_each(:keys) k CROSS JOIN lot l ON l.found_in = k.value)
    SELECT {_LOT} FROM one o CROSS JOIN lot l ON l.l = o.l CROSS JOIN record r ON r.rec = l.rec
    WHERE r.opened < :tx AND r.closed > :tx ORDER BY l.l"""
_CLOSED_LOTS = f"""SELECT {_LOT} FROM json_each(:keys) k CROSS JOIN lot l ON l.rec = k.value ORDER BY l.l"""


class Places:
    """What the records that came and went, and the profiles that moved, mean for facts and lots."""

    def __init__(self, view: View, opened: tuple[int, int], closed: list[int], moved: Iterable[int]) -> None:
        self._view = view
        self._now = SqliteIdentities(view)
        self._before = SqliteIdentities(View(view.connection, tx=view.tx - 1))
        self._opened = {"first": opened[0], "last": opened[1]}
        self._closed = closed
        self._moved = sorted(moved)

    def rows(self) -> dict[str, tuple[Any, ...]]:
        """The fields of a change that are about facts and lots."""
        facts_closed, facts = self._facts()
        taken, placed, lots = self._lots()
        return {
            "facts_closed": facts_closed,
            "lots_taken": taken,
            "facts": facts,
            "lots": lots,
            "lots_placed": placed,
        }

    def _facts(self) -> tuple[tuple[FactClosed, ...], tuple[Fact, ...]]:
        new = self._view.rows(_FACTS, **self._opened)
        moved = list(self._view.rows_for(self._moved, _MOVED_FACTS))
        gone = list(self._view.rows_for(self._closed, _CLOSED_FACTS))
        was = self._whose(self._before, [*_ends(moved), *(node for row in gone for node in row[2:4])])
        is_ = self._whose(self._now, _ends([*new, *moved]))
        re_pointed = [
            row for row in moved if (was.get(row[3]), was.get(row[4])) != (is_.get(row[3]), is_.get(row[4]))
        ]
        closed = [(row[0], row[1], row[3], row[4]) for row in re_pointed] + gone
        return (
            tuple(FactClosed(e, type_) for e, type_, src, dst in closed if src in was and dst in was),
            tuple(_fact(row, is_) for row in (*new, *re_pointed) if row[3] in is_ and row[4] in is_),
        )

    def _lots(self) -> tuple[tuple[LotTaken, ...], tuple[LotPlaced, ...], tuple[LotListed, ...]]:
        new = self._view.rows(_LOTS, **self._opened)
        moved = list(self._view.rows_for(self._moved, _MOVED_LOTS))
        gone = list(self._view.rows_for(self._closed, _CLOSED_LOTS))
        was = self._whose(self._before, (node for row in (*moved, *gone) for node in row[1:3]))
        is_ = self._whose(self._now, (node for row in (*new, *moved) for node in row[1:3]))
        moved_places = [each for each in _places(moved) if was.get(each[2]) != is_.get(each[2])]
        return (
            tuple(
                LotTaken(lot, inside) for lot, inside, node in (*moved_places, *_places(gone)) if node in was
            ),
            tuple(
                LotPlaced(lot, inside, is_[node])
                for lot, inside, node in (*_places(new), *moved_places)
                if node in is_
            ),
            tuple(LotListed(row[0], *row[3:]) for row in new),
        )

    def _whose(self, identities: SqliteIdentities, nodes: Iterable[int | None]) -> Mapping[int | None, int]:
        """The entity of each node; a value is its own."""
        wanted = {node for node in nodes if node is not None}
        resolved = identities.entities_of(node for node in wanted if node > 0)
        return {node: resolved.get(node, node) for node in wanted if node < 0 or node in resolved}


def _ends(rows: Iterable[Row]) -> Iterator[int]:
    for row in rows:
        yield from row[3:5]


def _places(rows: Iterable[Row]) -> Iterator[tuple[int, bool, int | None]]:
    """The hands a lot is in, and the thing it was found in."""
    for lot, holder, found_in, *_ in rows:
        yield lot, False, holder
        yield lot, True, found_in


def _fact(row: Row, whose: Mapping[int | None, int]) -> Fact:
    e, type_, key, src, dst, rec, record, reported, *rest = row
    return Fact(e, type_, whose[src], whose[dst], src, dst, rec, record, reported, key, *rest)

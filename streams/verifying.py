"""Deliveries that texts tell, not surely enough: which wait for a person, and what is said of them."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator

import msgspec
from msgspec import Struct

from graph.sqlite.view import LIVE
from schemas.claims import WaitingClaim
from schemas.decisions import Checked, Verification
from schemas.errors import NotFound
from schemas.ids import hash64, part_id
from schemas.reviews import Verified, WaitingDelivery
from schemas.times import iso
from streams.said import Word
from streams.verified import verifications

_LIVE_RECORD = f"r.closed = {LIVE} AND r.opened < r.closed"
_COLUMNS = "r.name, w.key, w.text, w.claim, w.rec"
_ALL = f"""SELECT {_COLUMNS} FROM waiting_claim w CROSS JOIN record r ON r.rec = w.rec
    WHERE {_LIVE_RECORD} ORDER BY w.score DESC, r.reported, r.name, w.key"""
_OF_RECORDS = f"""SELECT {_COLUMNS} FROM record r CROSS JOIN waiting_claim w ON w.rec = r.rec
    WHERE r.hash IN (SELECT value FROM json_each(?)) AND {_LIVE_RECORD}"""
_TELLERS = f"""SELECT f.name FROM copy c CROSS JOIN record f ON f.rec = c.first
    WHERE c.rec = ? AND c.closed = {LIVE}"""
_TEXT = f"""SELECT w.text FROM record r CROSS JOIN waiting_claim w ON w.rec = r.rec
    WHERE r.hash = ? AND r.name = ? AND w.key = ? AND {_LIVE_RECORD}"""
_DRAWN = f"""SELECT 1 FROM record r CROSS JOIN edge e ON e.rec = r.rec
    WHERE r.hash = ? AND r.name = ? AND e.key = ? AND {_LIVE_RECORD}"""
_KEY = "text@"
_AROUND = 20
"""Characters that are shown before and behind the clause."""

_decode = msgspec.json.Decoder(WaitingClaim).decode


_Told = tuple[str, str, str]
"""A tip that told a text first, and by which names it tells of whom."""


class _Row(Struct, frozen=True):
    """A claim of a live record."""

    record: str
    key: str
    text: str
    claim: bytes
    rec: int


def is_claim(name: str) -> bool:
    """Whether a name is that of a claim, and not of a mention or an entity.

    >>> is_claim("460100-110/t-1#text@0-9"), is_claim("460100-110/t-1#@0-9")
    (True, False)
    """
    record, _, key = name.strip().rpartition("#")
    return "/" in record and key.startswith(_KEY)


def waiting_deliveries(db: sqlite3.Connection) -> Iterator[WaitingDelivery]:
    """All that wait, the surest first, then those told first.

    What the copies of one text tell of the same two waits once, and no longer when somebody spoke of one of
    them.
    """
    said = verifications(db)
    hashes = json.dumps(sorted({hash64(record) for record in said.records()}))
    seen: set[_Told] = set()
    for found in db.execute(_OF_RECORDS, (hashes,)).fetchall():
        row = _Row(*found)
        if said.counting(row.record, row.text, row.key) is not None:
            seen |= _told(db, row, _delivery(db, row))
    for found in db.execute(_ALL):
        row = _Row(*found)
        delivery = _delivery(db, row)
        told = _told(db, row, delivery)
        if seen.isdisjoint(told):
            yield delivery
        seen |= told


def _told(db: sqlite3.Connection, row: _Row, delivery: WaitingDelivery) -> set[_Told]:
    """By what the same is known when others tell it: whose texts it may be out of, and of whom it is."""
    tellers = {name for (name,) in db.execute(_TELLERS, (row.rec,))} or {row.record}
    return {(teller, delivery.supplier, delivery.recipient) for teller in tellers}


def _delivery(db: sqlite3.Connection, row: _Row) -> WaitingDelivery:
    claim = _decode(row.claim)
    (body,) = db.execute("SELECT body FROM log WHERE rec = ?", (row.rec,)).fetchone()
    text = str(msgspec.json.decode(body)["text"])
    return WaitingDelivery(
        claim=f"{row.record}#{row.key}",
        record=row.record,
        supplier=text[slice(*claim.supplier)],
        recipient=text[slice(*claim.recipient)],
        said=text[claim.start : claim.end],
        start=claim.start,
        end=claim.end,
        around=_around(text, claim.start, claim.end),
        score=claim.score,
        substance=claim.substance,
        quantity=claim.quantity,
        unit=claim.unit,
        amount=claim.amount,
        time=claim.time,
    )


def _around(text: str, start: int, end: int) -> str:
    """A stretch of a text, marked, with what stands beside it.

    >>> _around("阿强把冰毒卖给老三", 7, 9)
    '阿强把冰毒卖给【老三】'
    """
    first, last = max(0, start - _AROUND), min(len(text), end + _AROUND)
    before, behind = "…" if first else "", "…" if last < len(text) else ""
    return f"{before}{text[first:start]}【{text[start:end]}】{text[end:last]}{behind}"


class Verifier:
    """Turns what a person says of such a delivery into what is kept, or says why it cannot be.

    Reads one state of the owner's own store.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self._db = db

    def answer(self, claim: str, verdict: Checked, word: Word) -> Verification:
        """An answer about a claim, by its name in the list that waits; the last answer counts.

        Raises `NotFound` when no live record has such a claim.
        """
        record, _, key = claim.strip().rpartition("#")
        found = self._db.execute(_TEXT, (hash64(record), record, key)).fetchone()
        if found is None:
            raise NotFound("no live tip tells a delivery of this name: `suyuan review` lists those that wait")
        return _word(record, key, found[0], verdict, word)

    def undo(self, claim: str, word: Word) -> Verification:
        """The taking back of the last word about a claim; of a record that was withdrawn, or has another text
        now, the last that stands.

        Raises `NotFound` when none stands.
        """
        record, _, key = claim.strip().rpartition("#")
        said = verifications(self._db)
        found = self._db.execute(_TEXT, (hash64(record), record, key)).fetchone()
        live = said.counting(record, found[0], key) if found else None
        last = live or max(said.about(record, key), key=lambda each: (each.at, each.text), default=None)
        if last is None:
            raise NotFound("nothing that anybody said of this delivery stands")
        return _word(record, key, last.text, "undone", word)

    def counting(self, word: Verification) -> Verified | None:
        """The word that counts about what a word is about."""
        last = verifications(self._db).counting(word.record, word.text, word.key)
        return (
            None if last is None else Verified(last.claim, last.verdict, last.by, last.because, iso(last.at))
        )

    def drawn(self, word: Verification) -> str | None:
        """The id of the edge that stands for a claim; None when none is drawn."""
        hashed = hash64(word.record)
        found = self._db.execute(_DRAWN, (hashed, word.record, word.key)).fetchone()
        return part_id("edg", hashed, word.key) if found else None


def _word(record: str, key: str, text: str, verdict: Checked, word: Word) -> Verification:
    return Verification(
        record=record,
        key=key,
        text=text,
        verdict=verdict,
        by=word.by,
        because=word.because,
        at=word.at,
    )

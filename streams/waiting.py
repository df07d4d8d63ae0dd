"""The pairs that wait for a person, in the order in which their answers matter.

First what accepting would join of chains, then the alerts that it would newly raise, then those that it
touches, then how little the score decides by itself, then ids. To ask the rules costs most. So they are asked
about one pair after another, in this order but for what they say, until they have read `MOST_READ`; of the
rest no new alerts are known. All of it is a function of what is known, so the list does not depend on the
order in which records came.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator

from msgspec import Struct, structs

from graph.port import EvidenceReader
from graph.portraits import features_of
from graph.sqlite.view import LIVE
from schemas.ids import part_of
from schemas.reviews import Effect
from streams import said
from streams.effects import Effects
from streams.foresight import Foresight
from streams.resolve.judgements import Judgements
from streams.resolve.model import LINK
from streams.resolve.profiles import SOLE

_APART = """SELECT p.a, p.b, p.bits, x.ent, y.ent, f.hash, g.hash FROM pair p
    CROSS JOIN assign x ON x.pid = p.a AND x.closed = :live
    CROSS JOIN assign y ON y.pid = p.b AND y.closed = :live AND y.ent <> x.ent
    CROSS JOIN profile f ON f.pid = p.a CROSS JOIN profile g ON g.pid = p.b WHERE p.a < p.b"""
"""In this order: of many pairs few are apart, and only their profiles are looked up."""

MOST_READ = 250_000
"""What the rules may be answered in all (`Foresight.read`), some two seconds. Mostly it is enough: of the 602
pairs of this kind that wait in 20,000 simulated records, all were asked about in 0.12 s, for 6,131. Below a
dealer with 5,000 buyers a pair costs 30,000."""

_FEATURES = """SELECT k.value, f.features FROM json_each(:keys) k
    CROSS JOIN assign a ON a.ent = k.value AND a.closed = :live CROSS JOIN profile f ON f.pid = a.pid"""

_FIRST = """SELECT m.m, r.reported, r.name, m.ref, m.start, m.stop
    FROM mention m CROSS JOIN record r ON r.rec = m.rec WHERE m.m IN (?, ?)"""
"""An entity's key is that of its earliest mention."""

Entities = frozenset[int]


class Waiting(Struct, frozen=True, kw_only=True):
    """Two entities that may be one: the likeliest pair of their profiles, and what accepting would change.

    `order`: of pairs with equal effects, how far the score is from deciding by itself, then ids.
    """

    profiles: tuple[int, int]
    entities: tuple[int, int]
    effect: Effect
    order: tuple[float, list[str]]


class _Likeliest(Struct, frozen=True, array_like=True):
    """Of two entities the pair of profiles that most speaks for, and of equal ones the first by hashes."""

    bits: float
    hashes: tuple[int, int]
    profiles: tuple[int, int]
    entities: tuple[int, int]

    @property
    def order(self) -> tuple[float, tuple[int, int]]:
        return -self.bits, self.hashes


def waiting(db: sqlite3.Connection, reader: EvidenceReader, foresight: Foresight) -> list[Waiting]:
    """All pairs of entities that are neither joined nor judged, the most telling first.

    `db` is the owner's store, `reader` one on it, and `foresight` asks that reader.
    """
    found = _apart(db)
    judged = _judged(db, reader)
    pairs = [likeliest for entities, likeliest in found.items() if entities not in judged]
    keys = {key for pair in pairs for key in pair.entities}
    ids = reader.public_ids(keys)
    effects = Effects(reader, ids, soles(db, keys))
    ranked = [
        Waiting(
            profiles=pair.profiles,
            entities=pair.entities,
            effect=effects.of(*pair.entities),
            order=(abs(pair.bits - LINK), sorted(ids[key] for key in pair.entities)),
        )
        for pair in pairs
    ]
    return sorted(_foreseen(db, foresight, sorted(ranked, key=_most_telling)), key=_most_telling)


def _most_telling(pair: Waiting) -> tuple[int, int, int, tuple[float, list[str]]]:
    effect = pair.effect
    return -effect.chains, -len(effect.raised), -effect.alerts, pair.order


def _foreseen(db: sqlite3.Connection, foresight: Foresight, ranked: list[Waiting]) -> Iterator[Waiting]:
    """The pairs, the first of them with what the rules would find."""
    for pair in ranked:
        if pair.effect.exclusive or foresight.read >= MOST_READ:
            yield pair
            continue
        foreseen = foresight.of(*_in_order(db, pair.entities))
        yield structs.replace(pair, effect=structs.replace(pair.effect, foreseen=foreseen))


def _in_order(db: sqlite3.Connection, entities: tuple[int, int]) -> tuple[int, int]:
    """The two entities, the one that is spoken of first before the other."""
    rows = db.execute(_FIRST, entities).fetchall()
    (one, *_), (other, *_) = sorted(rows, key=lambda row: (row[1], row[2], part_of(*row[3:])))
    return one, other


def _apart(db: sqlite3.Connection) -> dict[Entities, _Likeliest]:
    """Pairs of entities with profiles that may be one."""
    found: dict[Entities, _Likeliest] = {}
    for a, b, bits, left, right, one, other in db.execute(_APART, {"live": LIVE}):
        if one > other:
            a, b, left, right, one, other = b, a, right, left, other, one
        pair = _Likeliest(bits, (one, other), (a, b), (left, right))
        known = found.get(entities := frozenset(pair.entities))
        if known is None or pair.order < known.order:
            found[entities] = pair
    return found


def soles(db: sqlite3.Connection, keys: Iterable[int]) -> dict[int, set[str]]:
    """The whole numbers of each entity of which nobody has two."""
    found: dict[int, set[str]] = {}
    for key, packed in db.execute(_FEATURES, {"live": LIVE, "keys": json.dumps(sorted(keys))}):
        for each in features_of(packed).identifiers:
            if each.kind in SOLE:
                found.setdefault(key, set()).add(each.value)
    return found


def _judged(db: sqlite3.Connection, reader: EvidenceReader) -> set[Entities]:
    """The entities between which a judgement stands, `unsure` too."""
    standing = [pair for pair, *_ in Judgements(said.acts(db)).standing()]
    pids = dict(said.live_mentions(db, (name for pair in standing for name in pair)))
    entity_of = reader.entity_of_nodes(pids.values())
    return {
        frozenset(entity_of[pids[name]] for name in pair) for pair in standing if pids.keys() >= set(pair)
    }

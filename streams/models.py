"""The models that a store was given, as it keeps them: append-only, each until it is taken back.

The weights themselves stand there, not how to learn them: a later program, which might learn otherwise,
scores as was decided.
"""

from __future__ import annotations

import sqlite3

import msgspec

from schemas.decisions import Consolidation
from streams.resolve.weights import EXPERTS, Weights

_decode = msgspec.json.Decoder(dict[str, float]).decode


def keep(db: sqlite3.Connection, consolidation: Consolidation, tx: int) -> None:
    """Write which model was decided on, in the running transaction `tx`."""
    taken = consolidation.weights
    bits = None if taken is None else msgspec.json.encode(dict(taken)).decode()
    db.execute(
        "INSERT INTO model (bits, by, because, at, tx) VALUES (?, ?, ?, ?, ?)",
        (bits, consolidation.by, consolidation.because, consolidation.at, tx),
    )


def standing(db: sqlite3.Connection) -> list[Weights]:
    """The models that nobody took back, the one in force last; none where the experts' is."""
    found: list[Weights] = []
    for (bits,) in db.execute("SELECT bits FROM model ORDER BY n"):
        if bits is not None:
            found.append(Weights(_decode(bits)))
        elif found:
            found.pop()
    return found


def in_force(db: sqlite3.Connection) -> Weights:
    """The model by which the store scores."""
    return (standing(db) or [EXPERTS])[-1]

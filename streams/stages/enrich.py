"""Enrich: what the registers say about an accepted record (checkpoint line, places, grade).

Pure and stateless: the registers are data files of `schemas.reference`.
"""

from __future__ import annotations

from msgspec import Struct

from schemas.records import Accepted, Grade, Interception, Report, Seizure
from schemas.reference import checkpoints

_SOURCE = {"A": 0.98, "B": 0.95, "C": 0.9, "D": 0.8, "E": 0.7, "F": 0.85}
_INFORMATION = {1: 1.0, 2: 0.97, 3: 0.93, 4: 0.8, 5: 0.6, 6: 0.9}
_EUROPOL_SOURCE = {"A": "A", "B": "B", "C": "D", "X": "F"}
_EUROPOL_INFORMATION = {"1": 1, "2": 2, "3": 3, "4": 6}


class Enriched(Struct, frozen=True, kw_only=True):
    """An accepted record with what the registers add."""

    accepted: Accepted
    line: int | None
    checkpoint: str | None
    place: str | None
    grade: str
    confidence: float
    warnings: tuple[str, ...] = ()


def admiralty(grade: Grade | None) -> tuple[str, int]:
    """Source and information grade; Europol's A, B, C, X × 1–4 mapped, F6 when nothing is said.

    >>> admiralty(Grade(europol="B2")), admiralty(None)
    (('B', 2), ('F', 6))
    """
    if grade is None:
        return "F", 6
    if grade.europol and len(grade.europol) == 2:
        source = _EUROPOL_SOURCE.get(grade.europol[0], "F")
        return source, _EUROPOL_INFORMATION.get(grade.europol[1], 6)
    return grade.source or "F", grade.information or 6


def enrich(accepted: Accepted) -> Enriched:
    """Look up the checkpoint's line on the day of the check, the place, and the grade's weight."""
    record = accepted.record
    assert isinstance(record, Report)
    source, information = admiralty(record.grade)
    line = checkpoint = None
    place: str | None = None
    warnings: tuple[str, ...] = ()
    if isinstance(record, Interception) and record.checkpoint:
        checkpoint = record.checkpoint
        site = checkpoints.checkpoint(checkpoint)
        if site is None:
            warnings = ("unknown_checkpoint",)
        else:
            line = site.line
    if isinstance(record, Seizure):
        place = (record.place and record.place.region) or record.region
    return Enriched(
        accepted=accepted,
        line=line,
        checkpoint=checkpoint,
        place=place,
        grade=f"{source}{information}",
        confidence=round(_SOURCE[source] * _INFORMATION[information], 4),
        warnings=warnings,
    )

"""Enrich: what the registers say about an accepted record (checkpoint line, place, case, grade).

Pure and stateless: the registers are data files of `schemas.reference`.
"""

from __future__ import annotations

from msgspec import Struct

from schemas.claims import Doubt
from schemas.identifiers import parse
from schemas.identifiers.blank import says_nothing
from schemas.identifiers.mask import hides
from schemas.records import Accepted, Grade, Interception, Report, Seizure
from schemas.reference import checkpoints, regions
from schemas.times import iso

_SOURCE = {"A": 0.98, "B": 0.95, "C": 0.9, "D": 0.8, "E": 0.7, "F": 0.85}
_INFORMATION = {1: 1.0, 2: 0.97, 3: 0.93, 4: 0.8, 5: 0.6, 6: 0.9}
_DOUBTED: dict[Doubt, int] = {"hearsay": 4, "denied": 5}
"""Credibility that is left of what is told so: doubtful, improbable (Admiralty)."""
_EUROPOL_SOURCE = {"A": "A", "B": "B", "C": "D", "X": "F"}
_EUROPOL_INFORMATION = {"1": 1, "2": 2, "3": 3, "4": 6}


class Enriched(Struct, frozen=True, kw_only=True):
    """An accepted record with what the registers add.

    `checkpoint` is the id in the register (as given when it is not there), `place` the GB/T 2260 code
    of a seizure as it is now, `case` the case's number in normal form (as given when it has none).
    """

    accepted: Accepted
    line: int | None
    checkpoint: str | None
    place: str | None
    case: str | None
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


def doubted(grade: str, doubt: Doubt | None) -> tuple[str, float]:
    """The grade that a doubt leaves, and the share of its confidence.

    >>> doubted("B2", "denied"), doubted("F5", "hearsay"), doubted("C2", None)
    (('B5', 0.6186), ('F5', 1.0), ('C2', 1.0))
    """
    source, information = grade[0], int(grade[1:])
    left = _DOUBTED[doubt] if doubt else information
    share = _INFORMATION[left] / _INFORMATION[information]
    return (f"{source}{left}", round(share, 4)) if share < 1 else (grade, 1.0)


def enrich(accepted: Accepted) -> Enriched:
    """Look up the checkpoint and its line, the place, the case, and what the grade is worth."""
    record = accepted.record
    assert isinstance(record, Report)
    source, information = admiralty(record.grade)
    line, checkpoint, warnings = _checkpoint(record, accepted)
    return Enriched(
        accepted=accepted,
        line=line,
        checkpoint=checkpoint,
        place=_place(record),
        case=_case(record.case),
        grade=f"{source}{information}",
        confidence=round(_SOURCE[source] * _INFORMATION[information], 4),
        warnings=(*accepted.warnings, *warnings),
    )


def _checkpoint(record: Report, accepted: Accepted) -> tuple[int | None, str | None, tuple[str, ...]]:
    """Line and id; a site that is not in the register, or was not in operation then, is kept and flagged."""
    given = record.checkpoint.strip() if isinstance(record, Interception) and record.checkpoint else ""
    if not given:
        return None, None, ()
    site = checkpoints.checkpoint(given)
    if site is None:
        return None, given, ("unknown_checkpoint",)
    occurred = accepted.occurred
    earliest = occurred.earliest if occurred and occurred.earliest is not None else accepted.reported
    in_operation = site.valid(iso(earliest)[:10])
    return site.line, site.id, () if in_operation else ("checkpoint_not_in_operation",)


def _place(record: Report) -> str | None:
    if not isinstance(record, Seizure):
        return None
    stated = regions.resolve(record.place.region) if record.place and record.place.region else None
    return stated or regions.current(record.region)


def _case(stated: str | None) -> str | None:
    """The case's number, or as it was named; none when a part is hidden: it may be any of several."""
    if stated is None or says_nothing(stated) or hides(stated):
        return None
    return parse("case", stated).normal or stated.strip()

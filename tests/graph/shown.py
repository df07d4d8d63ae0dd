"""All that the console's screens show of whatever a reader sees."""

from __future__ import annotations

import io
import re
import zipfile
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec import structs

from graph.console.screens import (
    atlas,
    changes,
    dossier,
    evidence,
    exporting,
    picture,
    report,
    searching,
    tracing,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from graph.seen import SeenReader
    from schemas.alerts import Finding

CASES = ("2019-551", "2020-017")


def everything_shown(reader: SeenReader, words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """What each question is answered, by the question. Without what says that something is withheld, and
    without the words of alerts, of which only who sees all that they speak of is told.
    """
    ids = reader.public_ids(reader.all_entities())
    order = sorted(ids, key=ids.__getitem__)
    edges = sorted({edge.id for key in order for edge in reader.edges_of(key)})
    for question, answer in (
        *((f"{ids[key]} {what}", answer) for key in order for what, answer in _of_one(reader, key, order)),
        *_of_pictures(reader, [ids[key] for key in order], edges),
        *((f"alerts {what}", answer) for what, answer in _of_alerts(reader, [ids[key] for key in order])),
        *(
            (f"search {word} {most}", searching.search(reader, word, most))
            for word in words
            for most in (100, 2)
        ),
        *((f"edge {edge}", evidence.evidence(reader, [edge])) for edge in edges),
        *((f"map {case}", atlas.atlas(reader, case)) for case in (None, *CASES)),
        ("changes", changes.changes(reader, 0, 1)),
    ):
        yield question, msgspec.json.encode(answer).decode()


def _of_one(reader: SeenReader, key: int, all_keys: list[int]) -> Iterator[tuple[str, Any]]:
    for wanted in (
        picture.Wanted(limit=3),
        picture.Wanted(types=("person",), limit=1, skip=1),
        picture.Wanted(links=("supplied",), limit=2),
    ):
        yield f"neighbours {wanted}", picture.neighbours(reader, key, wanted)
    yield "dossier", dossier.dossier(reader, key)
    yield "timeline", dossier.timeline(reader, key)
    for other in all_keys[:3]:
        yield (
            f"path to {reader.public_id(other)}",
            structs.replace(picture.path(reader, key, other, 4), withheld=False),
        )
    for way in ("up", "down") if key > 0 else ():
        found = tracing.trace_picture(reader, key, tracing.Wanted(direction=way))  # type: ignore[arg-type]
        yield f"trace {way}", structs.replace(found, withheld=False)


def _of_pictures(reader: SeenReader, ids: list[str], edges: list[str]) -> Iterator[tuple[str, Any]]:
    yield "picture", picture.drawn(reader, ids, ids)
    yield "beyond", picture.beyond(reader, ids[::2], ids[::2])
    selection = exporting.Selection(reader, ids, edges, ids)
    yield "about", selection.about()
    packed = zipfile.ZipFile(io.BytesIO(exporting.as_csv(selection)))
    yield "csv", [packed.read(name).decode() for name in packed.namelist()]
    yield "graphml", exporting.as_graphml(selection).decode()
    heading = report.Heading(title="", by="", at=0, case=None, purpose="")
    written = report.Sheet(report.Report(selection=selection, heading=heading, lang="zh")).written()
    yield "report", re.split(r"<[^>]*>", written.decode())


def _of_alerts(reader: SeenReader, ids: list[str]) -> Iterator[tuple[str, Any]]:
    yield "standing", sorted(reader.standing_alerts())
    yield "latest", [_wordless(each) for each in reader.latest_findings()]
    yield "before", [_wordless(each) for each in reader.latest_findings((7, "alt-z"))]
    yield "about", [_wordless(each) for each in reader.findings_about(ids)]


def _wordless(found: tuple[str, Finding]) -> tuple[str, Finding]:
    return found[0], structs.replace(found[1], reasons=(), against=(), cases=())

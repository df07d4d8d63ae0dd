"""`extract` reads free Chinese text: who, what, how much, when, where, and who did what to whom."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from schemas.errors import NotFound, UsageError
from streams.cli.options import JsonOption
from streams.cli.output import plain, print_json, print_table, print_text

if TYPE_CHECKING:
    from rich.text import Text

    from streams.text.reader import Extraction

_STYLES = {
    "person": "bold cyan", "substance": "bold red", "quantity": "magenta", "time": "green", "place": "yellow",
}  # fmt: skip


def extract(
    texts: Annotated[
        Path, typer.Argument(metavar="TEXTS.jsonl", help="Lines {id, text}; others are counted and left out.")
    ],
    out: Annotated[
        Path | None,
        typer.Option("--out", metavar="CLAIMS.jsonl", help="Gets mentions and relations, a line a text."),
    ] = None,
    explain: Annotated[
        str | None,
        typer.Option("--explain", metavar="ID", help="Show one text marked up, and why each relation."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Read who sold what to whom out of free Chinese text, by statistics learned from court judgments.

    What a text claims is neither evidence nor guilt. Every mention has its place in characters; a
    relation joins two mentions by their numbers, with a probability.
    """
    from streams.text.reader import Reader
    from streams.text.reader.model import shipped

    if (out is None) == (explain is None):
        raise UsageError("say either --out CLAIMS.jsonl or --explain ID")
    lines, reader = _Lines(texts), Reader(shipped())
    if explain is not None:
        text = next((text for id_, text in lines if str(id_) == explain), None)
        if text is None:
            raise NotFound("no line of the file has that id")
        return _show(text, next(reader.read([text])), as_json=as_json)
    assert out is not None
    figures = _write(lines, reader.read, out)
    if as_json:
        return print_json(figures)
    return print_table(
        f"Read into {out}", ("", ""), [(n.replace("_", " "), f"{v:,}") for n, v in figures.items()]
    )


class _Lines:
    """The (id, text) of a file's lines; `refused` counts those that are not."""

    def __init__(self, path: Path) -> None:
        self._path, self.refused = path, 0

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        import msgspec

        with self._path.open("rb") as lines:
            for line in lines:
                try:
                    row = msgspec.json.decode(line, type=dict[str, Any])
                except msgspec.DecodeError:
                    row = {}
                if isinstance(row.get("text"), str) and isinstance(row.get("id"), str | int):
                    yield row["id"], row["text"]
                else:
                    self.refused += bool(line.strip())


def _write(lines: _Lines, read: Any, out: Path) -> dict[str, int]:
    import msgspec

    started = time.perf_counter()
    count = mentions = relations = 0
    ids: list[Any] = []
    with out.open("wb") as file:
        for found, text in _read_beside(lines, read, ids):
            file.write(msgspec.json.encode({"id": ids.pop(0), **_claims(text, found)}) + b"\n")
            count, mentions, relations = (
                count + 1,
                mentions + len(found.mentions),
                relations + len(found.relations),
            )
    seconds = max(time.perf_counter() - started, 1e-6)
    return {
        "texts": count, "mentions": mentions, "relations": relations, "lines_left_out": lines.refused,
        "texts_a_second": round(count / seconds),
    }  # fmt: skip


def _read_beside(lines: _Lines, read: Any, ids: list[Any]) -> Iterator[tuple[Extraction, str]]:
    """Each text with what it says; the reader takes many ahead, their ids wait."""
    waiting: list[str] = []

    def texts() -> Iterator[str]:
        for id_, text in lines:
            ids.append(id_)
            waiting.append(text)
            yield text

    for found in read(texts()):
        yield found, waiting.pop(0)


def _claims(text: str, found: Extraction) -> dict[str, Any]:
    return {
        "mentions": [
            {"start": m.start, "end": m.end, "text": text[m.start : m.end], "kind": m.kind}
            for m in found.mentions
        ],
        "relations": [
            {"kind": r.kind, "subject": r.subject, "object": r.object, "score": r.score}
            for r in found.relations
        ],
    }


def _show(text: str, found: Extraction, *, as_json: bool) -> None:
    if as_json:
        return print_json({**_claims(text, found), "reasons": [r.reasons for r in found.relations]})
    _print_marked(text, found)
    names = [text[m.start : m.end] for m in found.mentions]
    for relation in found.relations:
        title = f"{names[relation.subject]} {relation.kind} {names[relation.object]}  {relation.score:.2f}"
        print_table(title, ("bits", "because"), _reasons(relation.reasons))
    return print_text(
        "甲 is the subject, 乙 the other; 人 other people, 毒 substances. A claim, not evidence."
    )


def _reasons(reasons: Iterable[Any]) -> Iterator[tuple[str, str]]:
    return ((f"{each.bits:+.2f}", each.because) for each in reasons)


def _print_marked(text: str, found: Extraction) -> None:
    import sys

    from rich.console import Console

    console = Console(force_terminal=sys.stdout.isatty(), legacy_windows=False, soft_wrap=True)
    with console.capture() as drawn:
        console.print(_marked(text, found))
    print_text(drawn.get().rstrip("\n"))


def _marked(text: str, found: Extraction) -> Text:
    """The text with each mention in its colour and its kind behind it."""
    from rich.text import Text

    marked, at = Text(), 0
    for mention in found.mentions:
        marked.append(_line(text[at : mention.start]))
        marked.append(f"[{_line(text[mention.start : mention.end])}]", style=_STYLES[mention.kind])
        marked.append(mention.kind, style="dim")
        at = mention.end
    marked.append(_line(text[at:]))
    return marked


def _line(text: str) -> str:
    return plain(text) if text else ""


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan extract texts.jsonl --out claims.jsonl")(extract)

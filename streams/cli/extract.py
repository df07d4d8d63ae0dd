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

    from streams.text.claims import Claims, Mention, Relation

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
    """Read who sold what to whom out of free Chinese text: tips, or reports of courts and prosecutors.

    Every mention has its place in characters and a score; a relation joins two mentions by their numbers,
    with a probability. What is denied, heard, planned or asked stands apart, under `not_stated`. What a text
    claims is neither evidence nor guilt.
    """
    from streams.text.claims import claims_of

    if (out is None) == (explain is None):
        raise UsageError("say either --out CLAIMS.jsonl or --explain ID")
    lines = _Lines(texts)
    if explain is not None:
        text = next((text for id_, text in lines if str(id_) == explain), None)
        if text is None:
            raise NotFound("no line of the file has that id")
        return _show(text, next(claims_of([text])), as_json=as_json)
    assert out is not None
    if out.exists() and texts.exists() and out.samefile(texts):
        raise UsageError("--out is the file that is read: name another")
    figures = _write(lines, out)
    if as_json:
        return print_json(figures)
    return print_table(
        f"Read into {out}", ("", ""), [(n.replace("_", " "), f"{v:,}") for n, v in figures.items()]
    )


class _Lines:
    """The (id, text) of a file's lines, of `-` those of standard input; `refused` counts what is none."""

    def __init__(self, path: Path) -> None:
        self._path, self.refused = path, 0

    def __iter__(self) -> Iterator[tuple[Any, str]]:
        import msgspec

        from streams.inputs import read_lines

        with read_lines(str(self._path)) as lines:
            for _, line in lines:
                try:
                    row = msgspec.json.decode(line, type=dict[str, Any])
                except msgspec.DecodeError:
                    row = {}
                if isinstance(row.get("text"), str) and isinstance(row.get("id"), str | int):
                    yield row["id"], row["text"]
                else:
                    self.refused += bool(line.strip())


def _write(lines: _Lines, out: Path) -> dict[str, int]:
    import msgspec

    from streams.text.claims import claims_of

    started = time.perf_counter()
    count = mentions = relations = 0
    unfinished = out.with_name(f"{out.name}.part")
    try:
        with unfinished.open("wb") as file:
            waiting: list[tuple[Any, str]] = []
            for found in claims_of(text for _, text in _kept(lines, waiting)):
                id_, text = waiting.pop(0)
                document = {"id": id_, **_document(text, found)}
                file.write(msgspec.json.encode(document) + b"\n")
                count, mentions = count + 1, mentions + len(found.mentions)
                relations += len(document["relations"])
        unfinished.replace(out)
    finally:
        unfinished.unlink(missing_ok=True)
    seconds = max(time.perf_counter() - started, 1e-6)
    return {
        "texts": count, "mentions": mentions, "relations": relations, "lines_left_out": lines.refused,
        "texts_a_second": round(count / seconds),
    }  # fmt: skip


def _kept(lines: Iterable[tuple[Any, str]], waiting: list[tuple[Any, str]]) -> Iterator[tuple[Any, str]]:
    """The lines, each kept as well: many texts are read ahead."""
    for line in lines:
        waiting.append(line)
        yield line


def _document(text: str, found: Claims) -> dict[str, Any]:
    """The claims in the contract's words; what the text does not state as a fact apart from what it does."""
    stated = [_relation(each) for each in found.relations if each.status == "asserted"]
    others = [
        {**_relation(each), "status": each.status} for each in found.relations if each.status != "asserted"
    ]
    document = {"mentions": [_mention(text, each) for each in found.mentions], "relations": stated}
    return document | ({"not_stated": others} if others else {})


def _mention(text: str, mention: Mention) -> dict[str, Any]:
    start, end = mention.start, mention.end
    told = {"type": mention.type, "text": text[start:end], "start": start, "end": end, "score": mention.score}
    return told | ({"value": mention.value} if mention.value is not None else {})


def _relation(relation: Relation) -> dict[str, Any]:
    return {
        "type": relation.type,
        "subject": relation.subject,
        "object": relation.object,
        "score": relation.score,
    }


def _show(text: str, found: Claims, *, as_json: bool) -> None:
    if as_json:
        why = [{"rule": each.rule, "reasons": each.reasons} for each in found.relations]
        return print_json({**_document(text, found), "why": why})
    _print_marked(text, found)
    names = [text[m.start : m.end] for m in found.mentions]
    for each in found.relations:
        title = f"{names[each.subject]} {each.type} {names[each.object]}  {each.score:.2f}, {each.status}"
        rule = [("", f"the rule “{each.rule}” reads it so")] if each.rule else []
        print_table(title, ("bits", "because"), [*rule, *_reasons(each.reasons)])
    return print_text("甲 is the subject, 乙 the other; 人 other people, 毒 drugs. A claim, not evidence.")


def _reasons(reasons: Iterable[Any]) -> Iterator[tuple[str, str]]:
    return ((f"{each.bits:+.2f}", each.because) for each in reasons)


def _print_marked(text: str, found: Claims) -> None:
    import sys

    from rich.console import Console

    console = Console(force_terminal=sys.stdout.isatty(), legacy_windows=False, soft_wrap=True)
    with console.capture() as drawn:
        console.print(_marked(text, found))
    print_text(drawn.get().rstrip("\n"))


def _marked(text: str, found: Claims) -> Text:
    """The text with each mention in its colour and its kind behind it."""
    from rich.text import Text

    marked, at = Text(), 0
    for mention in found.mentions:
        marked.append(_line(text[at : mention.start]))
        marked.append(
            f"[{_line(text[mention.start : mention.end])}]", style=_STYLES.get(mention.type, "bold")
        )
        marked.append(mention.type, style="dim")
        at = mention.end
    marked.append(_line(text[at:]))
    return marked


def _line(text: str) -> str:
    return plain(text) if text else ""


def add_to(app: typer.Typer) -> None:
    """Adds the command of this module."""
    app.command(epilog="Example: suyuan extract texts.jsonl --out claims.jsonl")(extract)

"""What a command prints: tables for people, JSON for scripts, one line for what went wrong.

Standard output carries results only. Text out of records is shown as text: it can neither steer
the terminal nor be taken for markup.
"""

from __future__ import annotations

import os
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any, NoReturn

import typer


def plain(text: object) -> str:
    r"""Text that is safe to show: control and direction-changing characters become visible.

    >>> print(plain("林\x1b[31m某\u202e"), plain(None))
    林\u001b[31m某\u202e -
    """
    if text is None or text == "":
        return "-"
    return "".join(
        f"\\u{ord(char):04x}" if unicodedata.category(char) in {"Cc", "Cf"} else char for char in str(text)
    )


def print_bytes(line: bytes) -> None:
    """Bytes as they are; ends the command quietly when nobody reads on."""
    try:
        sys.stdout.buffer.write(line)
        if sys.stdout.isatty():
            sys.stdout.buffer.flush()
    except BrokenPipeError:
        leave_quietly()


def finish() -> None:
    """Hands on what is still buffered."""
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        leave_quietly()


def leave_quietly() -> NoReturn:
    """End with code 0 when the reader of our output has seen enough (`suyuan entities | head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    raise typer.Exit(0)


def print_json(document: Any) -> None:
    """One JSON document on one line, UTF-8 whatever the locale."""
    import msgspec

    print_bytes(msgspec.json.encode(document) + b"\n")


def print_json_lines(documents: Iterable[Any]) -> None:
    """One JSON document a line."""
    for document in documents:
        print_json(document)


def print_text(text: str = "") -> None:
    """A line for people; `text` is ours or has gone through `plain`."""
    print_bytes(f"{text}\n".encode("utf-8", "backslashreplace"))


def print_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """A table as wide as the terminal; in a pipe as wide as it needs."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(header_style="bold", box=SIMPLE_HEAD)
    for column in columns:
        table.add_column(Text(column), overflow="fold")
    for row in rows:
        table.add_row(*(Text(plain(cell)) for cell in row))
    wide = None if sys.stdout.isatty() else 200
    console = Console(width=wide, force_terminal=sys.stdout.isatty(), legacy_windows=False)
    with console.capture() as drawn:
        if title:  # the table's own title would be broken to its width
            console.print(Text(plain(title), style="table.title"), soft_wrap=True)
        console.print(table)
    lines = (line.rstrip() for line in drawn.get().splitlines())
    print_text("\n".join(lines))


def print_error(message: str) -> None:
    """One line on standard error: what is wrong and what to do."""
    from rich.console import Console
    from rich.text import Text

    line = Text.assemble(("suyuan: ", "bold red"), plain(message.replace("\n", " ")))
    Console(stderr=True, soft_wrap=True).print(line)


def print_hint(message: str) -> None:
    """A line on standard error for people at a terminal; scripts do not get it."""
    if sys.stderr.isatty():
        from rich.console import Console
        from rich.text import Text

        Console(stderr=True, soft_wrap=True).print(Text(plain(message), style="dim"))

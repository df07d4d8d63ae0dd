"""Audits made line by line."""

from __future__ import annotations

from graph.console.audit_lines import Entry, Head, asked, chained
from tests.graph.console.people import AT

Lines = list[bytes]


def written(count: int) -> tuple[Lines, Head]:
    """An audit of so many lines, of three users in turn, and where it ends."""
    head, lines = Head(), []
    for n in range(count):
        entry = Entry(user=("li", "wang", "zhao")[n % 3], action="search", about=(asked(f"林某某{n}"),))
        line, raw = chained(head, entry, AT + n)
        head = Head(n=line.n, hash=line.hash, size=head.size + len(raw))
        lines.append(raw)
    return lines, head

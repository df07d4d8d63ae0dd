"""Judgements: what people said about two mentions. The last word on a pair stands.

A mention that a judgement names is *pinned*: it makes a profile of its own, so that it can be kept
apart from (or joined to) mentions with just the same features.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator

from schemas.claims import MentionType
from schemas.errors import UsageError

EFFECTIVE = ("same", "different")


def must_be_possible(types: Collection[MentionType]) -> None:
    """Raises `UsageError` when mentions of these types cannot be one and the same."""
    if len(types) > 1:
        raise UsageError(f"a {' and a '.join(sorted(types))} are never one")


class Judgements:
    """The verdicts in force and the live profiles of the mentions they name."""

    def __init__(self, rows: Iterable[tuple[str, str, str]]) -> None:
        self._partners: dict[str, dict[str, str]] = defaultdict(dict)
        self._pids: dict[str, int] = {}
        self._names: dict[int, str] = {}
        for left, right, verdict in rows:
            self.set(left, right, verdict)

    def set(self, left: str, right: str, verdict: str) -> None:
        """Record the last word on a pair; `unsure` and `undone` leave the model to decide."""
        for a, b in ((left, right), (right, left)):
            if verdict in EFFECTIVE:
                self._partners[a][b] = verdict
            else:
                self._partners[a].pop(b, None)
                if not self._partners[a]:
                    del self._partners[a]

    def names(self) -> list[str]:
        return list(self._partners)

    def pinned(self, mention: str) -> bool:
        return mention in self._partners

    def lives(self, mention: str, pid: int) -> None:
        self._pids[mention], self._names[pid] = pid, mention

    def dies(self, pid: int) -> None:
        if (mention := self._names.pop(pid, None)) is not None and self._pids.get(mention) == pid:
            del self._pids[mention]

    def pid(self, mention: str) -> int | None:
        """The live profile of a judged mention."""
        return self._pids.get(mention)

    def partners(self, pid: int) -> Iterator[tuple[int, str]]:
        """Live profiles this one was judged against, with the verdict."""
        mention = self._names.get(pid)
        if mention is None:
            return
        for other, verdict in self._partners.get(mention, {}).items():
            if (partner := self._pids.get(other)) is not None:
                yield partner, verdict

"""Who is who in a store: mentions by entity, for tests that put a few people in."""

from __future__ import annotations

import itertools
import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from schemas.decisions import Judgement, Split
from tests.streams.made_up import numbered, open_owner, record, ticking

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

Document = dict[str, Any]


class Town:
    """A store into which people are put, each in a record of its own named by `key`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._clock = ticking()
        self.owner = open_owner(folder, self._clock)
        self._numbers = itertools.count(1)

    def person(self, key: str | None = None, **fields: Any) -> str:
        """Put a person in; the name of the mention."""
        return self.thing("persons", key, **fields)

    def vehicle(self, key: str | None = None, **fields: Any) -> str:
        return self.thing("vehicles", key, **fields)

    def thing(self, kind: str, key: str | None = None, **fields: Any) -> str:
        """Put a thing in; `revision` and `reported_at` are the record's."""
        key = key or f"r{next(self._numbers)}"
        whole = {name: fields.pop(name) for name in ("revision", "reported_at") if name in fields}
        self.put([record("tip", key, **{kind: [{"ref": "x"} | fields]}, **whole)])
        return f"made-up/{key}#x"

    def restart(self) -> None:
        self.owner.close()
        self.owner = open_owner(self.folder, self._clock)

    def people(self, people: Iterable[Document], batch: int = 100) -> list[str]:
        """Put many people in, each in a record of its own."""
        drafts = [(f"r{next(self._numbers)}", each) for each in people]
        self.put([record("tip", key, persons=[{"ref": "x"} | each]) for key, each in drafts], batch)
        return [f"made-up/{key}#x" for key, _ in drafts]

    def put(self, documents: list[Document], batch: int = 100) -> None:
        report = self.owner.ingest(numbered(documents), batch=batch)
        assert not report.rejected, report.rejected

    def withdraw(self, mention: str) -> None:
        self.owner.withdraw(mention.rpartition("#")[0], "给错了", who="王警官")

    def judge(self, left: str, right: str, verdict: str) -> None:
        self.owner.judge(
            Judgement(left=left, right=right, verdict=verdict, by="王警官", because="核对", at=1)
        )

    def split(self, apart: Iterable[str], rest: Iterable[str]) -> None:
        self.owner.judge(
            Split(apart=tuple(apart), rest=tuple(rest), by="王警官", because="两人共用一机", at=1)
        )

    def profiles(self) -> int:
        """How many profiles live."""
        return len(self.owner.state.alive)

    def groups(self) -> set[frozenset[str]]:
        """The live mentions of resolved things, those of one entity together."""
        rows = self.owner.connection.execute(
            "SELECT assign.ent, record.name || '#' || mention.ref FROM mention JOIN record USING (rec)"
            " JOIN assign ON assign.pid = mention.node AND assign.closed = 1 << 62"
            " WHERE record.closed = 1 << 62 AND record.opened < record.closed"
        ).fetchall()
        return {frozenset(name for ent, name in rows if ent == entity) for entity in {ent for ent, _ in rows}}

    def together(self, *mentions: str) -> bool:
        """Whether all of these are one."""
        return any(set(mentions) <= group for group in self.groups())

    def apart(self, *mentions: str) -> bool:
        """Whether no two of these are one."""
        return all(len(group.intersection(mentions)) <= 1 for group in self.groups())


@contextmanager
def town() -> Iterator[Town]:
    memory = Path("/dev/shm")  # noqa: S108  a sync costs nothing there
    folder = Path(tempfile.mkdtemp(dir=memory if memory.is_dir() else None))
    try:
        made = Town(folder)
        try:
            yield made
        finally:
            made.owner.close()
    finally:
        shutil.rmtree(folder, ignore_errors=True)

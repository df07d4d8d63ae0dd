"""Appends to an audit in a process of its own, which can be killed.

`python -m tests.graph.console.appending WORKBENCH AUDIT USER COUNT [KILL]` writes a line to standard output
for each entry that is on the disk. With KILL it ends itself, by SIGKILL, after that many entries: when the
line is in the file, and the workbench is just about to be told.
"""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time

from graph.console.audit import Audit
from graph.console.audit_lines import Entry
from graph.console.workbench import Workbench


def append(workbench: str, audit: str, user: str, count: int, kill_at: int) -> None:
    with Workbench.open(workbench) as opened:
        book = Audit.open(audit, opened, lambda: time.time_ns() // 1000)
        told = itertools.count(1)

        def watch(statement: str) -> None:
            if "INTO audit_head" in statement and next(told) == kill_at:
                os.kill(os.getpid(), signal.SIGKILL)

        opened._db.set_trace_callback(watch)
        for n in range(count):
            line = book.append(Entry(user=user, action="search", about=(f"{user}-{n}",)))
            os.write(1, f"{line.n}\n".encode())


if __name__ == "__main__":
    append(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), int((sys.argv[5:] or ["0"])[0]))

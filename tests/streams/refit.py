"""Refits a store and applies it, and tells how far it is, so that a test can kill it on the way.

`python -m tests.streams.refit STORE` writes one byte to standard output for every `STEP` statements.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from streams.embedded import Owner
from streams.said import Word
from tests.streams.killed import ROOT

STEP = 5


def _apply(store: Path) -> None:
    told = 0

    def tell(_: str) -> None:
        nonlocal told
        told += 1
        if told % STEP == 0:
            os.write(1, b".")

    with Owner.open(store, clock=lambda: time.time_ns() // 1000) as owner:
        proposal = owner.proposal()
        owner.connection.set_trace_callback(tell)
        owner.consolidate(proposal, Word(by="王警官", because="核对", at=1))


def refit(store: Path, kill_at: int | None = None) -> int:
    """Refit a store in a process of its own, killed after so many steps; the steps it came to."""
    command = (sys.executable, "-m", "tests.streams.refit", str(store))
    steps = 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        while (kill_at is None or steps < kill_at) and process.stdout.read(1):
            steps += 1
        if kill_at is not None:
            process.send_signal(signal.SIGKILL)
        assert process.wait(timeout=120) in (0, -signal.SIGKILL)
    return steps


if __name__ == "__main__":
    _apply(Path(sys.argv[1]))

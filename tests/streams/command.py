"""The command in a process of its own, as people run it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.streams.killed import ROOT

if TYPE_CHECKING:
    from pathlib import Path


class Command:
    """`suyuan` in a folder, with the store `world.db` there unless another is named."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: object, **more: Any) -> subprocess.CompletedProcess[bytes]:
        command = (sys.executable, "-c", "from streams.cli.main import main; main()", *map(str, words))
        store = {"SUYUAN_STORE": str(self.folder / "world.db"), "PYTHONPATH": str(ROOT), "TERM": "dumb"}
        env = os.environ | store | more.pop("env", {})
        return subprocess.run(
            command, capture_output=True, cwd=self.folder, env=env, timeout=120, check=False, **more
        )


def could_not(done: subprocess.CompletedProcess[bytes], says: str) -> None:
    """The command ended with 1 and one line that says why, not with a traceback."""
    error = done.stderr.decode()
    assert done.returncode == 1, error
    assert "Traceback" not in error
    assert says in error

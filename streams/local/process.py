"""A server as a process that outlives the command: started, found again, stopped.

What runs is remembered in a file with the pid. A pid is given to others later, so a process is taken
for the server only if its command line names the server's own configuration.
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec
import psutil
from msgspec import Struct


class Running(Struct, frozen=True):
    """What the file says: the process, and the ports it was given."""

    pid: int
    ports: dict[str, int]


def start(command: Sequence[str], *, log: Path, file: Path, ports: Mapping[str, int]) -> psutil.Process:
    """Starts `command` in a session of its own, its output added to `log`, and writes `file`."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 our own words, no shell
            command,
            cwd=file.parent,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C at the terminal is for the command, not for the server
        )
    process.returncode = 0  # it is meant to go on; nobody here waits for it, or Python would complain
    draft = file.with_suffix(".draft")
    draft.write_bytes(msgspec.json.encode(Running(process.pid, dict(ports))))
    draft.replace(file)
    return psutil.Process(process.pid)


def remembered(file: Path) -> Running | None:
    """What was started last, whether or not it still runs; `None` if the file is missing or torn."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=Running)
    except (FileNotFoundError, NotADirectoryError, msgspec.DecodeError):
        return None


def alive(pid: int, sign: str) -> psutil.Process | None:
    """The process, if it runs and `sign` is a word of its command line."""
    with suppress(psutil.Error):
        process = psutil.Process(pid)
        # A child that nobody waited for is dead, though it has a pid.
        if process.status() != psutil.STATUS_ZOMBIE and sign in _words(process):
            return process
    return None


def _words(process: psutil.Process) -> list[str]:
    """The command line; Linux shows none for a moment to who looks while the program is loaded."""
    for _ in range(50):
        if words := process.cmdline():
            return words
        time.sleep(0.01)
    return []


_LOOK = 0.2
"""Seconds between two looks at a process that is to end."""


def stop(process: psutil.Process, patience: float) -> bool:
    """Asks the process to end, and ends it when it has not after `patience` seconds; if it obeyed."""
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        if not ends(process, patience):
            process.kill()
            ends(process, patience)
            return False
    return True


def ends(process: psutil.Process, patience: float) -> bool:
    """Waits for its end; whether it came within `patience` seconds.

    A process has ended, too, when nobody has asked for its exit code: whoever started it may be gone, and in
    a container the first process often asks for nobody's.
    """
    end = time.monotonic() + patience
    while time.monotonic() < end:
        with suppress(psutil.TimeoutExpired):
            process.wait(min(_LOOK, patience))
            return True
        with suppress(psutil.NoSuchProcess):
            if process.status() != psutil.STATUS_ZOMBIE:
                continue
        return True
    return False


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """One process at a time; the others wait. A process that dies lets go."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)

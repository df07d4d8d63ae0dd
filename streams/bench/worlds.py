"""Made worlds for the benchmarks: simulated into a folder, worked on by processes of their own.

Each step runs in a fresh process on one core, so that the memory of one is not counted for another
and no library takes a second core unseen.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, TypeVar

from streams.simulate.noise import NOISE
from streams.simulate.world import Options, write_world

RECORDS, TRUTH, STORE = "records.jsonl", "truth.jsonl", "world.db"
Tell = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is to do."""
_R = TypeVar("_R")
_STATUS = Path("/proc/self/status")


def quiet(_what: str, _done: int, _total: int) -> None:
    """Tells nobody."""


def apart(tell: Tell, work: Callable[..., _R], *args: Any) -> _R:
    """Runs `work(*args, tell)` of a module in a fresh process on one core; gives what it returns.

    Raises what it raised, and `ChildProcessError` when it ended without a word (out of memory).
    """
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe(duplex=False)
    process = context.Process(target=_serve, args=(there, work, args), daemon=True)
    process.start()
    there.close()
    try:
        made: _R = _listen(here, tell)
    finally:
        here.close()
        if process.is_alive():
            process.join(5)
        process.kill()
        process.join()
    return made


def _listen(connection: Connection, tell: Tell) -> Any:
    while True:
        try:
            kind, message = connection.recv()
        except EOFError:
            raise ChildProcessError("the process of the benchmark ended before its work") from None
        if kind == "told":
            tell(*message)
        elif kind == "raised":
            raise message
        else:
            return message


def _serve(connection: Connection, work: Callable[..., object], args: tuple[Any, ...]) -> None:
    use_one_core()
    try:
        made = work(*args, lambda *told: connection.send(("told", told)))
    except BaseException as error:  # noqa: BLE001  raised again where somebody waits for it
        connection.send(("raised", error))
    else:
        connection.send(("made", made))


def use_one_core() -> None:
    """Binds this process to one of its cores, where the system can do that."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})


def make_world(
    folder: Path, records: int, seed: int, tell: Tell = quiet, *, options: Options | None = None
) -> None:
    """Simulates a world into the folder."""
    tell("simulating", 0, records)
    write_world(seed, records, folder, options, progress=lambda done: tell("simulating", done, records))


def make_noisy_world(folder: Path, records: int, seed: int, level: str, tell: Tell = quiet) -> None:
    """Simulates one in which names and numbers are written as badly as the level says."""
    make_world(folder, records, seed, tell, options=Options(noise=NOISE[level]))


def highest_resident() -> float:
    """The most memory this process ever held, in MiB."""
    if _STATUS.exists():  # the other figure begins with what the parent process held
        lines = dict(line.split(":", 1) for line in _STATUS.read_text("utf-8").splitlines() if ":" in line)
        return round(int(lines["VmHWM"].split()[0]) / 1024, 1)
    return round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024, 1)

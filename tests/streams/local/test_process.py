"""Starting, finding and stopping processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import psutil

from streams.local.process import alive, locked, remembered, start, stop

DEAF = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("deaf", flush=True)
time.sleep(60)
"""


def test_what_does_not_end_when_asked_is_ended():
    with subprocess.Popen((sys.executable, "-c", DEAF), stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert not stop(psutil.Process(process.pid), patience=0.2)


def test_what_ends_when_asked_has_ended_itself():
    with subprocess.Popen(("sleep", "60")) as process:
        assert stop(psutil.Process(process.pid), patience=10)


def test_a_process_whose_exit_code_nobody_asked_for_has_ended():
    """Its parent sleeps: it stays in the table of processes until that one ends, too."""
    leaves = """
import subprocess, time
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", leaves], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        assert stop(child, patience=30)
        assert child.status() == psutil.STATUS_ZOMBIE
        parent.kill()


def test_a_process_is_known_by_a_word_of_its_command_line(tmp_path: Path):
    file = tmp_path / "running.json"
    process = start(("sleep", "60"), log=tmp_path / "log", file=file, ports={"a": 1})
    last = remembered(file)
    assert last is not None
    assert (last.pid, last.ports) == (process.pid, {"a": 1})
    assert alive(last.pid, "60") is not None
    assert alive(last.pid, "6") is None
    process.kill()
    process.wait(10)
    assert alive(last.pid, "60") is None


def test_a_child_that_ended_and_that_nobody_waited_for_is_not_alive(tmp_path: Path):
    process = start(("true",), log=tmp_path / "log", file=tmp_path / "running.json", ports={})
    while process.status() != psutil.STATUS_ZOMBIE:
        pass
    assert alive(process.pid, "true") is None
    process.wait(10)


def test_the_second_waits_until_the_first_has_left(tmp_path: Path):
    order = []

    def second() -> None:
        with locked(tmp_path / "lock"):
            order.append("second")

    with locked(tmp_path / "lock"):
        waiting = threading.Thread(target=second)
        waiting.start()
        waiting.join(0.1)
        order.append("first")
    waiting.join(10)
    assert order == ["first", "second"]

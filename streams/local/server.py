"""What a local server is, whichever it is: a folder with configuration, data, logs and a process."""

from __future__ import annotations

import re
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import ClassVar

import psutil
from msgspec import Struct

from schemas.errors import ServerError
from streams.local.process import Running, alive, remembered, start, stop

LOOPBACK = "127.0.0.1"
SMALL = ("-XX:+UseSerialGC",)
"""For a Java with a heap of a gigabyte or less that shares few cores with the workers: the threads of the
usual collector cost a twentieth of the processor there."""
_START = 180.0
"""Seconds until a server must answer. Neo4j needs 9 on a free machine; others are slower and busier."""
_STOP = 30.0
_PAUSE = 0.2


class Status(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How a server is: `up` answers, `silent` is a process that does not, `down` is none."""

    name: str
    state: str
    address: str | None = None
    pid: int | None = None
    memory_mb: int | None = None
    log: str | None = None
    browser: str | None = None
    password_file: str | None = None
    problem: str | None = None


class Server(ABC):
    """One server in `folder`; makes nothing before it is started."""

    name: ClassVar[str]
    ports: ClassVar[Mapping[str, int]]
    """The ports it needs and what they are by default; 0 is any free one."""
    answers_to: ClassVar[str]
    """Which of the ports is its address."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder.resolve()
        self._file = self.folder / "running.json"

    @abstractmethod
    def configure(self, java: str, jars: Path, ports: Mapping[str, int]) -> list[str]:
        """Writes the configuration and gives the command line, of which `sign` is a word."""

    @property
    @abstractmethod
    def sign(self) -> str:
        """The word of the command line that no other process has."""

    @property
    @abstractmethod
    def log(self) -> Path:
        """The file to look into when something is wrong."""

    @abstractmethod
    def answers(self, port: int) -> bool:
        """Whether it answers in its protocol. Raises `ServerError` when it does and refuses us for good."""

    @abstractmethod
    def status(self) -> Status:
        """How it is now."""

    @cached_property
    def console(self) -> Path:
        """What the process prints besides its log: what Java says when it cannot begin."""
        return self.folder / "console.log"

    def running(self) -> Running | None:
        """The process and ports if it runs, answering or not."""
        last = remembered(self._file)
        return last if last and alive(last.pid, self.sign) else None

    def start(self, java: str, jars: Path, wanted: Mapping[str, int | None]) -> None:
        """Starts the process unless it runs; `wanted` ports that are `None` are the default ones.

        Raises `ServerError` when a port is taken, the folder cannot be written, or it runs with other ports.
        """
        running = self.running()
        if running is not None:
            self._check_same(running, wanted)
            return
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            ports = {name: self._port(name, wanted.get(name)) for name in self.ports}
            command = self.configure(java, jars, ports)
            start(command, log=self.console, file=self._file, ports=ports)
        except OSError as error:
            raise ServerError(
                f"{self.name} cannot use {self.folder}: {error.strerror}; choose another --dir"
            ) from error

    def wait(self) -> None:
        """Comes back when the server answers. Raises `ServerError` when it ends or takes too long."""
        end = time.monotonic() + _START
        while True:
            running = self.running()
            if running is None:
                raise ServerError(f"{self.name} ended while it started{self._last_words()}; see {self.log}")
            if self.answers(running.ports[self.answers_to]):
                return
            if time.monotonic() > end:
                raise ServerError(f"{self.name} does not answer after {_START:.0f} s; see {self.log}")
            time.sleep(_PAUSE)

    def stop(self) -> bool:
        """Stops it; whether it ran."""
        last = remembered(self._file)
        process = alive(last.pid, self.sign) if last else None
        if process is not None:
            stop(process, _STOP)
        self._file.unlink(missing_ok=True)
        return process is not None

    def _port(self, name: str, wanted: int | None) -> int:
        port = self.ports[name] if wanted is None else wanted
        with socket.socket() as listener:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((LOOPBACK, port))
            except OSError as error:
                raise ServerError(
                    f"port {port} of {self.name} is taken ({error.strerror}): "
                    f"stop what listens there or choose another with --{name}-port"
                ) from error
            return int(listener.getsockname()[1])

    def _check_same(self, running: Running, wanted: Mapping[str, int | None]) -> None:
        other = [name for name in self.ports if wanted.get(name) and wanted[name] != running.ports[name]]
        if other:
            raise ServerError(
                f"{self.name} runs with {other[0]} port {running.ports[other[0]]}: "
                "stop it with `suyuan local down` before you give it another"
            )

    def _status(self, address: Callable[[int], str], **more: str) -> Status:
        running = self.running()
        if running is None:
            return Status(name=self.name, state="down")
        port = running.ports[self.answers_to]
        problem = None
        try:
            answers = self.answers(port)
        except ServerError as error:
            answers, problem = True, str(error)
        return Status(
            name=self.name,
            state="up" if answers else "silent",
            address=address(port),
            pid=running.pid,
            memory_mb=_memory(running.pid),
            log=str(self.log),
            problem=problem,
            **more,
        )

    def _last_words(self) -> str:
        """The last line that speaks of an error, without the stack below it."""
        for file in (self.log, self.console):
            if file.exists():
                lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
                said = [line for line in lines if re.search(r"\b(ERROR|FATAL|Caused by)\b", line)]
                if said:
                    return f", saying: {said[-1].strip()[:300]}"
        return ""


def connects(port: int, patience: float = 1.0) -> bool:
    """Whether somebody listens on this port of this machine."""
    try:
        socket.create_connection((LOOPBACK, port), patience).close()
    except OSError:
        return False
    return True


def _memory(pid: int) -> int | None:
    try:
        return int(psutil.Process(pid).memory_info().rss / 1e6)
    except psutil.Error:  # it ended just now
        return None

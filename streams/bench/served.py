"""A console served as people are served: `suyuan serve` in a process of its own, on loopback, over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPResponse
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from graph.console.access import Role
from graph.console.accounts import Newcomer, Renewal
from graph.console.http.asking import COOKIE
from schemas.errors import ServerError
from streams import bootstrap
from streams.settings import read_settings

_COMMAND = (sys.executable, "-c", "from streams.cli.main import main; main()", "serve", "--port", "0")
_PATIENCE = 60.0
_PASSWORD = "correct-horse-19"  # noqa: S105  made up, like the people
_ADDRESS = "Console: http://localhost:"


class Served(NamedTuple):
    """A console that answers at `port`; `pid` is its first process."""

    port: int
    pid: int


class Person:
    """An investigator at a browser that keeps its connection, signed in and with a purpose."""

    def __init__(self, port: int, user: str, password: str = _PASSWORD) -> None:
        self._link = HTTPConnection("127.0.0.1", port, timeout=_PATIENCE)
        self.cookie, self._csrf = "", ""
        said = {"user": user, "password": password}
        self._csrf = msgspec.json.decode(self.ask("POST", "/api/session", said))["csrf"]
        self.ask("PUT", "/api/purpose", {"case": None, "purpose": "核实线索来源"})

    def get(self, path: str) -> bytes:
        """A document. Raises `ServerError` when it is not answered with one."""
        return self.ask("GET", path)

    def ask(self, method: str, path: str, body: object = None) -> bytes:
        """Ask, with a body where something is changed. Raises `ServerError`."""
        headers = {"X-CSRF": self._csrf, "Cookie": f"{COOKIE}={self.cookie}"} if self.cookie else {}
        raw = None if body is None else msgspec.json.encode(body)
        try:
            answer, document = self._answer(method, path, raw, headers)
        except (OSError, HTTPException) as error:
            self._link.close()
            raise ServerError("the console did not answer") from error
        if answer.status != 200:
            raise ServerError(f"the console answered {answer.status}")
        for name, value in (each.split(";")[0].split("=", 1) for each in _cookies(answer.msg)):
            self.cookie = value if name == COOKIE else self.cookie
        return document

    def _answer(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[HTTPResponse, bytes]:
        """As browsers do, it is asked again when a connection that was kept is no longer there."""
        for again in (True, False):
            try:
                self._link.request(method, path, body, headers)
                answer = self._link.getresponse()
                return answer, answer.read()
            except (BrokenPipeError, ConnectionResetError):  # the latter is `RemoteDisconnected` too
                self._link.close()
                if not again:
                    raise
        raise AssertionError

    def close(self) -> None:
        """Leave."""
        self._link.close()


def _cookies(headers: Any) -> list[str]:
    return list(headers.get_all("set-cookie") or ())


def add_people(store: Path, users: Sequence[str], region: str) -> None:
    """Accounts of investigators who see a region, for the console of a store that is there."""
    with bootstrap.desk(read_settings(str(store), {})) as desk:
        for user in users:
            new = Newcomer(user=user, name=f"{user}警官", role=Role.INVESTIGATOR, regions=(region,))
            given = desk.accounts.add(new, bootstrap.now())
            desk.accounts.change_password(user, Renewal(given, _PASSWORD), bootstrap.now())


@contextmanager
def served(store: Path, *options: str) -> Iterator[Served]:
    """The console of a store, with options of `suyuan serve`. Raises `ServerError` when it does not start."""
    no_settings = store.with_name("none.toml")
    no_settings.touch()
    env = {name: value for name, value in os.environ.items() if not name.startswith("SUYUAN_")}
    log = store.with_name("serve.log")
    with log.open("wb") as said:
        process = subprocess.Popen(  # noqa: S603  our own command
            (*_COMMAND, "--store", str(store), *options),
            env={**env, "SUYUAN_CONFIG": str(no_settings)},
            stdout=said,
            stderr=said,
        )
    try:
        yield Served(_port(process, log), process.pid)
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(10)
        process.kill()
        process.wait()


def _port(process: subprocess.Popen[bytes], log: Path) -> int:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until and process.poll() is None:
        told = log.read_text("utf-8", errors="replace").partition(_ADDRESS)[2]
        if "\n" in told and _answers(port := int(told.partition("/")[0])):
            return port
        time.sleep(0.05)
    said = log.read_text("utf-8", errors="replace").splitlines()
    raise ServerError(f"the console did not start: {said[-1][:300] if said else 'without a word'}")


def _answers(port: int) -> bool:
    """Whether it listens by now: it says where it will a moment before."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False

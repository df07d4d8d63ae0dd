"""A Neo4j Community server with Neo4j Browser, on loopback."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from schemas.errors import ServerError
from streams.local.server import LOOPBACK, SMALL, Server, Status, connects

USER = "neo4j"
_FIRST_PASSWORD = "neo4j"  # noqa: S105 what every new server has until it is changed
_ANSWER_S = 5.0
_OPENED = ("java.nio", "java.io", "sun.nio.ch", "java.util.concurrent")
"""Packages of `java.base` that Neo4j reaches into."""
# Whoever has asked hears every five seconds that it is still being worked on, and gives up after ten without;
# a question whose time is over is cancelled within half a second.
_SETTINGS = """\
server.directories.data={folder}/data
server.directories.logs={folder}/logs
server.directories.run={folder}/run
server.default_listen_address={host}
server.default_advertised_address={host}
server.bolt.listen_address={host}:{bolt}
server.bolt.advertised_address={host}:{bolt}
server.http.listen_address={host}:{http}
server.http.advertised_address={host}:{http}
server.https.enabled=false
server.memory.pagecache.size=256m
server.bolt.connection_keep_alive=5s
db.transaction.monitor.check.interval=500ms
db.tx_log.preallocate=false
db.tx_log.rotation.retention_policy=1 files
dbms.usage_report.enabled=false
client.allow_telemetry=false
"""


class Neo4j(Server):
    """The server in `folder`. Its password is made on the first start and kept in a file there."""

    name = "neo4j"
    ports: ClassVar[Mapping[str, int]] = {"neo4j": 7687, "http": 7474}
    answers_to = "neo4j"

    @property
    def sign(self) -> str:
        """The word that names the folder of the configuration."""
        return f"--config-dir={self.folder / 'conf'}"

    @property
    def log(self) -> Path:
        """What Neo4j says to its operator; `debug.log` beside it says more."""
        return self.folder / "logs" / "neo4j.log"

    @property
    def password_file(self) -> Path:
        """Where the password is; readable by its owner only."""
        return self.folder / "password"

    @property
    def password(self) -> str:
        """The password of the user `neo4j`. Raises `ServerError` when its file cannot be read."""
        try:
            return self.password_file.read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ServerError(f"{self.password_file}: {error.strerror}; it holds Neo4j's password") from error

    def configure(self, java: str, jars: Path, ports: Mapping[str, int]) -> list[str]:
        """Settings, and on the first time a password."""
        settings = self.folder / "conf" / "neo4j.conf"
        settings.parent.mkdir(exist_ok=True)
        text = _SETTINGS.format(folder=self.folder, host=LOOPBACK, bolt=ports["neo4j"], http=ports["http"])
        settings.write_text(text, encoding="utf-8")
        if not self.password_file.exists() and not self._chosen.exists():
            opened = os.open(self._chosen, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(opened, "w", encoding="utf-8") as file:
                file.write(f"{secrets.token_urlsafe(18)}\n")
        opens = [word for name in _OPENED for word in ("--add-opens", f"java.base/{name}=ALL-UNNAMED")]
        main = "org.neo4j.server.CommunityEntryPoint"
        return [
            java,
            *SMALL,
            "-Xmx1g",
            *opens,
            "-cp",
            f"{jars}/*",
            main,
            f"--home-dir={self.folder}",
            self.sign,
        ]

    def answers(self, port: int) -> bool:
        """Whether a query comes back; gives a new server its password."""
        if not connects(port):
            return False  # asked first, because the driver is slow to give up
        from neo4j.exceptions import AuthError, DriverError, Neo4jError

        try:
            if self._chosen.exists():
                self._set_first_password(port)
            _ask(port, self.password, "neo4j", "RETURN 1")
        except AuthError as error:
            raise ServerError(
                f"the password in {self.password_file} is not Neo4j's: write the right one into it, "
                "or begin again with another --dir"
            ) from error
        except (DriverError, Neo4jError):
            return False
        return True

    def status(self) -> Status:
        """How the server is, where Neo4j Browser is, and where the password."""
        running = self.running()
        more = {"password_file": str(self.password_file)} if running else {}
        if running:
            more["browser"] = f"http://{LOOPBACK}:{running.ports['http']}/browser/"
        return self._status(lambda port: f"neo4j://{LOOPBACK}:{port}", **more)

    @property
    def _chosen(self) -> Path:
        """The password that is to be Neo4j's; becomes `password_file` when it is."""
        return self.folder / "password.new"

    def _set_first_password(self, port: int) -> None:
        from neo4j.exceptions import AuthError

        new = self._chosen.read_text(encoding="utf-8").strip()
        change = "ALTER CURRENT USER SET PASSWORD FROM $old TO $new"
        try:
            _ask(port, _FIRST_PASSWORD, "system", change, old=_FIRST_PASSWORD, new=new)
        except AuthError:  # changed before, by somebody who was stopped before the next line
            _ask(port, new, "system", "SHOW DEFAULT DATABASE")
        self._chosen.replace(self.password_file)


def _ask(port: int, password: str, database: str, query: str, **values: str) -> None:
    from neo4j import GraphDatabase

    address = f"bolt://{LOOPBACK}:{port}"
    with (
        GraphDatabase.driver(
            address,
            auth=(USER, password),
            connection_timeout=_ANSWER_S,
            connection_acquisition_timeout=_ANSWER_S,
        ) as driver,
        driver.session(database=database) as session,
    ):
        session.run(query, values).consume()

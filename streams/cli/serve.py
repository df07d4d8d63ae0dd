"""`serve`: the console, an investigator's graph browser."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from typing import TYPE_CHECKING, Annotated

import typer

from schemas.errors import ServerError
from streams.cli.options import STORE, StoreOption, settings_of
from streams.cli.output import finish, print_error, print_hint, print_text

if TYPE_CHECKING:
    from graph.console.desk import Desk

_HOSTS = ("127.0.0.1", "::1", "localhost")


def serve(
    host: Annotated[
        str, typer.Option(help="Where it listens; others than this machine need TLS before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8800,
    store: StoreOption = STORE,
    processes: Annotated[
        int, typer.Option(min=0, max=64, help="How many answer; 0: one for each core, four at most.")
    ] = 0,
) -> None:
    """Serve the console: search, trace, evidence, alerts and review in a browser.

    The first time it makes an administrator and prints the password, once. Investigators are added with
    `suyuan users add`. It stops with Ctrl-C.
    """
    from streams import console_processes
    from streams.at_the_console import open_office

    settings = settings_of(store)
    with _listening(host, port) as door:
        with ExitStack() as opened:
            office = open_office(opened, settings, print_error)  # what is missing is said before anybody asks
            address = f"http://{'localhost' if host in _HOSTS else host}:{door.getsockname()[1]}/"
            _welcome(office.desk, office.now(), address)
        console_processes.serve(settings, door, processes or console_processes.fitting())


def _listening(host: str, port: int) -> socket.socket:
    """Where people knock; whoever is quicker than the server waits. Raises `ServerError`."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        door = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise ServerError(
            f"cannot listen at {host}, port {port}: {error.strerror or error}; another console may be there "
            "(choose another --port)"
        ) from error
    # Connections take it over. Without it the answer waits until the browser has confirmed its headers.
    door.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return door


def _welcome(desk: Desk, now: int, address: str) -> None:
    password = desk.accounts.first_administrator(now)
    if password is not None:
        print_text(f"First start. Administrator: admin   password (shown this once): {password}")
    print_text(f"Console: {address}")
    if len(desk.accounts.all()) == 1:
        print_hint(
            "nobody can look at a case yet; add an investigator: suyuan users add lin --name 林警官 "
            "--role investigator --region 46"
        )
    finish()  # into a file too: it is said before anybody can ask


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: suyuan serve --store suyuan.db --port 8800")(serve)

"""`serve`: the console, an investigator's graph browser."""

from __future__ import annotations

from contextlib import ExitStack
from socket import IPPROTO_TCP, TCP_NODELAY
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.options import STORE, StoreOption, settings_of
from streams.cli.output import print_hint, print_text

if TYPE_CHECKING:
    from graph.console.desk import Desk
    from graph.console.office import Office

_HOSTS = ("127.0.0.1", "::1", "localhost")


def serve(
    host: Annotated[
        str, typer.Option(help="Where it listens; others than this machine need TLS before it.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8800,
    store: StoreOption = STORE,
) -> None:
    """Serve the console: search, trace, evidence, alerts and review in a browser.

    The first time it makes an administrator and prints the password, once. Investigators are added with
    `suyuan users add`. It stops with Ctrl-C.
    """
    import uvicorn

    from streams.at_the_console import open_office

    settings = settings_of(store)
    with ExitStack() as opened:
        office = open_office(opened, settings)
        socket = uvicorn.Config("", host=host, port=port, log_level="warning").bind_socket()
        socket.listen()  # whoever is quicker than the server waits
        # Connections take it over. Without it the answer waits until the browser has confirmed its headers.
        socket.setsockopt(IPPROTO_TCP, TCP_NODELAY, 1)
        address = f"http://{'localhost' if host in _HOSTS else host}:{socket.getsockname()[1]}/"
        _welcome(office.desk, office.now(), address)
        uvicorn.run(
            _application(office),
            fd=socket.fileno(),
            log_level="warning",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )


def _application(office: Office) -> Any:
    from importlib.metadata import version

    from graph.console.app import create_app

    return create_app(office, version("suyuan"))


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


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.command(epilog="Example: suyuan serve --store suyuan.db --port 8800")(serve)

"""`serve`: the console, an investigator's graph browser."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from streams.cli.options import STORE, StoreOption, settings_of
from streams.cli.output import print_hint, print_text

if TYPE_CHECKING:
    from graph.composed import ComposedReader
    from graph.console.desk import Desk
    from graph.console.office import Office
    from schemas.decisions import Checked, Verdict
    from streams.settings import Settings

SECONDS = 10.0
"""For which the store is read to answer one question; then it is cancelled, and said so."""
_HOSTS = ("127.0.0.1", "::1", "localhost")
_CHECKED: dict[Verdict, Checked] = {"same": "confirmed", "different": "refuted", "unsure": "unsure"}


class AtTheStore:
    """`graph.console.office.Decisions` at the store here, whose owner is whoever writes just now."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def pairs(self, limit: int) -> list[dict[str, Any]]:
        from streams import bootstrap

        with bootstrap.own_reader(self._settings, seconds=SECONDS) as reader:
            return [_in_both(pair) for pair in bootstrap.inspector(reader).review(limit)]

    def deliveries(self, limit: int) -> list[dict[str, Any]]:
        import msgspec

        from streams import bootstrap

        with bootstrap.own_reader(self._settings, seconds=SECONDS) as reader:
            found = bootstrap.inspector(reader).deliveries(limit)
        return [msgspec.to_builtins(each) for each in found]

    def say(self, a: str, b: str | None, verdict: Verdict, *, by: str, because: str) -> dict[str, Any]:
        from schemas.decisions import Verification
        from schemas.errors import Changed
        from streams import bootstrap
        from streams.cli.deciding import Answer, Checking
        from streams.said import Word

        deed = Checking(a, _CHECKED[verdict]) if b is None else Answer(a, b, verdict)
        word = Word(by=by, because=because, at=bootstrap.now())
        with bootstrap.owner(self._settings, patience=bootstrap.PATIENCE) as owner:
            decision = deed.decide(bootstrap.hand_at(owner), word)
            stands = deed.before(bootstrap.hand_at(owner))["instead_of"]
            if stands is not None:
                raise Changed("somebody has spoken of this meanwhile: see what stands", stands)
            told = owner.verify(decision) if isinstance(decision, Verification) else owner.judge(decision)
            return told | deed.after(bootstrap.hand_at(owner))


def _in_both(pair: dict[str, Any]) -> dict[str, Any]:
    """A pair that waits with its reasons and its effect in Chinese too."""
    import msgspec

    from schemas.reviews import Effect
    from streams.effects import told_zh
    from streams.explain.words import reason_zh

    effect = msgspec.convert(pair["effect"], Effect)
    return {
        **pair,
        "evidence": [{**each, "why_zh": reason_zh(each["why"])} for each in pair["evidence"]],
        "effect": {**pair["effect"], "words_zh": told_zh(effect)},
    }


def serve(
    host: Annotated[
        str, typer.Option(help="Where it listens; others than this machine need TLS before it.")
    ] = ("127.0.0.1"),
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8800,
    store: StoreOption = STORE,
) -> None:
    """Serve the console: search, trace, evidence, alerts and review in a browser.

    The first time it makes an administrator and prints the password, once. Investigators are added with
    `suyuan users add`. It stops with Ctrl-C.
    """
    import uvicorn

    settings = settings_of(store)
    with ExitStack() as opened:
        office = open_office(opened, settings)
        socket = uvicorn.Config("", host=host, port=port, log_level="warning").bind_socket()
        socket.listen()  # whoever is quicker than the server waits
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


def open_office(opened: ExitStack, settings: Settings) -> Office:
    """What the console works with, for the store of these settings. Raises as `bootstrap.reader`."""
    from importlib import resources

    from graph.console.office import Office
    from schemas.errors import StoreUnavailable
    from streams import bootstrap

    with bootstrap.reader(settings):
        pass  # a store that is not there is said at once
    desk = opened.enter_context(bootstrap.desk(settings))

    @contextmanager
    def reading(as_of: int | None) -> Iterator[ComposedReader]:
        if settings.server is None and not settings.store.is_file():
            raise StoreUnavailable("the store is not there any more")  # and not: what was asked for is not
        with bootstrap.reader(settings, as_of, SECONDS) as reader:
            yield reader

    def position() -> int:
        with reading(None) as reader:
            return reader.position()

    return Office(
        desk=desk,
        open_reader=reading,
        position=position,
        now=bootstrap.now,
        decisions=None if settings.server else AtTheStore(settings),
        page=Path(str(resources.files("graph.console").joinpath("page"))),
    )


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

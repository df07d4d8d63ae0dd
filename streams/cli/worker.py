"""`worker`: one process of the Kafka deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import STORE, StoreOption, settings_of

if TYPE_CHECKING:
    from streams.settings import Settings

group = typer.Typer(
    no_args_is_help=True,
    help="Run a worker of the Kafka deployment; SIGTERM lets it finish its batch, a failure ends it with 1.",
    epilog="Example: suyuan worker intake",
)

NameOption = Annotated[
    str | None,
    typer.Option(
        "--name",
        help="Its name in records and logs, and its place in the group: a worker started again goes on"
        " at once, a second one ends the first. Default: kind and machine, and no such place.",
    ),
]
InstanceOption = Annotated[
    str | None,
    typer.Option("--instance", help="Its place in the group, where it is not to be its name."),
]
PortOption = Annotated[
    int | None,
    typer.Option("--port", help="Of /metrics, /healthz, /readyz; 0 takes a free one."),
]
BatchOption = Annotated[int | None, typer.Option("--batch", help="The most messages at a time.")]


def worker_settings(
    kind: str, store: str, name: str | None, instance: str | None, port: int | None, batch: int | None
) -> Settings:
    """The settings with what the command line says of this worker. Raises `UsageError`."""
    import msgspec
    from msgspec import structs

    from schemas.errors import UsageError
    from streams import bootstrap
    from streams.settings import WorkerSettings

    settings = settings_of(store)
    given = {"name": name, "instance": instance, "port": port, "batch": batch}
    said = {key: value for key, value in given.items() if value is not None}
    worker = structs.asdict(settings.worker) | said
    try:
        msgspec.convert({key: value for key, value in worker.items() if value}, WorkerSettings)
    except msgspec.ValidationError as error:
        raise UsageError(f"one of {', '.join(f'--{key}' for key in said)} cannot be used: {error}") from error
    return bootstrap.named_worker(structs.replace(settings, worker=WorkerSettings(**worker)), kind)


@group.command(epilog="Example: suyuan worker intake --port 9401")
def intake(
    store: StoreOption = STORE,
    name: NameOption = None,
    instance: InstanceOption = None,
    port: PortOption = None,
    batch: BatchOption = None,
) -> None:
    """Take in what arrives on the raw topics: seal, check, enrich, extract.

    Start as many as there is work for, on as many machines; they share the partitions.
    """
    from streams import bootstrap

    bootstrap.run_intake(worker_settings("intake", store, name, instance, port, batch))


JurisdictionOption = Annotated[
    str | None,
    typer.Option("--jurisdiction", help="Whose, of the setting `jurisdictions`. Default: the first."),
]


@group.command(epilog="Example: suyuan worker owner --store /var/lib/suyuan/hainan.db")
def owner(
    jurisdiction: JurisdictionOption = None,
    rebuild: Annotated[
        bool, typer.Option("--rebuild", help="Move the store aside and make it anew from the log.")
    ] = False,
    store: StoreOption = STORE,
    name: NameOption = None,
    port: PortOption = None,
    batch: BatchOption = None,
) -> None:
    """Own a jurisdiction: resolve, link and detect, in the store beside it.

    There is one for each. A second one of the same jurisdiction ends the first; on one file it is refused.
    """
    from streams import bootstrap

    settings = worker_settings("owner", store, name, None, port, batch)
    bootstrap.run_owner(settings, jurisdiction or settings.jurisdictions[0], rebuild=rebuild)


@group.command(epilog="Example: suyuan worker project --port 9403")
def project(
    jurisdiction: JurisdictionOption = None,
    again: Annotated[
        bool, typer.Option("--again", help="Read all changes again; what is there is passed over.")
    ] = False,
    store: StoreOption = STORE,
    name: NameOption = None,
    instance: InstanceOption = None,
    port: PortOption = None,
    batch: BatchOption = None,
) -> None:
    """Keep Neo4j as the owner's changes say.

    It waits for a Neo4j that is away, and projects everything again when Neo4j was emptied. A second
    worker stands by.
    """
    from streams import bootstrap

    settings = worker_settings("project", store, name, instance, port, batch)
    bootstrap.run_project(settings, jurisdiction or settings.jurisdictions[0], again=again)


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="worker")

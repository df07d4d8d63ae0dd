"""`vault`: opening what is sealed, which is audited, and proving that the audit is whole."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from streams.cli.options import (
    STORE,
    BecauseOption,
    JsonOption,
    OpenerOption,
    StoreOption,
    login,
    settings_of,
)
from streams.cli.output import plain, print_bytes, print_json, print_table, print_text

if TYPE_CHECKING:
    from streams.settings import Settings
    from streams.vault.vault import Vault

group = typer.Typer(no_args_is_help=True, help="Open what is sealed, and verify the audit of openings.")


def _vault(settings: Settings) -> AbstractContextManager[Vault]:
    from streams import bootstrap
    from streams.vault.vault import Vault

    bootstrap.must_be_a_file(settings)
    return Vault.open(settings.vault, clock=bootstrap.now)


@group.command("open", epilog='Example: suyuan vault open 460100-110/t-1 --because "核实举报奖励"')
def open_record(
    record: Annotated[str, typer.Argument(metavar="RECORD", help="The record's name, source/source_id.")],
    because: BecauseOption,
    by: OpenerOption = None,
    store: StoreOption = STORE,
    as_json: JsonOption = False,
) -> None:
    """Print what arrived under a record's name in clear, the reporter included.

    Needs the vault's key. Who opened it, when and why is in the audit before anything is printed.
    """
    settings = settings_of(store)
    with _vault(settings) as vault:
        clear = vault.open_record(record, settings.vault_key, because=because, who=by or login())
    if as_json:
        originals = [line.decode("utf-8", "backslashreplace") for line in clear.split(b"\n")]
        print_json({"record": record, "originals": originals})
    elif sys.stdout.isatty():
        for line in clear.split(b"\n"):
            print_text(plain(line.decode("utf-8", "backslashreplace")))
    else:
        print_bytes(clear + b"\n")


@group.command(epilog="Example: suyuan vault verify")
def verify(store: StoreOption = STORE, as_json: JsonOption = False) -> None:
    """List every opening so far, after checking that none was changed or removed."""
    from schemas.times import iso

    with _vault(settings_of(store)) as vault:
        openings = vault.audit()
    if as_json:
        print_json({"openings": len(openings), "whole": True})
        return
    rows = [(each.n, iso(each.at), each.who, each.what, each.because) for each in openings]
    print_table(f"{len(openings)} openings; the audit is whole", ("", "at", "who", "what", "because"), rows)


@group.command(epilog="Example: suyuan vault sealing --public-key seal.pub --pepper seal.pepper")
def sealing(
    public_key: Annotated[Path, typer.Option("--public-key", help="Where to put the public key.")],
    pepper: Annotated[Path, typer.Option("--pepper", help="Where to put the pepper; not for everybody.")],
    store: StoreOption = STORE,
) -> None:
    """Write the files by which a machine seals to this vault without having it.

    For intake workers and gateways: settings seal.public_key and seal.pepper. Neither opens anything.
    """
    from streams.vault.sealing import SealingKeys, write_keys

    with _vault(settings_of(store)) as vault:
        write_keys(SealingKeys(vault.public_key, vault.pepper), public_key, pepper)
    print_text(f"Written: {plain(public_key)}, {plain(pepper)}")


def add_to(app: typer.Typer) -> None:
    """Adds the commands of this module."""
    app.add_typer(group, name="vault")

"""Where a store and its vault are: decided once, from the command line and the environment."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from schemas.errors import UsageError

DEFAULT_STORE = "suyuan.db"


class Settings(Struct, frozen=True, kw_only=True):
    """The files one store consists of."""

    store: Path
    vault: Path
    vault_key: Path


def read_settings(store: str, environ: Mapping[str, str]) -> Settings:
    """The files of the store named `store`; `SUYUAN_VAULT` and `SUYUAN_VAULT_KEY` move the vault.

    >>> read_settings("case/hainan.db", {}).vault.name
    'hainan.vault'
    >>> read_settings("hainan.db", {"SUYUAN_VAULT_KEY": "usb/key"}).vault_key.name
    'key'

    Raises `UsageError` for a store this version cannot use.
    """
    if "://" in store:
        scheme = store.partition("://")[0]
        raise UsageError(
            f"stores of the kind {scheme}:// are not available in this version: give the path of a file"
        )
    path = Path(store)
    vault = Path(environ.get("SUYUAN_VAULT") or path.with_name(f"{path.name.removesuffix('.db')}.vault"))
    key = Path(environ.get("SUYUAN_VAULT_KEY") or vault.with_name(f"{vault.name}.key"))
    return Settings(store=path, vault=vault, vault_key=key)

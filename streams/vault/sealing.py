"""Sealing without a vault: what intake machines and the gateway do.

They hold the public key, which seals and cannot open, and the pepper, which makes a digest the same
wherever a record comes in.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from msgspec import Struct

from schemas.errors import VaultError
from streams.vault.box import new_envelope
from streams.vault.original import Original, Sealed

_KEY_HEADER = "suyuan vault public key 1: seals, and cannot open"
_PEPPER_HEADER = "suyuan vault pepper 1: keep it from those who read the store"


class SealingKeys(Struct, frozen=True):
    """The vault's public key, and the pepper that keys digests."""

    public_key: bytes
    pepper: bytes

    def __repr__(self) -> str:
        """Without the pepper."""
        return "SealingKeys(…)"


def seal(originals: Iterable[Original], public_key: bytes) -> Iterator[Sealed]:
    """Each original in a box; all of one call share an envelope, made when the first one comes."""
    envelope, enclose = b"", None
    for original in originals:
        if enclose is None:
            envelope, enclose = new_envelope(public_key)
        boxed = original.what == "reporter"  # its sender did
        yield Sealed(
            original.sha256,
            original.name,
            original.received,
            original.what,
            original.size,
            None if boxed else envelope,
            bytes(original.body if boxed else enclose(bytes(original.body))),
        )


def write_keys(keys: SealingKeys, public_key: Path, pepper: Path) -> None:
    """Put the keys into files for a machine that seals and has no vault; the pepper for its owner only.

    Raises `VaultError` when a file is there already or cannot be written.
    """
    for path, header, secret, mode in (
        (public_key, _KEY_HEADER, keys.public_key, 0o644),
        (pepper, _PEPPER_HEADER, keys.pepper, 0o600),
    ):
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        except OSError as error:
            raise VaultError(f"{path} cannot be written: {error.strerror}") from error
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(f"{header}\n{base64.b64encode(secret).decode()}\n")


def read_keys(public_key: Path, pepper: Path) -> SealingKeys:
    """The keys in two files. Raises `VaultError` when one is missing or is something else."""
    return SealingKeys(
        _read(public_key, _KEY_HEADER, "seal.public_key"), _read(pepper, _PEPPER_HEADER, "seal.pepper")
    )


def _read(path: Path, header: str, setting: str) -> bytes:
    try:
        text = path.read_text(encoding="ascii")
    except (OSError, ValueError) as error:
        raise VaultError(f"{path} cannot be read: name the right file with the setting {setting}") from error
    first, _, rest = text.partition("\n")
    try:
        key = base64.b64decode(rest.strip(), validate=True)
    except ValueError:
        key = b""
    if first != header or len(key) != 32:
        raise VaultError(
            f"{path} is not what the setting {setting} needs; make it with `suyuan vault sealing`"
        )
    return key

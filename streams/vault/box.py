"""Sealing and opening with PyNaCl, and the key file.

A sealed box costs about 65 µs, a secret box 4 µs. So a batch gets a fresh random data key; that key
alone is put into a sealed box (the *envelope*), and each message into a secret box under it with a
nonce of its own. The writer forgets the data key with the batch, so what it wrote it cannot read.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Callable
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

from schemas.errors import VaultError
from streams.vault.files import appearing_whole

_HEADER = "suyuan vault key 1: whoever has this file can read the vault"


def new_envelope(public_key: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """A batch's envelope, and the function that puts a message into a box that only it opens."""
    data_key = random(SecretBox.KEY_SIZE)
    envelope = SealedBox(PublicKey(public_key)).encrypt(data_key)
    return bytes(envelope), SecretBox(data_key).encrypt


class Opener:
    """Opens envelopes and boxes with the private key; remembers the last envelope's data key."""

    def __init__(self, private_key: PrivateKey) -> None:
        self._sealed = SealedBox(private_key)
        self._envelope = b""
        self._box: SecretBox | None = None

    def open(self, envelope: bytes | None, body: bytes) -> bytes:
        """The message in clear. Without an envelope `body` is itself a sealed box.

        Raises `VaultError` when the bytes were changed, or sealed to another key.
        """
        try:
            if envelope is None:
                return bytes(self._sealed.decrypt(body))
            if self._box is None or envelope != self._envelope:
                self._box, self._envelope = SecretBox(self._sealed.decrypt(envelope)), envelope
            return bytes(self._box.decrypt(body))
        except (CryptoError, ValueError, TypeError):
            # Not chained: what the library raises must not carry any of the bytes.
            raise VaultError(
                "this item cannot be opened: its bytes were changed or it was sealed to another key"
            ) from None


def make_key(path: Path) -> PrivateKey:
    """A new private key in a new file with mode 0600, or the key of the file that is there.

    On disk before it returns, because what is sealed to a key that was lost is lost too.
    """
    key = PrivateKey.generate()
    text = f"{_HEADER}\n{base64.b64encode(bytes(key)).decode()}\n"
    try:
        with appearing_whole(path) as draft, draft.open("w", encoding="ascii") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
    except FileExistsError:
        return read_key(path)
    except OSError as error:
        raise VaultError(
            f"the vault's key cannot be written to {path}: {error.strerror}. Make the folder writable, "
            "or name another place with SUYUAN_VAULT_KEY"
        ) from error
    return key


def read_key(path: Path) -> PrivateKey:
    """The private key in `path`.

    Raises `VaultError` when it is missing, is no key, or can be read by anyone but its owner.
    """
    try:
        with path.open("rb") as file:
            mode = os.fstat(file.fileno()).st_mode
            text = file.read(1000)
    except FileNotFoundError:
        raise VaultError(
            f"the vault's key is not at {path}: name the file with SUYUAN_VAULT_KEY. "
            "Without it the vault cannot be opened, only written"
        ) from None
    except OSError as error:
        raise VaultError(f"the vault's key at {path} cannot be read: {error.strerror}") from error
    if mode & 0o077:
        raise VaultError(f"others than its owner can use the vault's key: chmod 600 {path}")
    header, _, rest = text.partition(b"\n")
    try:
        key = PrivateKey(base64.b64decode(rest.strip(), validate=True))
    except (ValueError, TypeError):
        key = None
    if key is None or header != _HEADER.encode():
        raise VaultError(f"{path} is not a vault's key")
    return key

"""Sealing away from the vault: with the public key and the pepper alone."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from schemas.errors import VaultError
from streams.vault.original import Original
from streams.vault.sealing import SealingKeys, read_keys, seal, write_keys
from streams.vault.vault import Vault

WHY = {"because": "test", "who": "test"}


@pytest.fixture
def vault(tmp_path: Path):
    with Vault.create_or_open(tmp_path / "case.vault") as made:
        yield made


@pytest.fixture
def keys(vault: Vault) -> SealingKeys:
    return SealingKeys(vault.public_key, vault.pepper)


def originals(*bodies: bytes) -> list[Original]:
    return [
        Original(sha256=sha256(body).digest(), name=f"110/{n}", received=n, body=body, size=len(body))
        for n, body in enumerate(bodies)
    ]


def envelopes(vault: Vault) -> int:
    return vault._db.execute("SELECT count(*) FROM envelope").fetchone()[0]


def test_what_was_sealed_elsewhere_opens_with_the_vaults_key(vault: Vault, keys: SealingKeys, tmp_path: Path):
    sealed = list(seal(originals(b"one", b"two"), keys.public_key))
    assert b"one" not in b"".join(each.body for each in sealed)
    assert vault.put_sealed(sealed) == 2
    opened = vault.open_record("110/1", tmp_path / "case.vault.key", **WHY)
    assert opened == b"two"


def test_the_same_again_is_kept_once_with_one_envelope(vault: Vault, keys: SealingKeys):
    """A message that Kafka delivers twice; or that two workers sealed, each in its own box."""
    first = list(seal(originals(b"one", b"two"), keys.public_key))
    again = list(seal(originals(b"one", b"two"), keys.public_key))
    assert [vault.put_sealed(each) for each in (first, first, again)] == [2, 0, 0]
    assert envelopes(vault) == 1


def test_an_envelope_that_still_holds_something_stays(vault: Vault, keys: SealingKeys, tmp_path: Path):
    vault.put_sealed(list(seal(originals(b"one"), keys.public_key)))
    mixed = list(seal(originals(b"one", b"two"), keys.public_key))
    others = list(seal(originals(b"one"), keys.public_key))
    assert vault.put_sealed([*mixed, *others]) == 1
    assert envelopes(vault) == 2
    assert vault.open_record("110/1", tmp_path / "case.vault.key", **WHY) == b"two"


def test_nothing_to_put_leaves_nothing(vault: Vault):
    assert vault.put_sealed([]) == 0
    assert envelopes(vault) == 0


def test_the_keys_go_by_files_and_the_pepper_is_for_its_owner_alone(keys: SealingKeys, tmp_path: Path):
    public, pepper = tmp_path / "seal.pub", tmp_path / "seal.pepper"
    write_keys(keys, public, pepper)
    assert read_keys(public, pepper) == keys
    assert pepper.stat().st_mode & 0o777 == 0o600
    assert repr(keys.pepper) not in repr(keys)
    with pytest.raises(VaultError, match="cannot be written"):
        write_keys(keys, public, pepper)


@pytest.mark.parametrize("content", [b"", b"junk", b"\xff", b"suyuan vault pepper 1: x\n!!"])
def test_files_that_are_something_else_are_refused(keys: SealingKeys, tmp_path: Path, content: bytes):
    public, pepper = tmp_path / "seal.pub", tmp_path / "seal.pepper"
    write_keys(keys, public, pepper)
    pepper.write_bytes(content)
    with pytest.raises(VaultError, match=r"seal\.pepper"):
        read_keys(public, pepper)
    with pytest.raises(VaultError, match=r"seal\.public_key"):
        read_keys(pepper, public)
    with pytest.raises(VaultError, match=r"seal\.public_key"):
        read_keys(tmp_path / "none", pepper)

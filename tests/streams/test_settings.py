"""Where a store's files are."""

from __future__ import annotations

import pytest

from schemas.errors import UsageError
from streams.settings import read_settings


def test_the_vault_and_its_key_stand_beside_the_store():
    settings = read_settings("somewhere/hainan.db", {})
    assert str(settings.vault) == "somewhere/hainan.vault"
    assert str(settings.vault_key) == "somewhere/hainan.vault.key"


def test_two_stores_that_differ_in_their_ending_have_two_vaults():
    assert read_settings("a.db", {}).vault != read_settings("a.sqlite", {}).vault


def test_the_environment_moves_the_vault_and_the_key():
    settings = read_settings("a.db", {"SUYUAN_VAULT": "safe/v", "SUYUAN_VAULT_KEY": "usb/k"})
    assert (str(settings.vault), str(settings.vault_key)) == ("safe/v", "usb/k")


def test_a_moved_vault_takes_its_key_along():
    assert str(read_settings("a.db", {"SUYUAN_VAULT": "safe/v"}).vault_key) == "safe/v.key"


@pytest.mark.parametrize("store", ["neo4j://host", "neo4j+s://host:7687", "postgres://x"])
def test_a_server_as_store_is_refused_with_what_to_do_instead(store: str):
    with pytest.raises(UsageError, match="give the path of a file"):
        read_settings(store, {})

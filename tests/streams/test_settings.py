"""Where a store's files are."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec import structs

from graph.neo4j.access import Access
from schemas.errors import UsageError
from streams.bootstrap import named_worker
from streams.kafka import owner
from streams.settings import WorkerSettings, read_settings


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


def test_what_the_console_keeps_stands_beside_the_store_and_can_be_moved():
    settings = read_settings("somewhere/hainan.db", {"SUYUAN_AUDIT": "safe/audit.jsonl"})
    assert str(settings.workbench) == "somewhere/hainan.console.db"
    assert str(settings.audit) == "safe/audit.jsonl"
    assert str(read_settings("a.db", {"SUYUAN_WORKBENCH": "safe/w"}).workbench) == "safe/w"


def test_no_two_files_of_a_store_have_one_name():
    settings = read_settings("hainan.db", {})
    files = [settings.store, settings.vault, settings.vault_key, settings.workbench, settings.audit]
    assert len(set(files)) == len(files)


@pytest.mark.parametrize("store", ["postgres://x", "http://host:7474", "file:///x.db"])
def test_a_store_of_an_unknown_kind_is_refused_with_what_to_do_instead(store: str):
    with pytest.raises(UsageError, match="give the path of a file, or neo4j://"):
        read_settings(store, {})


@pytest.mark.parametrize("scheme", ["neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s"])
def test_a_server_is_named_by_its_address_and_its_user_stands_in_the_environment(scheme: str):
    made_up = "made up"
    found = read_settings(
        f"{scheme}://host:7687", {"SUYUAN_NEO4J_USER": "reader", "SUYUAN_NEO4J_PASSWORD": made_up}
    )
    assert found.server == Access(uri=f"{scheme}://host:7687", user="reader", password=made_up)
    assert made_up not in repr(found)


def test_the_password_may_stand_in_a_file(tmp_path: Path):
    made_up = "from a file"
    (tmp_path / "password").write_text(f"{made_up}\n")
    found = read_settings("neo4j://host", {"SUYUAN_NEO4J_PASSWORD_FILE": str(tmp_path / "password")})
    assert found.server == Access(uri="neo4j://host", password=made_up)
    with pytest.raises(UsageError, match="SUYUAN_NEO4J_PASSWORD_FILE"):
        read_settings("neo4j://host", {"SUYUAN_NEO4J_PASSWORD_FILE": str(tmp_path / "none")})


def test_an_address_with_a_password_in_it_is_refused_without_repeating_it():
    with pytest.raises(UsageError, match="leave user and password out") as refused:
        read_settings("neo4j://someone:secret@host", {})
    assert "secret" not in str(refused.value)


def settings_of_worker(**worker):
    return structs.replace(read_settings("a.db", {}), worker=WorkerSettings(**worker))


def test_a_worker_that_was_given_a_name_has_a_place_of_its_own_in_the_group():
    given = named_worker(settings_of_worker(name="desk-7"), "intake").worker
    assert (given.name, given.instance) == ("desk-7", "desk-7")


def test_a_worker_without_a_name_is_called_as_its_machine_and_shares_no_place():
    """Several on one machine would end each other."""
    given = named_worker(read_settings("a.db", {}), "intake").worker
    assert given.name.startswith("intake-")
    assert given.instance is None


def test_owners_have_the_place_of_their_jurisdiction_whatever_they_are_called():
    """Two owners of one jurisdiction have to see each other."""
    settings = named_worker(settings_of_worker(name="left"), "owner")
    assert owner.reading(settings, "46").instance == "owner-46"

"""Which settings are in force: what wins, what is refused, what is never shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from schemas.errors import UsageError
from streams import bootstrap
from streams.cli.main import app
from streams.configuration import read_configuration
from streams.settings import Secret, Settings

SECRET = "geheim-7"  # noqa: S105  made up


def settings(environ: dict[str, str], **more: str) -> Settings:
    return read_configuration(environ, **more).settings


def toml(folder: Path, text: str) -> str:
    file = folder / "own.toml"
    file.write_text(text, encoding="utf-8")
    return str(file)


def test_the_command_line_beats_the_environment_beats_the_file_beats_the_default(tmp_path: Path):
    file = toml(tmp_path, 'store = "file.db"\njurisdictions = ["44"]\n[worker]\nbatch = 7\nwithin = 0.2\n')
    environ = {"SUYUAN_STORE": "environment.db", "SUYUAN_WORKER_BATCH": "9"}
    read = read_configuration(environ, store="line.db", config=file)
    made = read.settings
    assert (str(made.store), made.worker.batch, made.worker.within) == ("line.db", 9, 0.2)
    assert (made.jurisdictions, made.kafka.replicas) == (("44",), 1)
    sources = {each.key: each.source for each in read.values()}
    assert (sources["store"], sources["worker.batch"]) == ("command line", "SUYUAN_WORKER_BATCH")
    assert (sources["worker.within"], sources["kafka.replicas"]) == (file, "default")


def test_a_file_in_the_folder_is_read_by_itself_and_another_when_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    assert str(settings({}).store) == "suyuan.db"
    (tmp_path / "suyuan.toml").write_text('store = "here.db"')
    assert str(settings({}).store) == "here.db"
    assert str(settings({"SUYUAN_CONFIG": toml(tmp_path, 'store = "there.db"')}).store) == "there.db"


def test_lists_and_switches_can_stand_in_the_environment():
    made = settings(
        {"SUYUAN_KAFKA_BOOTSTRAP": "a:1, b:2", "SUYUAN_KAFKA_TLS": "true", "SUYUAN_KAFKA_USER": "u"}
    )
    assert made.kafka.bootstrap == ("a:1", "b:2")
    assert made.kafka.protocol == "SASL_SSL"


def test_a_secret_may_stand_in_a_file_of_its_own(tmp_path: Path):
    file = tmp_path / "password"
    file.write_text(f"{SECRET}\n")
    held = Secret(SECRET)
    assert settings({"SUYUAN_KAFKA_PASSWORD_FILE": str(file)}).kafka.password == held
    assert settings({}, config=toml(tmp_path, f'[kafka]\npassword_file = "{file}"')).kafka.password == held


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("SUYUAN_KAFKA_BOOTSTRP", "x", "SUYUAN_KAFKA_BOOTSTRP"),
        ("SUYUAN_KAFKA_BOOTSTRAP_FILE", "x", "kafka.bootstrap_file"),
        ("SUYUAN_WORKER_BATCH", SECRET, "worker.batch has to be a whole number from 1 to 10000"),
        ("SUYUAN_WORKER_WITHIN", "0", "worker.within"),
        ("SUYUAN_KAFKA_MECHANISM", SECRET, "one of PLAIN, SCRAM-SHA-256, SCRAM-SHA-512"),
        ("SUYUAN_KAFKA_PREFIX", "a b", "kafka.prefix"),
        ("SUYUAN_JURISDICTIONS", "46,x", "jurisdictions"),
        ("SUYUAN_KAFKA_PASSWORD_FILE", "none/there", "kafka.password"),
    ],
)
def test_a_key_nobody_knows_and_a_value_of_another_kind_are_named_without_the_value(
    variable: str, value: str, says: str
):
    with pytest.raises(UsageError) as raised:
        settings({variable: value})
    assert says in str(raised.value)
    assert SECRET not in str(raised.value)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[kafka]\nbootstrp = 1", "kafka.bootstrp"),
        ("[kafak]\nuser = 'u'", "kafak.user"),
        ("[kafka]\nuser = 3", "kafka.user has to be text"),
        (f"[kafka]\npassword = '{SECRET}", "at end of document"),
        ("[worker]\nbatch = [1]", "worker.batch"),
    ],
)
def test_a_file_with_a_fault_is_named_with_its_key_or_place(tmp_path: Path, text: str, says: str):
    file = toml(tmp_path, text)
    with pytest.raises(UsageError) as raised:
        settings({}, config=file)
    assert says in str(raised.value)
    assert file in str(raised.value)
    assert SECRET not in str(raised.value)


def test_a_file_that_is_named_and_not_there_is_said():
    with pytest.raises(UsageError, match="cannot be read"):
        settings({}, config="none/there.toml")


def test_the_command_prints_what_is_in_force_and_no_secret(tmp_path: Path):
    file = toml(tmp_path, f'[kafka]\nuser = "u"\npassword = "{SECRET}"\n')
    runner = CliRunner()
    shown = runner.invoke(app, ["--config", file, "config", "--json"], env={"SUYUAN_STORE": "x.db"})
    values = json.loads(shown.stdout)
    assert values["kafka.password"]["source"] == file
    assert values["store"] == {"value": "x.db", "source": "SUYUAN_STORE"}
    table = runner.invoke(app, ["--config", file, "config"], env={"COLUMNS": "200"})
    assert table.exit_code == shown.exit_code == 0
    assert "kafka.password" in table.stdout
    assert SECRET not in shown.stdout + table.stdout
    assert SECRET not in repr(settings({}, config=file))


def test_the_files_of_the_console_are_settings_like_others(tmp_path: Path):
    file = toml(tmp_path, 'store = "case.db"\nworkbench = "safe/w.db"\n')
    read = read_configuration({"SUYUAN_AUDIT": "safe/a.jsonl"}, config=file)
    assert (str(read.settings.workbench), str(read.settings.audit)) == ("safe/w.db", "safe/a.jsonl")
    sources = {each.key: each.source for each in read.values()}
    assert (sources["workbench"], sources["audit"]) == (file, "SUYUAN_AUDIT")
    assert str(settings({"SUYUAN_STORE": "case.db"}).audit) == "case.audit.jsonl"


OIDC = {
    "SUYUAN_OIDC_ISSUER": "https://sign.example/realms/police",
    "SUYUAN_OIDC_CLIENT": "suyuan",
    "SUYUAN_OIDC_ADDRESS": "https://suyuan.example",
}


def test_an_identity_provider_is_set_like_everything_else_and_its_secret_may_stand_in_a_file(tmp_path: Path):
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    file = toml(tmp_path, f'[oidc]\nclaim = "upn"\nsecret_file = "{tmp_path / "secret"}"\n')
    made = settings(OIDC, config=file)
    assert (made.oidc.issuer, made.oidc.claim, made.oidc.secret) == (
        OIDC["SUYUAN_OIDC_ISSUER"],
        "upn",
        Secret(SECRET),
    )
    provider = bootstrap.identity_provider(made)
    assert provider is not None
    assert provider.secure
    assert SECRET not in repr(made) + repr(provider)


def test_without_an_identity_provider_there_is_none():
    assert bootstrap.identity_provider(settings({})) is None


@pytest.mark.parametrize("missing", OIDC)
def test_an_identity_provider_that_is_set_by_half_is_said(missing: str):
    with pytest.raises(UsageError, match=r"oidc\.issuer, oidc\.client and oidc\.address"):
        bootstrap.identity_provider(settings({key: OIDC[key] for key in OIDC if key != missing}))


@pytest.mark.parametrize("key", ["ISSUER", "ADDRESS"])
def test_no_secret_goes_where_others_can_read_it(key: str):
    with pytest.raises(UsageError, match=f"oidc.{key.lower()} has to begin with https://"):
        bootstrap.identity_provider(settings(OIDC | {f"SUYUAN_OIDC_{key}": "http://sign.example"}))
    here = settings(OIDC | {f"SUYUAN_OIDC_{key}": "http://127.0.0.1:8800"})
    assert bootstrap.identity_provider(here) is not None


@pytest.mark.parametrize(
    "address", ["sign.example", "https://", "https://sign.example?x=1", "https://a@sign.example"]
)
def test_an_address_that_is_none_is_refused_without_repeating_it(address: str):
    for key in ("ISSUER", "ADDRESS"):
        with pytest.raises(UsageError, match=f"oidc.{key.lower()} has to be text matching") as raised:
            settings({f"SUYUAN_OIDC_{key}": address})
        assert "sign" not in str(raised.value)
    with pytest.raises(UsageError, match=r"oidc\.address"):
        settings(
            {"SUYUAN_OIDC_ADDRESS": "https://suyuan.example/below"}
        )  # the page is at the top of its host


def test_what_is_said_to_the_command_beats_the_file_and_the_default_does_not(tmp_path: Path):
    file = toml(tmp_path, 'store = "file.db"')

    def store(*words: str) -> str:
        shown = CliRunner().invoke(app, ["--config", file, "config", "--json", *words])
        return json.loads(shown.stdout)["store"]["value"]

    assert store() == "file.db"
    assert store("--store", "suyuan.db") == "suyuan.db"

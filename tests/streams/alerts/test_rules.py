"""Rules are data: what a chief changes takes effect, and what makes no sense is refused by name."""

from __future__ import annotations

import shutil
from importlib import resources
from pathlib import Path

import pytest
from fake_reader import Owner, Told

from schemas.errors import UsageError
from streams.alerts.rules import load_rules
from streams.stages.detect import detect_everything


@pytest.fixture
def folder(tmp_path):
    with resources.as_file(resources.files("streams").joinpath("rules")) as shipped:
        return Path(shutil.copytree(shipped, tmp_path / "rules"))


def change(folder, file, old, new):
    said = (folder / file).read_text("utf-8")
    assert old in said
    (folder / file).write_text(said.replace(old, new), "utf-8")


def check(number, line, on):
    return Told(
        name=f"gate/{number}", kind="interception", on=on, things=("pa",), line=line, outcome="recorded"
    )


def test_a_changed_threshold_takes_effect(folder):
    change(folder, "several_lines.toml", "days = 7", "days = 30")
    records = check(1, 1, 1), check(2, 2, 20)
    assert Owner().take(*records).alerts == {}
    assert len(Owner(load_rules(folder)).take(*records).alerts) == 1


def test_another_policy_is_another_version_and_the_same_is_not(folder):
    assert load_rules(folder).version == load_rules().version
    change(folder, "nail.toml", "max_hops = 6", "max_hops = 4")
    assert load_rules(folder).version != load_rules().version


def test_a_rule_switched_off_raises_nothing_and_takes_its_alerts_back(folder):
    owner = Owner().take(check(1, 1, 1), check(2, 2, 3))
    assert len(owner.alerts) == 1
    change(folder, "several_lines.toml", "lines = 2", "lines = 2\nenabled = false")
    owner.rules = load_rules(folder)
    for examined in detect_everything(owner.reader, owner.rules):
        owner.settle(examined)
    assert owner.alerts == {}


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("nail.toml", "seizures = 2", 'seizures = "two"', "nail.toml"),
        ("nail.toml", "seizures = 2", "", "seizures"),
        ("nail.toml", "seizures = 2", "seizures = 2\nguilt = 1", "guilt"),
        ("nail.toml", 'rule = "nail"', 'rule = "hammer"', "must be nail"),
        ("nail.toml", "{who} 没有", "{whom} 没有", "unknown place {whom}"),
        ("nail.toml", "{who} 没有", "{who 没有", "brace"),
        ("nail.toml", "always =", "never =", "must hold exactly"),
        ("nail.toml", 'severity = "high"', 'severity = "high"\nlisted = 1', "listed"),
        ("common.toml", "cut =", "uncut =", "must hold exactly"),
        ("case_touched.toml", "[reasons]", "[reasons", "case_touched.toml"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_its_file(folder, file, old, new, said):
    change(folder, file, old, new)
    with pytest.raises(UsageError, match=r"\.toml: ") as caught:
        load_rules(folder)
    assert said in str(caught.value)


def test_a_missing_file_is_refused_by_name(folder):
    (folder / "nail.toml").unlink()
    with pytest.raises(UsageError, match=r"nail\.toml: cannot be read"):
        load_rules(folder)

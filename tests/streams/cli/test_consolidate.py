"""`suyuan consolidate`: it shows before it does, asks who answers for it, and goes back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from streams.embedded import Owner
from tests.streams.cli.small_store import Suyuan
from tests.streams.made_up import numbered, ticking, tip

if TYPE_CHECKING:
    from pathlib import Path

SAID = ("--by", "王警官", "--because", "同音错字多")
ALIKE = {"birth_date": "1990", "gender": "male", "hukou": "460106"}
LEFT, RIGHT = "欧阳景澄", "欧阳景程"


@pytest.fixture(scope="module")
def heard(tmp_path_factory) -> Path:
    """A store in which names are often misheard; not to be changed."""
    store = tmp_path_factory.mktemp("heard") / "heard.db"
    spoken = [
        {"name": name, "phones": [f"139{number:08d}"]}
        for number in range(120)
        for name in ("符玮强", "符卫强", "符玮强", "符卫强")
    ]
    people = [*spoken, *({"name": name, **ALIKE} for name in (LEFT, RIGHT))]
    with Owner.open(store, clock=ticking()) as owner:
        owner.ingest(numbered(tip(n, persons=[{"ref": "p"} | each]) for n, each in enumerate(people)))
    return store


@pytest.fixture
def shown(heard) -> Suyuan:
    return Suyuan(heard)


@pytest.fixture
def own(heard, tmp_path) -> Suyuan:
    for file in heard.parent.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return Suyuan(tmp_path / heard.name)


def test_without_apply_it_says_what_would_change_and_changes_nothing(shown):
    before = shown.store.read_bytes()
    told = shown.one("consolidate")
    assert told["applied"] is None
    assert (told["merged"], told["split"], told["regrouped"]) == (1, 0, 0)
    (joined,) = told["entities"]
    assert joined["change"] == "merged"
    assert [each["mentions"] for each in joined["after"]] == [2]
    levels = {each["level"]: each for each in told["levels"]}
    assert levels["name.homophone"]["after"] > levels["name.homophone"]["before"] == 0
    assert levels["name.homophone"]["pairs"] == 120
    text = shown.text("consolidate")
    assert "1 merged, 0 split, 0 regrouped" in text
    assert LEFT in text
    assert "name.homophone" in text
    assert shown.store.read_bytes() == before


def test_applied_it_does_what_was_shown_and_is_taken_back(own):
    before = own.text("export", "--canonical")
    told = own.one("consolidate")
    done = own.one("consolidate", "--apply", *SAID)
    assert {key: done[key] for key in told if key != "applied"} == {
        key: told[key] for key in told if key != "applied"
    }
    assert done["applied"]["entities_before"] == 2
    assert done["applied"]["entities_after"] == 1
    after = own.text("export", "--canonical")
    assert after != before
    assert own.lines("ledger")[-1]["who"] == "王警官"
    assert own.one("consolidate")["levels"] == []
    assert own.one("consolidate", "--apply", *SAID)["applied"] is None
    assert own.one("consolidate", "--undo")["split"] == 1
    assert own.text("export", "--canonical") == after
    assert "1 split" in own.text("consolidate", "--undo", "--apply", *SAID)
    assert own.text("export", "--canonical") == before
    assert len(own.lines("ledger")) == 2


def test_what_is_explained_and_reviewed_shows_the_learned_bits(own):
    (waits,) = own.lines("review")
    (experts,) = (each["bits"] for each in waits["evidence"] if each["feature"] == "name")
    learned = {each["level"]: each["after"] for each in own.one("consolidate")["levels"]}
    own.text("consolidate", "--apply", *SAID)
    assert own.lines("review") == []
    found = own.one("explain", waits["a"], waits["b"])
    (bits,) = (each["bits"] for each in found["evidence"] if each["feature"] == "name")
    assert bits == pytest.approx(experts + learned["name.homophone"], abs=0.01)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("--apply",), "--by WHO --because WHY"),
        (("--apply", "--by", "王警官"), "--by WHO --because WHY"),
        (("--apply", "--because", "核对"), "--by WHO --because WHY"),
        (("--apply", "--by", " ", "--because", "核对"), "--by says nothing"),
        (SAID, "go with --apply"),
        (("--undo", *SAID), "go with --apply"),
    ],
)
def test_who_decides_and_why_is_asked_for(shown, words, says):
    done = shown("consolidate", *words)
    assert done.exit_code == 2
    assert says in done.stderr


def test_with_nothing_to_go_back_to_it_says_so(own):
    for words in (("--undo",), ("--undo", "--apply", *SAID)):
        done = own("consolidate", *words)
        assert done.exit_code == 1
        assert "no consolidation stands" in done.stderr


def test_a_store_that_is_not_there_is_not_made(tmp_path):
    for words in ((), ("--apply", *SAID)):
        done = Suyuan(tmp_path / "none.db")("consolidate", *words)
        assert done.exit_code == 1
        assert "there is no store" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_store_with_nothing_or_one_record_stays_with_the_experts(tmp_path):
    suyuan = Suyuan(tmp_path / "small.db")
    for documents in ([], [tip(1, persons=[{"ref": "p", "name": "符玮强", "phones": ["13800000001"]}])]):
        with Owner.open(suyuan.store, clock=ticking()) as owner:
            owner.ingest(numbered(documents))
        assert suyuan.one("consolidate")["levels"] == []
        assert "Nothing would change" in suyuan.text("consolidate", "--apply", *SAID)
        assert suyuan.lines("ledger") == []


def test_while_another_writes_it_can_be_looked_at_and_not_done(own):
    with Owner.open(own.store, clock=ticking(1_900_000_000_000_000)):
        assert own.one("consolidate")["merged"] == 1
        done = own("consolidate", "--apply", *SAID)
    assert done.exit_code == 1
    assert "another process writes" in done.stderr
    assert own.lines("ledger") == []


def test_a_store_fed_from_files_is_not_reached_by_way_of_kafka(own):
    done = own("consolidate", "--apply", *SAID, "--to", "kafka", "--json")
    assert done.exit_code == 2
    assert "not fed from Kafka" in done.stderr


def test_the_document_is_json_for_scripts(shown):
    (line,) = shown.text("consolidate", "--json").splitlines()
    assert json.loads(line).keys() == {"levels", "merged", "split", "regrouped", "entities", "applied"}

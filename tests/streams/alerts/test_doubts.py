"""What every alert carries: doubts, measured words, and no more than a lead's weight."""

from __future__ import annotations

from importlib import resources

import pytest
from fake_reader import Held, Told
from worlds import history, replayed

from streams.alerts.rules import load_rules

ACCUSING = ("犯罪", "嫌疑", "罪犯", "毒贩", "有罪", "作案", "抓捕", "逮捕", "嫌犯", "团伙", "定罪", "贩毒")


def touched(*outside, **inside):
    return (Told(name="s110/in", on=1, things=("pa",), case="2019-551", **inside), *outside)


def doubts(owner):
    return "\n".join(owner.only("case_touched").against)


def test_every_alert_says_what_speaks_against_it_and_why_it_was_raised():
    for seed in range(60):
        for finding in replayed(history(seed)).alerts.values():
            assert finding.against
            assert finding.reasons
            assert finding.records
            assert finding.region


def test_unrated_sources_are_named_as_a_doubt(owner):
    owner.take(*touched(Told(name="s120/out", on=2, things=("pa",), grade="F6"), grade="A1"))
    assert "2 条相关记录中有 1 条来源可靠性或信息可信度低或未评定" in doubts(owner)


@pytest.mark.parametrize(
    ("grade", "low"), [("A1", False), ("D4", False), ("E1", True), ("A5", True), (None, True)]
)
def test_source_and_information_are_judged_apart(owner, grade, low):
    owner.take(*touched(Told(name="s120/out", on=2, things=("pa",), grade=grade)))
    assert ("来源可靠性或信息可信度低" in doubts(owner)) == low


def test_hearsay_and_denial_are_named_as_doubts_with_their_records(owner):
    owner.take(*touched(Told(name="s120/out", on=2, things=("pa",), doubts="denied hearsay")))
    assert "1 条记录的正文中有交易只是听说（s120/out）" in doubts(owner)
    assert "1 条记录的正文中有人否认所述交易（s120/out）" in doubts(owner)


def test_a_single_source_is_named_as_a_doubt(owner):
    owner.take(*touched(Told(name="s110/out", on=2, things=("pa",))))
    assert "相关记录全部来自同一来源（s110）" in doubts(owner)


def test_records_far_apart_are_named_as_a_doubt(owner):
    owner.take(*touched(Told(name="s120/out", on=182, things=("pa",))))
    assert "首末记录相隔 181 天" in doubts(owner)


def test_someone_known_by_name_alone_is_named_as_a_doubt(owner):
    owner.take(*touched(Told(name="s120/out", on=2, things=("pa",), identified=False), identified=False))
    assert "pa 没有完整的证件号码" in doubts(owner)


def test_someone_of_whom_only_use_is_known_is_named_as_a_doubt(owner):
    user = {"roles": {"pa": "user"}}
    owner.take(*touched(Told(name="s120/out", on=2, things=("pa",), **user), **user))
    assert "pa 在各记录中仅标为使用者" in doubts(owner)
    owner.take(Told(name="s120/out", on=2, things=("pa",)))
    assert "仅标为使用者" not in doubts(owner)


def test_a_shared_phone_is_named_as_a_doubt(owner):
    owner.take(
        Told(name="s110/tip", on=2, uses=(("pb", "na"),)),
        Told(name="bureau/s", kind="seizure", on=5, uses=(("pa", "na"),), lots=(Held("pa"),)),
    )
    assert any("有 2 名使用人" in doubt for doubt in owner.only("corroborated_tip").against)


def test_no_text_of_the_rules_accuses_anyone():
    for file in resources.files("streams").joinpath("rules").iterdir():
        said = file.read_text("utf-8")
        assert not [word for word in ACCUSING if word in said], file.name


def test_every_rule_has_one_file_and_every_file_a_rule():
    names = {file.name for file in resources.files("streams").joinpath("rules").iterdir()}
    rules = {f"{rule.policy.rule}.toml" for rule in load_rules().rules}
    assert names == rules | {"common.toml"}

"""Alerts follow the rules in force, also those that were raised under other ones."""

from __future__ import annotations

from msgspec import structs

from streams.alerts.rules import load_rules
from tests.streams.worlds import desk


def tip(number, case):
    return {
        "kind": "tip",
        "source": "made-up",
        "source_id": str(number),
        "reported_at": f"2019-06-0{number}T10:00:00+08:00",
        "region": "460100",
        "case": case,
        "persons": [{"ref": "p0", "name": "符玮强", "phones": ["13800000001"]}],
    }


def rules_raising(one):
    return {alert.split(b'"rule":"')[1].split(b'"')[0] for alert in one.export() if b'"alert"' in alert}


def test_a_rule_that_is_switched_off_takes_its_alerts_back_when_the_store_is_opened(monkeypatch):
    rules = load_rules()
    with desk() as one:
        one.put([tip(1, "2019-551"), tip(2, "2020-017")])
        before, then = one.export(), one.received()
        assert b"case_touched" in rules_raising(one)
        fewer = tuple(rule for rule in rules.rules if rule.policy.rule != "case_touched")
        changed = structs.replace(rules, rules=fewer, version="made-up")
        monkeypatch.setattr("streams.writer.load_rules", lambda: changed)
        one.restart()
        assert b"case_touched" not in rules_raising(one)
        assert one.export(as_of=then) == before


def test_rules_that_are_the_same_change_nothing_when_the_store_is_opened():
    with desk() as one:
        one.put([tip(1, "2019-551"), tip(2, "2020-017")])
        then = one.owner.state.tx
        one.restart()
        assert one.owner.state.tx == then

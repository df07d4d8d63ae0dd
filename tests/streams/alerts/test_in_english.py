"""The words of alerts in English, for whoever reads the page in it."""

from __future__ import annotations

from string import Formatter

import pytest
from msgspec import structs

from streams.alerts.in_english import InEnglish
from streams.alerts.rules import load_rules

RULES = load_rules()
TEXTS = [
    (rule.policy.rule, text)
    for rule in RULES.rules
    for texts in (
        rule.policy.reasons, rule.policy.against, RULES.common.notes, RULES.common.against,
    )
    for text in texts.values()
]  # fmt: skip


def filled(text, values):
    places = {name for _, name, _, _ in Formatter().parse(text) if name}
    return text.format(**{name: values.get(name, f"<{name}>") for name in places})


@pytest.mark.parametrize(("rule", "text"), TEXTS)
def test_every_text_of_every_rule_is_told_in_english_with_what_fills_it(rule, text):
    english = InEnglish(RULES)(rule, filled(text, {}))
    assert not any("\u4e00" <= letter <= "\u9fff" for letter in english)
    for _, name, _, _ in Formatter().parse(text):
        assert name is None or f"<{name}>" in english


def test_lists_and_codes_within_a_text_are_english_too():
    english = InEnglish(RULES)
    policy = next(rule.policy for rule in RULES.rules if rule.policy.rule == "several_lines")
    said = filled(policy.reasons["outcomes"], {"n": 3, "outcomes": "扣留、查获"})
    assert english("several_lines", said) == "of these 3 did not let them pass (detained, seized)"
    joined = next(rule.policy for rule in RULES.rules if rule.policy.rule == "cases_joined").reasons["joined"]
    said = filled(joined, {"what": "电话", "cases": "2019-1、2020-2", "who": "1、2", "persons": 2})
    assert english("cases_joined", said) == "the phone 1、2 joins 2 people of different cases: 2019-1, 2020-2"


def test_a_text_of_a_chiefs_own_stays_as_it_is_and_breaks_nothing():
    (first, *rest) = RULES.rules
    own = structs.replace(first.policy, reasons=first.policy.reasons | {"inside": "本案 {case} 内亦有"})
    english = InEnglish(structs.replace(RULES, rules=(structs.replace(first, policy=own), *rest)))
    assert english(own.rule, "本案 2019-1 内亦有") == "本案 2019-1 内亦有"
    assert english("no_such_rule", "别的话") == "别的话"

"""The words of an alert in English: which text of its rule made them, told again by the English one."""

from __future__ import annotations

from importlib import resources
from string import Formatter

import msgspec

from schemas.reference.words import all_words, retold
from streams.alerts.rules import Rules

Pairs = list[tuple[str, str]]
_TABLES = ("reasons", "notes", "against")
_NUMBERS = {"电话": "phone", "账号": "account", "号码": "number"}


class InEnglish:
    """Tells what the rules in force say; what none of their texts made stays as it is."""

    def __init__(self, rules: Rules) -> None:
        english = msgspec.toml.decode(
            resources.files("streams.alerts").joinpath("english.toml").read_bytes(),
            type=dict[str, dict[str, dict[str, str]]],
        )
        common = _pairs(rules.common, english["common"])
        self._pairs = {
            rule.policy.rule: _pairs(rule.policy, english.get(rule.policy.rule, {})) + common
            for rule in rules.rules
        }

    def __call__(self, rule: str, said: str) -> str:
        """One of an alert's reasons, or of what speaks against it, in English."""
        return retold(said, self._pairs.get(rule, []), _value) or said


def _pairs(policy: object, english: dict[str, dict[str, str]]) -> Pairs:
    """Texts of which the English one has no place that the Chinese one has not."""
    found = []
    for table in _TABLES:
        for name, text in getattr(policy, table, {}).items():
            instead = english.get(table, {}).get(name)
            if instead is not None and _places(instead) <= _places(text):
                found.append((text, instead))
    return found


def _places(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _value(place: str, given: str) -> str:
    match place:
        case "what":
            return _NUMBERS.get(given, given)
        case "outcomes":
            english = {each["zh"]: each["en"] for each in all_words()["outcome"].values()}
            return ", ".join(english.get(each, each) for each in given.split("、"))
        case "who":
            return given
        case _:
            return given.replace("、", ", ").replace("……", ", …")

"""The one table of words: nothing that a store or a record holds is without one, in either language."""

from __future__ import annotations

from string import Formatter
from typing import get_args

import pytest

from schemas.claims import Basis, MentionType, Predicate
from schemas.records import Kind, Outcome, RelationKind, Role
from schemas.reference.words import all_words, retold, substance, word

CODES = {
    "type": get_args(MentionType),
    "link": {*get_args(Predicate), *get_args(RelationKind)},
    "kind": get_args(Kind),
    "as": get_args(Role),
    "outcome": get_args(Outcome),
    "basis": get_args(Basis),
}


@pytest.mark.parametrize("kind", CODES)
def test_every_code_has_a_word_in_both_languages(kind):
    assert set(CODES[kind]) <= all_words()[kind].keys()


def test_both_languages_of_a_word_say_something_and_have_the_same_places():
    for kind, codes in all_words().items():
        for code, said in codes.items():
            assert said.keys() == {"zh", "en"}, (kind, code)
            places = [{name for _, name, _, _ in Formatter().parse(text) if name} for text in said.values()]
            assert places[0] == places[1], (kind, code)
            assert all(text.strip() for text in said.values()), (kind, code)


@pytest.mark.parametrize("kind", ["left_out", "against"])
def test_whatever_was_said_in_one_language_is_told_again_in_the_other(kind):
    pairs = [(said["en"], said["zh"]) for said in all_words()[kind].values()]
    for code, said in all_words()[kind].items():
        places = {name: f"<{name}>" for _, name, _, _ in Formatter().parse(said["en"]) if name}
        assert retold(word(kind, code, "en", **places), pairs) == word(kind, code, "zh", **places), code


def test_an_unknown_substance_is_shown_by_its_code_or_as_unknown():
    assert (substance("nitrous_oxide"), substance("x-9"), substance(None)) == ("氧化亚氮", "x-9", "品名不明")


def test_what_no_template_made_is_told_by_none():
    assert retold("something else", [("confidence {a}", "可信度 {a}")]) is None

"""Words: everything that the model or the blocks can say is said in Chinese too."""

from __future__ import annotations

import ast
import inspect
import string
from typing import get_args

import pytest

from schemas.explanations import Finding
from streams.explain import words
from streams.explain.words import BLOCKS, FEATURES, FINDINGS, reason_zh
from streams.resolve import comparisons, model, name_levels, profiles


def literals(module, name, argument):
    """The texts that a module hands to a call of `name` at a place, parts of f-strings and choices too."""
    for call in ast.walk(ast.parse(inspect.getsource(module))):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") == name and len(call.args) > argument:
            for part in ast.walk(call.args[argument]):
                if isinstance(part, ast.Constant) and isinstance(part.value, str):
                    yield part.value


REASONS = sorted(
    {text for module in (comparisons, name_levels, model) for text in literals(module, "Evidence", 2)}
    | set(literals(name_levels, "_worth", 2))
)
IN_PARTS = {"same ", ", ", ".0f", "address ", " % alike", ", as in a household"}
"""Pieces of reasons that are put together; the doctest of `reason_zh` has them whole."""


def test_the_reasons_of_the_model_were_found():
    assert {"same sound", "other gender", "two different valid ID numbers"} <= set(REASONS)


@pytest.mark.parametrize("why", [each for each in REASONS if each not in IN_PARTS])
def test_every_reason_has_chinese_words(why):
    assert not any(char in string.ascii_letters for char in reason_zh(why)), why


def test_every_feature_and_number_has_a_name_in_both_languages():
    features = {*literals(comparisons, "Evidence", 0), *literals(model, "Evidence", 0)} - {
        "context_",
        "mask_",
    }
    features |= set(model._NUMBER_BITS)
    features |= {f"context_{kind}" for kind in model._CONTEXT_BITS}
    features |= {f"mask_{kind}" for kind in model._MASK_CONFLICT}
    assert features == set(FEATURES)


def test_every_block_has_a_name_in_both_languages():
    weak = set(literals(profiles, "_weak", 0)) - {"sound+"} | {
        f"sound+{kind}" for kind in model._CONTEXT_BITS
    }
    halves = {what for name in ("符伟强", "fu weiqiang") for what, _ in profiles._halves(name)}
    assert weak | halves | {"name+city"} == set(BLOCKS)
    assert set(profiles.STRONG) <= set(FEATURES)


def test_every_finding_has_a_sentence_in_both_languages():
    assert set(FINDINGS) == set(get_args(Finding))
    for sentence in FINDINGS.values():
        assert fields_of(sentence.en) == fields_of(sentence.zh), "both say the same"


def fields_of(sentence):
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_a_term_without_words_is_shown_as_the_model_calls_it():
    assert words.feature("some_new_feature") == words.Word("some new feature", "some_new_feature")
    assert reason_zh("some new reason") == "some new reason"


def test_figures_below_the_threshold_never_look_like_the_threshold():
    from schemas.explanations import Join

    join = Join(a="a", b="b", outcome="guard", left=1, right=1, best=20.5, mean=19.499, value=19.9995)
    assert words.guard_figures(join)["value"] == "19.99"

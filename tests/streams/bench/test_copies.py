"""Copies are told from independent witnesses, and the figures say how well."""

import pytest

from streams.bench.copies import judged
from streams.simulate.tellings import CHANGES


@pytest.mark.parametrize("level", CHANGES)
def test_most_copies_are_found_and_few_witnesses_called_copies(level):
    figures = judged(1_500, level, 2)
    assert figures["precision"] > 0.97
    assert figures["recall"] > 0.9
    assert figures["recall_of"]["forwarded"] > 0.97
    assert figures["witnesses_called_copies"] < 0.05

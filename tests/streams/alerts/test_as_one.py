"""What the rules find on a graph in which two are one is what they find once the two are one."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import msgspec
from fake_reader import Told
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import RULES, history, replayed

from schemas.alerts import Finding
from streams.foresight import Foresight

SEEDS = st.integers(0, 2**32)
BOTH = "s110/99"


def pair_of(owner, which):
    """Two that are not one yet and could be: the first spoken of before the other."""
    reader = owner.reader
    first = {
        key: min((told.on, told.name, token) for told in reader.seen[group] for token in told.tokens
                 if reader.find(token) == group)
        for key, group in reader.group_of_key.items() if key > 0
    }  # fmt: skip
    pairs = [
        sorted(pair, key=first.__getitem__)
        for pair in combinations(sorted(first, key=first.__getitem__), 2)
        if reader.type_of(pair[0]) == reader.type_of(pair[1])
    ]
    return pairs[which % len(pairs)] if pairs else None


def foreseen_and_come(seed, which):
    """The changes foreseen, the alerts as they would leave them, and those after the two are one."""
    owner = replayed(history(seed))
    if (pair := pair_of(owner, which)) is None:
        return None
    tokens = tuple(min(owner.reader.members(key)) for key in pair)
    together = Told(name=BOTH, things=tokens, on=99, roles={tokens[which % 2]: "user"}, identified=False)
    owner.take(together)
    changes = Foresight(owner.reader, owner.book, RULES).changes(*pair)
    foreseen = dict(owner.alerts)
    for change in changes:
        foreseen.pop(change.id, None)
        if change.body is not None:
            foreseen[change.id] = msgspec.json.decode(change.body, type=Finding)
    owner.take(msgspec.structs.replace(together, same=(tokens,)))
    return changes, foreseen, owner.alerts


@given(SEEDS, st.integers(0, 50))
@settings(max_examples=300, deadline=None)
def test_every_alert_is_foreseen_to_the_letter(seed, which):
    if (found := foreseen_and_come(seed, which)) is not None:
        assert found[1] == found[2]


def test_the_worlds_hold_pairs_that_raise_change_and_withdraw_alerts_of_every_rule():
    """Otherwise the property above would say little."""
    found = Counter()
    for seed in range(120):
        for which in range(8):
            for change in (foreseen_and_come(seed, which) or [()])[0]:
                sort = "raised" if change.raised else "withdrawn" if change.withdrawn else "told anew"
                found[change.rule, sort] += 1
    expected = {(rule.policy.rule, sort) for rule in RULES.rules for sort in ("raised", "told anew")}
    assert expected <= found.keys()
    assert {rule for rule, sort in found if sort == "withdrawn"} == {rule for rule, _ in expected}

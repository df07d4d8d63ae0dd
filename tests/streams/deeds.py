"""What people may decide in a world of property tests: answers, splits, merges, and taking them back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import strategies as st

from graph.sqlite.reader import SqliteReader
from schemas.decisions import Judgement, Split, Verdict
from schemas.errors import UsageError
from streams.by_hand import Hand
from streams.said import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from schemas.decisions import Decision
    from tests.streams.worlds import Desk, Document

_ANSWERS: tuple[Verdict, ...] = ("same", "different", "unsure")

Deed = tuple[str, int, int]
"""What is done, and two numbers by which is chosen to whom."""

DEEDS = st.lists(
    st.tuples(
        st.sampled_from((*_ANSWERS, "split", "split", "merge", "undone")),
        st.integers(0, 255),
        st.integers(0, 255),
    ),
    max_size=5,
)


def people_of(one: Desk) -> list[list[str]]:
    """The names of each person's mentions, in their order."""
    reader = SqliteReader(one.owner.connection)
    people = [each for each in reader.entities(reader.all_entities()) if each.type == "person"]
    named = [sorted(f"{each.record}#{each.ref}" for each in person.mentions) for person in people]
    return sorted(named)


def taken_out(group: Sequence[str], which: int, at: int = 1) -> Split:
    """The split of some of a group of mentions, chosen by the digits of a number, from the others."""
    apart = {name for n, name in enumerate(group) if which >> n & 1} or {group[0]}
    if len(apart) == len(group):
        apart.remove(group[0])
    rest = tuple(name for name in group if name not in apart)
    return Split(apart=tuple(sorted(apart)), rest=rest, by="王警官", because="核对", at=at)


def judgement(left: str, right: str, verdict: Verdict, at: int = 1) -> Judgement:
    return Judgement(left=left, right=right, verdict=verdict, by="王警官", because="核对", at=at)


def judge(one: Desk, left: str, right: str, verdict: Verdict) -> None:
    if left != right:
        one.owner.judge(judgement(left, right, verdict))


def done(one: Desk, documents: Sequence[Document], deeds: Sequence[Deed]) -> list[Decision]:
    """Does the deeds that can be done in a desk's world; what was decided, in order, each at its own time."""
    decisions: list[Decision] = []
    for deed in deeds:
        decision = _decided(one, documents, decisions, deed)
        if decision is not None:
            one.owner.judge(decision)
            decisions.append(decision)
    return decisions


def in_force(decisions: Sequence[Decision]) -> list[Decision]:
    """What nobody took back, in order: what an undoing names ends the last that speaks of the two."""
    kept: list[Decision] = []
    for decision in decisions:
        ((left, right, verdict), *_) = decision.said
        if verdict != "undone":
            kept.append(decision)
        elif (last := last_about(kept, left, right)) is not None:
            kept.remove(last[0])
    return kept


def last_about(decisions: Sequence[Decision], left: str, right: str) -> tuple[Decision, str] | None:
    """The last of these decisions that speaks of two, with its word about them."""
    for decision in reversed(decisions):
        for one, other, verdict in decision.said:
            if {one, other} == {left, right}:
                return decision, verdict
    return None


def _decided(
    one: Desk, documents: Sequence[Document], before: Sequence[Decision], deed: Deed
) -> Decision | None:
    (what, first, second), at = deed, len(before) + 1
    people = people_of(one)
    if what == "undone":
        return _undone(before, first, second)
    if what == "split":
        several = [group for group in people if len(group) > 1]
        return taken_out(several[first % len(several)], second, at) if several else None
    if what == "merge":
        return _merge(one, people, first, second, at)
    (verdict,) = (each for each in _ANSWERS if each == what)
    left, right = (f"made-up/{documents[n % len(documents)]['source_id']}#p0" for n in (first, second))
    return judgement(left, right, verdict, at) if left != right else None


def _undone(before: Sequence[Decision], first: int, second: int) -> Judgement | None:
    """The taking back of what counts between two of whom somebody spoke."""
    if not before:
        return None
    said = before[first % len(before)].said
    left, right, _ = said[second % len(said)]
    return judgement(right, left, "undone", len(before) + 1)


def _merge(one: Desk, people: list[list[str]], first: int, second: int, at: int) -> Judgement | None:
    if not people:
        return None
    pair = [group[0] for group in (people[first % len(people)], people[second % len(people)])]
    word = Word(by="王警官", because="核对", at=at)
    try:
        return Hand(one.owner.connection, SqliteReader(one.owner.connection)).merge(*pair, word).judgement
    except UsageError:  # they are one already, or a judgement keeps them apart
        return None

"""What an explanation says is what was decided, in any world and whatever the order of arrival."""

from __future__ import annotations

from itertools import combinations

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from graph.sqlite.reader import SqliteReader
from schemas.times import iso
from streams.explain import acts as acts_module
from streams.explain import pair as pair_module
from streams.explain.explainer import Explainer
from streams.explain.known import Known
from streams.resolve.judgements import Judgements, effect_of
from streams.resolve.model import LINK, score
from tests.streams.deeds import DEEDS, done, in_force, last_about
from tests.streams.worlds import desk, small_caps, worlds

pytestmark = pytest.mark.usefixtures("caps")

FEW = settings(
    max_examples=20,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
ONE = {"one_mention", "one_profile", "one_entity", "linked", "judged_same", "over_others"}
_LIVE = (
    "SELECT record.name || '#' || mention.ref, mention.node, assign.ent FROM mention JOIN record USING (rec)"
    " JOIN assign ON assign.pid = mention.node AND assign.closed = 1 << 62"
    " WHERE record.closed = 1 << 62 AND record.opened < record.closed AND mention.node > 0"
)


@pytest.fixture
def caps():
    with small_caps():
        yield


def live(one):
    """Live mentions with their profile and entity, by name."""
    rows = one.owner.connection.execute(_LIVE).fetchall()
    return {name: (pid, ent) for name, pid, ent in rows}


def explainer(one):
    return Explainer(one.owner.connection, SqliteReader(one.owner.connection))


JUDGED = st.tuples(worlds(most=14), DEEDS)


def agrees_with_the_clusters(case):
    documents, deeds = case
    with desk() as one:
        one.put(documents)
        decisions = done(one, documents, deeds)
        ask, held = explainer(one), live(one)
        for a, b in combinations(sorted(held), 2):
            found = ask.pair(a, b)
            names = {name for name, (pid, _) in held.items() if pid in (held[a][0], held[b][0])}
            _tells_what_was_decided(found, decisions, names)
            assert found.same == (held[a][1] == held[b][1]), (a, b, found)
            assert found.same == (found.verdict in ONE), (a, b, found)
            assert found.verdict != "outdated"
            _is_consistent(found)
        for ent in {ent for _, ent in held.values()}:
            pids = {pid for pid, at in held.values() if at == ent}
            entity = ask.entity(next(name for name, (pid, _) in held.items() if pid in pids))
            assert len(entity.joins) == len(entity.profiles) - 1 == len(pids) - 1
            assert all(each.value is None or each.value >= LINK for each in entity.joins)
            assert not any(each.same or each.verdict in ONE for each in entity.nearest)


def _is_consistent(found):
    if found.bits is not None:
        assert found.evidence[-1].end == found.bits if found.evidence else found.bits == 0
    if found.verdict in ("linked", "over_others"):
        assert found.path
        assert all(each.outcome == "joined" for each in found.path)
        ends = [{each.a, each.b} for each in found.path]
        assert ends[0] != ends[-1] or len(ends) == 1
    if found.verdict == "guard":
        assert found.attempt.value < LINK <= found.bits
    if found.verdict == "linked":
        assert found.bits >= LINK
    if found.verdict in ("judged_different", "judged_same", "unsure"):
        assert found.judgement is not None


def _tells_what_was_decided(found, decisions, names):
    """The acts about these mentions, and the one that counts, held against a plain reading."""
    kept = in_force(decisions)
    concern = [each for each in decisions if names & {name for said in each.said for name in said[:2]}]
    told = {(each.at, each.taken_back is None) for each in found.judgements}
    assert len(told) == len(found.judgements), "an act is told once"
    assert told == {(iso(each.at), each in kept) for each in concern if each.said[0][2] != "undone"}
    assert found.judgement is None or found.judgement.taken_back is None
    decision, verdict = last_about(kept, found.a, found.b) or (None, None)
    if effect_of(str(verdict)) == "different":
        assert found.verdict == "judged_different"
    if effect_of(str(verdict)) == "same":
        assert found.verdict in ("judged_same", "judged_different")
        assert found.verdict != "judged_same" or found.judgement.at == iso(decision.at)


def compares_as_the_owner(case):
    """The waterfall is that of the score by which the owner decided."""
    documents, deeds = case
    with desk() as one:
        one.put(documents)
        done(one, documents, deeds)
        ask, held, state = explainer(one), live(one), one.owner.state
        for a, b in combinations(sorted(held), 2):
            x, y = held[a][0], held[b][0]
            found = ask.pair(a, b)
            if found.bits is not None:
                assert found.bits == score(state.profile(x), state.profile(y)).bits
            if (stored := state.pairs.of(x).get(y)) is not None:
                assert found.bits == stored[0]


def order_does_not_matter(case):
    """The decisions of one world, said in another one before all records came."""
    documents, deeds, shuffled, batch, cut = case
    decisions, told = [], []
    for arrival, size, first in ((documents, 500, len(documents)), (shuffled, batch, cut)):
        with desk() as one:
            one.put(arrival[:first], size)
            for decision in decisions:
                one.owner.judge(decision)
            one.put(arrival[first:], size)
            decisions = decisions or done(one, documents, deeds)
            ask, names = explainer(one), sorted(live(one))
            pairs = [ask.pair(a, b) for a, b in combinations(names, 2)]
            ids = sorted({each.id for pair in pairs for each in pair.entities})
            between = [ask.pair(a, b) for a, b in combinations(ids, 2)]
            told.append(msgspec.json.encode([pairs, between, [ask.entity(name) for name in names]]))
    assert told[0] == told[1]


ARRIVALS = JUDGED.flatmap(
    lambda case: st.tuples(
        *map(st.just, case), st.permutations(case[0]), st.integers(1, 6), st.integers(0, len(case[0]))
    )
)


@FEW
@given(JUDGED)
def test_an_explanation_agrees_with_the_clusters(case):
    agrees_with_the_clusters(case)


@FEW
@given(JUDGED)
def test_the_waterfall_is_that_of_the_score_that_decides(case):
    compares_as_the_owner(case)


@FEW
@given(ARRIVALS)
def test_an_explanation_is_the_same_whatever_the_order_of_arrival(case):
    order_does_not_matter(case)


# --- each of them can fail --------------------------------------------------------------------------------


def _by_key(_, pids):
    return sorted(set(pids))


def _ranked_by_key(_, a, b):
    return (min(a, b), max(a, b))


def _knows_no_judgement(_):
    return Judgements(())


def _knows_answers_only(verdict):
    return verdict if verdict in ("same", "different") else None


def _knows_of_no_undoing(*_):
    return None


def _adds_a_bit(found):
    from schemas.explanations import Step

    return (Step("name", found.bits + 1, 0.0, found.bits + 1, "x"),)


FAULTS = [
    (order_does_not_matter, ARRIVALS, Known, "in_order", _by_key),
    (order_does_not_matter, ARRIVALS, Known, "ranked", _ranked_by_key),
    (agrees_with_the_clusters, JUDGED, Known, "judgements", property(_knows_no_judgement)),
    (agrees_with_the_clusters, JUDGED, acts_module, "effect_of", _knows_answers_only),
    (agrees_with_the_clusters, JUDGED, Judgements, "taken_back_by", _knows_of_no_undoing),
    (agrees_with_the_clusters, JUDGED, pair_module, "steps_of", _adds_a_bit),
]


@pytest.mark.parametrize(("check", "cases", "where", "name", "fault"), FAULTS, ids=[f[3] for f in FAULTS])
def test_a_committed_fault_is_found(check, cases, where, name, fault, monkeypatch):
    monkeypatch.setattr(where, name, fault)

    def fails(case):
        try:
            check(case)
        except Exception:  # noqa: BLE001  a fault may also end in an error: it is noticed
            return True
        return False

    quick = settings(
        max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        find(cases, fails, settings=quick)
    except NoSuchExample:
        pytest.fail(f"{check.__name__} does not notice")


def _kinds(found):
    yield found.verdict
    if found.judgement is not None:
        yield f"{found.verdict} by {found.judgement.verdict}"
    yield from (f"{each.verdict} taken back" for each in found.judgements if each.taken_back)


def test_the_worlds_hold_every_finding_about_people():
    """Otherwise the properties above would say little."""
    seen = set()

    def covers(case):
        documents, deeds = case
        with desk() as one:
            one.put(documents)
            done(one, documents, deeds)
            ask = explainer(one)
            for a, b in combinations(sorted(live(one)), 2):
                seen.update(_kinds(ask.pair(a, b)))
        return seen >= {
            "one_profile", "linked", "judged_same", "over_others", "types", "judged_different",
            "exclusive", "group_exclusive", "guard", "generic", "crowded", "unmet", "review",
            "below", "too_large", "judged_different by split", "judged_same by split", "split taken back",
        }  # fmt: skip

    quick = settings(
        max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        find(JUDGED, covers, settings=quick)
    except NoSuchExample:
        pytest.fail(f"only {sorted(seen)}")

"""What an explanation says is what was decided, in any world and whatever the order of arrival."""

from __future__ import annotations

from itertools import combinations

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from graph.sqlite.reader import SqliteReader
from schemas.decisions import Judgement
from streams.explain import pair as pair_module
from streams.explain.explainer import Explainer
from streams.explain.known import Known
from streams.resolve.model import LINK, score
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


def judged(documents, answers):
    """Judgements about the first persons of records."""
    for first, second, verdict in answers:
        pair = [f"made-up/{documents[n % len(documents)]['source_id']}#p0" for n in (first, second)]
        if pair[0] != pair[1]:
            yield Judgement(left=pair[0], right=pair[1], verdict=verdict, by="王警官", because="核对", at=1)


def filled(one, documents, answers, batch=500):
    one.put(documents, batch)
    for judgement in answers:
        one.owner.judge(judgement)


def live(one):
    """Live mentions with their profile and entity, by name."""
    rows = one.owner.connection.execute(_LIVE).fetchall()
    return {name: (pid, ent) for name, pid, ent in rows}


def explainer(one):
    return Explainer(one.owner.connection, SqliteReader(one.owner.connection))


ANSWERS = st.lists(
    st.tuples(st.integers(0, 30), st.integers(0, 30), st.sampled_from(("same", "different", "unsure"))),
    max_size=4,
    unique_by=lambda answer: frozenset(answer[:2]),
)
JUDGED = st.tuples(worlds(most=14), ANSWERS)


def agrees_with_the_clusters(case):
    documents, answers = case
    with desk() as one:
        filled(one, documents, judged(documents, answers))
        ask, held = explainer(one), live(one)
        for a, b in combinations(sorted(held), 2):
            found = ask.pair(a, b)
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


def compares_as_the_owner(case):
    """The waterfall is that of the score by which the owner decided."""
    documents, _ = case
    with desk() as one:
        one.put(documents)
        ask, held, state = explainer(one), live(one), one.owner.state
        for a, b in combinations(sorted(held), 2):
            x, y = held[a][0], held[b][0]
            found = ask.pair(a, b)
            if found.bits is not None:
                assert found.bits == score(state.profile(x), state.profile(y)).bits
            if (stored := state.pairs.of(x).get(y)) is not None:
                assert found.bits == stored[0]


def order_does_not_matter(case):
    documents, answers, shuffled, batch = case
    told = []
    for arrival, size in ((documents, 500), (shuffled, batch)):
        with desk() as one:
            filled(one, arrival, judged(documents, answers), size)
            ask, names = explainer(one), sorted(live(one))
            pairs = [ask.pair(a, b) for a, b in combinations(names, 2)]
            ids = sorted({each.id for pair in pairs for each in pair.entities})
            between = [ask.pair(a, b) for a, b in combinations(ids, 2)]
            told.append(msgspec.json.encode([pairs, between, [ask.entity(name) for name in names]]))
    assert told[0] == told[1]


ARRIVALS = JUDGED.flatmap(
    lambda case: st.tuples(*map(st.just, case), st.permutations(case[0]), st.integers(1, 6))
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
    from streams.resolve.judgements import Judgements

    return Judgements(())


def _adds_a_bit(found):
    from schemas.explanations import Step

    return (Step("name", found.bits + 1, 0.0, found.bits + 1, "x"),)


FAULTS = [
    (order_does_not_matter, ARRIVALS, Known, "in_order", _by_key),
    (order_does_not_matter, ARRIVALS, Known, "ranked", _ranked_by_key),
    (agrees_with_the_clusters, JUDGED, Known, "judgements", property(_knows_no_judgement)),
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


def test_the_worlds_hold_every_finding_about_people():
    """Otherwise the properties above would say little."""
    seen = set()

    def covers(case):
        documents, answers = case
        with desk() as one:
            filled(one, documents, judged(documents, answers))
            ask = explainer(one)
            seen.update(ask.pair(a, b).verdict for a, b in combinations(sorted(live(one)), 2))
        return seen >= {
            "one_profile", "linked", "judged_same", "over_others", "types", "judged_different",
            "exclusive", "group_exclusive", "guard", "generic", "crowded", "unmet", "review",
            "below", "too_large",
        }  # fmt: skip

    quick = settings(
        max_examples=100, deadline=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    try:
        find(JUDGED, covers, settings=quick)
    except NoSuchExample:
        pytest.fail(f"only {sorted(seen)}")

"""What sets Suyuan apart, as properties of any world; and proof that each of these tests can fail."""

from __future__ import annotations

from collections import Counter
from unittest.mock import patch

import pytest
from hypothesis import HealthCheck, Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

from graph.sqlite.evidence import SqliteEvidence
from schemas.decisions import Judgement
from streams.copies.copies import Copies
from streams.resolve import pairs as pairs_module
from streams.resolve.blocks import LargeBlock
from streams.resolve.judgements import Judgements
from streams.resolve.pairs import Pairs
from streams.stages import cluster as cluster_stage
from streams.stages import dedupe as dedupe_stage
from streams.stages.dedupe import Deduped
from tests.streams.worlds import desk, first_difference, known, small_caps, withdrawal, worlds

pytestmark = pytest.mark.usefixtures("caps")

FEW = settings(
    max_examples=25,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


@pytest.fixture
def caps():
    with small_caps():
        yield


def holds(left, right):
    assert left == right, first_difference(left, right)


# --- the properties ---------------------------------------------------------------------------------


def order_does_not_matter(arrival):
    documents, shuffled, batches, restarts = arrival
    with desk() as other:
        rest = list(shuffled)
        for batch, restart in zip(batches * len(rest), restarts * len(rest), strict=False):
            if not rest:
                break
            other.put(rest[:batch])
            rest = rest[batch:]
            if restart:
                other.restart()
        holds(known(documents), other.export())


def withdrawn_equals_never_there(case):
    documents, numbers = case
    kept = [doc for doc in documents if int(doc["source_id"]) not in numbers]
    gone = [withdrawal(number, 29) for number in sorted(numbers)]
    holds(known(documents + gone, batch=3), known(kept))


def undone_judgement_restores(case):
    documents, verdict, first, second = case
    with desk() as one:
        one.put(documents)
        before = one.export()
        mentions = sorted(
            {f"made-up/{doc['source_id']}#{p['ref']}" for doc in documents for p in doc.get("persons", ())}
        )
        pair = mentions[first % len(mentions)], mentions[second % len(mentions)]
        if pair[0] == pair[1]:
            return
        for answer in (verdict, "undone"):
            one.owner.judge(
                Judgement(left=pair[0], right=pair[1], verdict=answer, by="王警官", because="核对", at=1)
            )
        holds(one.export(), before)


def earlier_views_stay(case):
    documents, batch = case
    with desk() as one:
        seen = []
        for start in range(0, len(documents), batch):
            one.put(documents[start : start + batch])
            seen.append((one.received(), one.export()))
        for moment, then in seen:
            holds(one.export(as_of=moment), then)


def judged_order_does_not_matter(case):
    """The same judgements on the same records, given before or after the others arrive."""
    documents, verdict, cut = case
    pair = [f"made-up/{n}#p0" for n in (0, 1)]
    judgement = Judgement(left=pair[0], right=pair[1], verdict=verdict, by="王警官", because="核对", at=1)
    exports = []
    for at in (cut % len(documents), len(documents)):
        with desk() as one:
            one.put(documents[:at])
            one.owner.judge(judgement)
            one.put(documents[at:])
            exports.append(one.export())
    holds(*exports)


ARRIVALS = worlds().flatmap(
    lambda docs: st.tuples(
        st.just(docs),
        st.permutations(docs),
        st.lists(st.integers(1, 6), min_size=1, max_size=4),
        st.lists(st.integers(0, 4).map(lambda n: n == 0), min_size=1, max_size=5),
    )
)
WITHDRAWALS = worlds(withdrawals=False).flatmap(
    lambda docs: st.tuples(
        st.just(docs), st.sets(st.sampled_from([int(doc["source_id"]) for doc in docs]), min_size=1)
    )
)
JUDGED = st.tuples(
    worlds(most=14), st.sampled_from(("same", "different")), st.integers(0, 60), st.integers(0, 60)
)
VIEWS = st.tuples(worlds(), st.integers(1, 6))
EARLY = st.tuples(worlds(most=14), st.sampled_from(("same", "different")), st.integers(0, 60))


@FEW
@given(ARRIVALS)
def test_any_order_batch_size_and_restart_gives_the_same_knowledge(arrival):
    order_does_not_matter(arrival)


@FEW
@given(WITHDRAWALS)
def test_a_withdrawn_record_leaves_nothing_behind(case):
    withdrawn_equals_never_there(case)


@FEW
@given(JUDGED)
def test_unmerging_after_merging_restores_what_was(case):
    undone_judgement_restores(case)


@FEW
@given(VIEWS)
def test_a_view_as_of_an_earlier_moment_is_what_was_exported_then(case):
    earlier_views_stay(case)


@FEW
@given(EARLY)
def test_a_judgement_counts_the_same_whenever_it_is_given(case):
    judged_order_does_not_matter(case)


@FEW
@given(worlds())
def test_putting_the_same_records_in_again_changes_nothing(documents):
    with desk() as one:
        one.put(documents)
        before = one.export()
        one.put(documents)
        holds(one.export(), before)


# --- each of them can fail --------------------------------------------------------------------------


def _first_two_candidates_only(compare):
    def faulty(self, wanted):
        compare(self, set(sorted(wanted)[:2]))

    return faulty


def _forgets_to_recheck(_):
    return lambda self: self._doubted.clear()


def _keeps_pairs_of_the_dead(died):
    def faulty(self, pid):
        with patch.object(Pairs, "_drop", lambda *_: None):
            died(self, pid)

    return faulty


def _last_to_arrive_wins(_):
    def faulty(self):
        return self.rows[-1] if self.rows and self.withdrawn_at is None else None

    return faulty


def _does_not_touch_the_moved(_):
    return lambda *_: set()


def _keeps_pins(say):
    def faulty(self, said):
        say(self, [each for each in said if each[-1] != "undone"])

    return faulty


def _closes_nothing(_):
    def faulty(state, moved):
        state.db.executemany("DELETE FROM assign WHERE pid = ?", [(item.pid,) for item in moved])
        state.db.executemany(
            "INSERT INTO assign (pid, ent, opened, closed) VALUES (?, ?, ?, ?)",
            [(item.pid, item.after, state.tx, 1 << 62) for item in moved if item.after],
        )
        for item in moved:
            state.ent[item.pid] = item.after

    return faulty


def _does_not_read_anew(_):
    return lambda *_: Deduped(opened=[], closed=[], conflicts=[], counts=Counter())


def _does_not_hear_of_new_records(_):
    return lambda *_: None


def _does_not_say_who_is_a_copy_now(find_copies):
    def faulty(state, deduped):
        find_copies(state, deduped)
        return set()

    return faulty


def _keeps_what_the_dead_told(change):
    return lambda self, born, _: change(self, born, ())


FAULTS = [
    (order_does_not_matter, ARRIVALS, SqliteEvidence, "copied", _does_not_hear_of_new_records),
    (order_does_not_matter, ARRIVALS, "streams.pipeline", "find_copies", _does_not_say_who_is_a_copy_now),
    (withdrawn_equals_never_there, WITHDRAWALS, Copies, "change", _keeps_what_the_dead_told),
    (order_does_not_matter, ARRIVALS, SqliteEvidence, "gained", _does_not_hear_of_new_records),
    (order_does_not_matter, ARRIVALS, SqliteEvidence, "joined", _does_not_hear_of_new_records),
    (withdrawn_equals_never_there, WITHDRAWALS, SqliteEvidence, "lost", _does_not_hear_of_new_records),
    (order_does_not_matter, ARRIVALS, Pairs, "_compare", _first_two_candidates_only),
    (order_does_not_matter, ARRIVALS, Pairs, "_recheck", _forgets_to_recheck),
    (order_does_not_matter, ARRIVALS, dedupe_stage._History, "in_force", _last_to_arrive_wins),
    (order_does_not_matter, ARRIVALS, "streams.pipeline", "touched_by", _does_not_touch_the_moved),
    (withdrawn_equals_never_there, WITHDRAWALS, Pairs, "died", _keeps_pairs_of_the_dead),
    (withdrawn_equals_never_there, WITHDRAWALS, Pairs, "_recheck", _forgets_to_recheck),
    (undone_judgement_restores, JUDGED, Judgements, "say", _keeps_pins),
    (earlier_views_stay, VIEWS, cluster_stage, "assign", _closes_nothing),
    (judged_order_does_not_matter, EARLY, "streams.pipeline", "reopen", _does_not_read_anew),
]


@pytest.mark.parametrize(
    ("check", "cases", "where", "name", "fault"),
    FAULTS,
    ids=[f"{f[0].__name__}-{f[3]}-{f[4].__name__}" for f in FAULTS],
)
def test_a_committed_fault_is_found(check, cases, where, name, fault):
    is_found(check, cases, where, name, fault)


def is_found(check, cases, where, name, fault):
    """Fails unless a property fails for some case while `name` is as `fault` makes it."""
    target = __import__(where, fromlist=[name]) if isinstance(where, str) else where
    with patch.object(target, name, fault(getattr(target, name))):
        try:
            find(
                cases,
                lambda case: not _passes(check, case),
                settings=settings(
                    max_examples=400,
                    deadline=None,
                    derandomize=True,
                    phases=[Phase.generate],
                    suppress_health_check=list(HealthCheck),
                ),
            )
        except NoSuchExample:
            pytest.fail(f"{check.__name__} does not notice {fault.__name__}")


def _passes(check, case):
    try:
        check(case)
    except Exception:  # noqa: BLE001  a fault may also end in an error: it is noticed
        return False
    return True


def test_the_worlds_cross_the_caps_and_split_components(monkeypatch):
    """Otherwise the properties above would say little."""
    seen = set()
    view, large, run = pairs_module.view, LargeBlock.view, cluster_stage.cluster

    def watched_view(members, profile):
        made = view(members, profile)
        seen.add(("small", "generic" if made.generic else "open", made.named_only))
        return made

    def watched_large(self):
        made = large(self)
        seen.add(("large", "generic" if made.generic else "open", made.named_only))
        return made

    def watched_cluster(component, profile, compare):
        groups = run(component, profile, compare)
        if len(groups) > 1:
            seen.add("split")
        if len(component.members) > 5:
            seen.add("over the bound")
        return groups

    monkeypatch.setattr(pairs_module, "view", watched_view)
    monkeypatch.setattr(LargeBlock, "view", watched_large)
    monkeypatch.setattr(cluster_stage, "cluster", watched_cluster)
    wanted = {
        ("small", "generic", False), ("small", "open", False), ("small", "open", True),
        ("large", "generic", False), ("large", "open", False), ("large", "open", True),
        "split", "over the bound",
    }  # fmt: skip

    def covers(documents):
        known(documents)
        return wanted <= seen

    find(
        worlds(),
        covers,
        settings=settings(
            max_examples=300, deadline=None, derandomize=True, phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip

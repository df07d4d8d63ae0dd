"""Alerts are a function of the set of live records: whatever the order, the batches, the way back."""

from __future__ import annotations

import msgspec
import pytest
from fake_reader import Held, Owner, Supplied, Told, from_scratch
from hypothesis import given
from hypothesis import strategies as st

from streams.alerts import scene
from streams.alerts.rules import Rules, load_rules

PEOPLE = ("pa", "pb", "pc", "pd", "pe")
THINGS = (*PEOPLE, "va", "vb", "qa", "oa")
NUMBERS = ("na", "nb", "wa")


def crossing_rules():
    """The shipped rules, with a number generic from three users on, so that small worlds cross it."""
    shipped = load_rules()
    common = msgspec.structs.replace(shipped.common, generic_users=2)
    rules = []
    for rule in shipped.rules:
        policy = msgspec.structs.replace(rule.policy, listed=4)
        if policy.rule == "case_touched":
            policy = msgspec.structs.replace(policy, generic_cases=2)
        if policy.rule == "broken_twigs":
            policy = msgspec.structs.replace(policy, seizures=2)
        rules.append(type(rule)(policy, common))
    return Rules(common, tuple(rules), "test")


RULES = crossing_rules()


@st.composite
def records(draw, name):
    kind = draw(st.sampled_from(("tip", "seizure", "interception", "tip")))
    people = draw(st.lists(st.sampled_from(PEOPLE), max_size=3, unique=True))
    pairs = st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE)).filter(lambda pair: pair[0] != pair[1])
    maybe_day = st.none() | st.integers(0, 9)
    deliveries = st.builds(
        lambda pair, substance, earliest, confidence, basis: Supplied(
            *pair, substance, earliest, None, confidence, basis
        ),
        pairs,
        st.sampled_from((None, "nitrous_oxide", "heroin")),
        maybe_day,
        st.sampled_from((0.2, 0.5, 0.9)),
        st.sampled_from(("relation", "parcel")),
    )
    lots = st.builds(
        Held,
        st.sampled_from((*PEOPLE, None)),
        st.sampled_from((None, "nitrous_oxide", "heroin")),
        st.sampled_from((None, 5.0, 50.0)),
    )
    on = draw(st.integers(0, 12))
    return Told(
        name=name,
        kind=kind,
        on=on,
        things=tuple(people) + tuple(draw(st.lists(st.sampled_from(THINGS), max_size=2))),
        case=draw(st.sampled_from((None, None, "2019-1", "2019-2", "2019-3"))),
        line=draw(st.sampled_from((1, 2, 3))) if kind == "interception" else None,
        outcome=draw(st.sampled_from(("released", "recorded", "seized"))) if kind == "interception" else None,
        fingerprint=draw(st.sampled_from((None, 1, 2))) if kind == "tip" else None,
        lead=draw(st.booleans()),
        roles={who: draw(st.sampled_from(("user", "unknown"))) for who in people},
        uses=tuple(
            draw(st.lists(st.tuples(st.sampled_from(PEOPLE), st.sampled_from(NUMBERS)), max_size=2))
        ),
        supplied=tuple(draw(st.lists(deliveries, max_size=2))) if draw(st.booleans()) else (),
        lots=tuple(draw(st.lists(lots, max_size=2))) if kind != "tip" else (),
        same=tuple(draw(st.lists(pairs, max_size=1))) if draw(st.integers(0, 4)) == 0 else (),
    )


@st.composite
def histories(draw):
    """Batches of (records, names taken back); a name that comes again is a revision."""
    names = [f"{source}/{number}" for number in range(6) for source in ("s110", "bureau")]
    batches = []
    for _ in range(draw(st.integers(1, 7))):
        arriving = draw(st.lists(st.sampled_from(names), max_size=4, unique=True))
        back = draw(st.lists(st.sampled_from(names), max_size=2, unique=True))
        back = [name for name in back if name not in arriving]
        batches.append(([draw(records(name)) for name in arriving], back))
    return batches


def replayed(batches):
    owner = Owner(RULES)
    for arriving, back in batches:
        owner.take(*arriving, back=back)
    return owner


@given(histories())
def test_alerts_kept_batch_by_batch_equal_those_of_the_whole_set(batches):
    owner = replayed(batches)
    assert owner.alerts == from_scratch(owner.live.values(), RULES)
    assert owner.book.ids() == owner.alerts.keys()


@given(histories(), st.randoms(use_true_random=False))
def test_alerts_do_not_depend_on_the_order_of_arrival(batches, chance):
    live = list(replayed(batches).live.values())
    chance.shuffle(live)
    one_by_one = Owner(RULES)
    for told in live:
        one_by_one.take(told)
    assert one_by_one.alerts == from_scratch(live, RULES)


@given(histories())
def test_a_known_user_changes_neither_which_alerts_there_are_nor_how_severe(batches):
    live = [told for arriving, _ in batches for told in arriving]
    live = list({told.name: told for told in live}.values())
    plain = [msgspec.structs.replace(told, roles={}) for told in live]
    with_roles, without = from_scratch(live, RULES), from_scratch(plain, RULES)
    assert with_roles.keys() == without.keys()
    for identifier, finding in with_roles.items():
        assert msgspec.structs.replace(finding, against=()) == msgspec.structs.replace(
            without[identifier], against=()
        )


def test_the_drawn_worlds_hold_alerts_of_every_rule():
    seen = set()

    @given(histories())
    def look(batches):
        seen.update(finding.rule for finding in replayed(batches).alerts.values())

    look()
    assert seen == {rule.policy.rule for rule in RULES.rules}


def _faulty(monkeypatch, fault):
    if fault == "suppliers are not followed upwards":
        monkeypatch.setattr("streams.alerts.nail.suppliers", lambda scene, *_: set(scene.live))
    if fault == "single records are never looked at":
        monkeypatch.setattr(scene, "_moved", lambda key, touched, lens: len(lens.appearances(key)) > 1)
    if fault == "vanished subjects keep their alerts":
        concerned = scene.survey

        def only_live(self, examined):
            return set()

        assert concerned
        monkeypatch.setattr("streams.alerts.book.AlertBook._concerned", only_live)


@pytest.mark.parametrize(
    "fault",
    [
        "suppliers are not followed upwards",
        "single records are never looked at",
        "vanished subjects keep their alerts",
    ],
)
def test_the_property_fails_for_a_known_fault(monkeypatch, fault):
    _faulty(monkeypatch, fault)

    @given(histories())
    def property_(batches):
        owner = replayed(batches)
        assert owner.alerts == from_scratch(owner.live.values(), RULES)

    with pytest.raises(AssertionError):
        property_()

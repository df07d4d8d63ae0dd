"""Small dense worlds in which every rule finds something now and then, from a seed."""

from __future__ import annotations

import random

import msgspec
from fake_reader import Held, Owner, Supplied, Told, from_scratch

from streams.alerts.rules import Rules, load_rules

PEOPLE = ("pa", "pb", "pc", "pd", "pe")
THINGS = (*PEOPLE, "va", "vb", "qa", "oa")
NUMBERS = ("na", "nb", "wa")
NAMES = tuple(f"{source}/{number}" for number in range(9) for source in ("s110", "bureau"))
SUBSTANCES = (None, "nitrous_oxide", "nitrous_oxide", "heroin")


def crossing_rules():
    """The shipped rules with thresholds that worlds of a dozen records cross in both directions."""
    shipped = load_rules()
    common = msgspec.structs.replace(shipped.common, generic_users=2)
    changed = {"case_touched": {"generic_cases": 2}, "broken_twigs": {"seizures": 2}}
    rules = tuple(
        type(rule)(
            msgspec.structs.replace(rule.policy, listed=4, **changed.get(rule.policy.rule, {})), common
        )
        for rule in shipped.rules
    )
    return Rules(common, rules, "test")


RULES = crossing_rules()


def _delivery(chance):
    source, target = sorted(chance.sample(PEOPLE, 2))
    if chance.random() < 0.1:
        source, target = target, source
    return Supplied(
        source,
        target,
        chance.choice(SUBSTANCES),
        chance.choice((None, None, None, 4, 9)),
        None,
        chance.choice((0.9, 0.9, 0.9, 0.5, 0.2)),
        chance.choice(("relation", "relation", "parcel")),
    )


def _lot(chance):
    return Held(
        chance.choice((*PEOPLE[1:], None)),
        chance.choice(SUBSTANCES),
        chance.choice((5.0, 5.0, 5.0, 50.0, None)),
    )


def _told(name, chance):
    kind = chance.choice(("tip", "tip", "seizure", "seizure", "interception"))
    tip, interception = kind == "tip", kind == "interception"
    some = chance.random
    return Told(
        name=name,
        kind=kind,
        on=chance.randrange(12),
        things=tuple(chance.sample(THINGS, chance.randrange(3))),
        case=chance.choice((None, None, None, "2019-1", "2019-2", "2019-3")),
        line=chance.choice((1, 2, 3)) if interception else None,
        outcome=chance.choice(("released", "recorded", "seized")) if interception else None,
        words=chance.choice((None, 1, 2)) if tip else None,
        lead=tip and some() < 0.7,
        grade=chance.choice(("A1", "B2", "F6", None)),
        doubts=chance.choice((None, None, "hearsay", "denied hearsay")) if tip else None,
        region=chance.choice(("460100", "460200")),
        roles={who: "user" for who in PEOPLE if some() < 0.3},
        uses=tuple(
            (chance.choice(PEOPLE), chance.choice(NUMBERS)) for _ in range(chance.choice((0, 0, 1, 2)))
        ),
        supplied=tuple(_delivery(chance) for _ in range(chance.randrange(4))) if tip or some() < 0.2 else (),
        lots=() if tip else tuple(_lot(chance) for _ in range(chance.choice((0, 1, 1, 2)))),
        same=(tuple(chance.sample(PEOPLE, 2)),) if some() < 0.08 else (),
        identified=some() < 0.5,
    )


def history(seed):
    """Batches of (records, names taken back); a name that comes again is a revision."""
    chance = random.Random(seed)
    batches = []
    for _ in range(chance.randrange(2, 9)):
        arriving = chance.sample(NAMES, chance.randrange(1, 6))
        back = [name for name in chance.sample(NAMES, chance.choice((0, 0, 1, 3))) if name not in arriving]
        batches.append(([_told(name, chance) for name in arriving], back))
    return batches


def replayed(batches, restarts=()):
    """An owner that took the batches one after another, and was restarted before some."""
    owner = Owner(RULES)
    for number, (arriving, back) in enumerate(batches):
        if number in restarts:
            owner.restart()
        owner.take(*arriving, back=back)
    return owner


SPLIT = [
    (
        [
            Told(name="s110/1", case="2019-1", uses=(("pa", "na"),)),
            Told(name="s110/2", case="2019-2", uses=(("pb", "na"),)),
            Told(name="s110/3", same=(("pa", "pb"),)),
        ],
        [],
    ),
    ([], ["s110/3"]),
]
"""One person becomes two, each left with one old record, who share a number that no record touches."""


def agrees(batches):
    """Whether alerts kept batch by batch equal those of the whole set examined at once."""
    owner = replayed(batches)
    return owner.alerts == from_scratch(owner.live.values(), RULES)

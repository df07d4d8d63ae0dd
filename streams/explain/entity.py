"""How an entity came together, and why it is not one with its nearest others."""

from __future__ import annotations

from itertools import product

from schemas.explanations import EntityExplanation, Likeness, PairExplanation
from streams.explain.known import Known
from streams.explain.pair import MOST_PROFILES, between, join_of

NEAREST = 5
"""Others that are named."""
_OWN, _OTHERS = 8, 400
"""Profiles of the entity and of others that are compared in one block, the first by their hash: a hotel's
phone is shared by thousands. Pairs above the review threshold are known whatever the block."""


def explain_entity(known: Known, who: str) -> EntityExplanation:
    """How one entity came together, and what keeps its nearest others apart.

    Raises `NotFound`, `Ambiguous`, and `UsageError` for what is named by its value.
    """
    key = known.entity(known.meant(who)[0])
    pids = known.profiles_of(key)
    _, attempts = known.clustering(pids[0])
    members = set(pids)
    joined = [each for each in attempts if each.outcome == "joined" and each.a in members]
    profiles = [Likeness(known.profile(pid).features.name, known.mentions(pid)) for pid in pids]
    return EntityExplanation(
        entity=known.reader.public_id(key),
        label=known.reader.label(key),
        type=known.type_of(pids[0]),
        profiles=tuple(sorted(profiles, key=_first)),
        joins=tuple(join_of(known, each) for each in joined),
        judgements=known.judged.of(pids),
        nearest=_nearest(known, key, pids),
    )


def _first(profile: Likeness) -> tuple[str, str]:
    return profile.mentions[0].reported_at, profile.mentions[0].mention


def _nearest(known: Known, key: int, pids: list[int]) -> tuple[PairExplanation, ...]:
    """The entities that come nearest by their best pair, ties by id, each with what keeps it apart."""
    pairs = {pair for pair in _pairs(known, pids) if len({known.type_of(pid) for pid in pair}) == 1}
    entity_of = known.reader.entity_of_nodes({other for _, other in pairs})
    best: dict[int, float] = {}
    for own, other in pairs:
        entity, bits = entity_of[other], known.score(own, other).bits
        if entity != key:
            best[entity] = max(bits, best.get(entity, bits))
    ids = known.reader.public_ids(best)
    chosen = sorted(best, key=lambda entity: (-best[entity], ids[entity]))[:NEAREST]
    found = [between(known, pids, known.profiles_of(entity)) for entity in chosen]
    return tuple(sorted(found, key=lambda each: (-(each.bits or 0.0), each.entities[1].id)))


def _pairs(known: Known, pids: list[int]) -> set[tuple[int, int]]:
    """Own profiles with others: those that are known as pairs, that share a block, or that were judged."""
    own = set(pids)
    pairs = {(pid, other) for pid in pids for other in (*known.pairs.of(pid), *known.judged.beside(pid))}
    hashes = {block.hash for pid in pids[:MOST_PROFILES] for block in known.profile(pid).blocks}
    for members in known.sharing(hashes).values():
        here = [pid for pid in members if pid in own][:_OWN]
        there = [pid for pid in members if pid not in own][:_OTHERS]
        pairs.update(product(here, there))
    return {(x, y) for x, y in pairs if y not in own}

"""What one reader may see of a store: which records, and so which nodes and which entities.

Whoever is asked here knows nothing of roles: `sees` says it of a record's region and case. `graph.seen` makes
a reader of it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import islice
from typing import TypeVar

from graph.composed import Parts
from graph.portraits import Sees, Spoken
from schemas.ids import record_hash_of

WITHHELD = "withheld"
"""Stands for the name of a record that may not be seen, where its being there counts."""
AT_ONCE = 500

T = TypeVar("T")


class Sight:
    """Answers what may be seen, from where records belong; each record is asked for once."""

    def __init__(self, parts: Parts, sees: Sees) -> None:
        self.withheld = False
        self.sees: Sees = cache(sees)  # there are few places, and many records of each
        self._parts = parts
        self._records: dict[str, bool] = {WITHHELD: False}
        self._nodes: dict[int, set[int]] = {}

    def records(self, names: Iterable[str]) -> set[str]:
        """Those of the records that may be seen; of an unknown one nothing may."""
        wanted = set(names)
        missing = [name for name in wanted if name not in self._records]
        if missing:
            self._records.update(dict.fromkeys(missing, False))
            for name, region, case in self._parts.archive.belongings(missing):
                self._records[name] = self.sees(region, case)
        return {name for name in wanted if self._records[name]}

    def nodes(self, keys: Iterable[int]) -> dict[int, set[int]]:
        """Of each entity the nodes of which a visible record speaks; entities without any are left out."""
        wanted = set(keys)
        missing = wanted - self._nodes.keys()
        self._nodes.update((key, set()) for key in missing)
        for key, node in self._parts.portraits.seen(missing, self.sees):
            self._nodes[key].add(node)
        return {key: self._nodes[key] for key in wanted if self._nodes[key]}

    def all_of(self, groups: Sequence[Collection[str]]) -> list[bool]:
        """Of each group of entities (ids) whether all live records that speak of them may be seen, and those
        of which they are copies; of an entity that is not there any more nobody knows.
        """
        keys = self._parts.identities.keys({each for group in groups for each in group})
        spoken = {
            key: {name for one in found for name in (one.record, *one.copy_of)}
            for key, found in self._parts.facts.appearances(set(keys.values())).items()
        }
        told = [{n for each in group for n in spoken.get(keys.get(each, 0), ())} for group in groups]
        seen = self.records(name for names in told for name in names)
        return [
            keys.keys() >= set(group) and names <= seen for group, names in zip(groups, told, strict=True)
        ]

    def hidden_firsts(self, ids: Mapping[int, str]) -> set[int]:
        """Those of the resolved entities whose id is made of a record that may not be seen."""
        hashes = {key: record_hash_of(id_) for key, id_ in ids.items() if key > 0}
        found = self._parts.archive.places({each for each in hashes.values() if each is not None})
        seen = {each for each, region, case in found if self.sees(region, case)}
        return {key for key, each in hashes.items() if each not in seen}

    def spoken(self, keys: Iterable[int]) -> list[Spoken]:
        """Where visible records speak of these entities."""
        # Whole, since a store keeps beside it what it is asked for next.
        return [each for each in self._parts.portraits.spoken(keys) if self.sees(each[6], each[7])]

    def of(self, things: Iterable[T], name: Callable[[T], str]) -> Iterator[T]:
        """Those of the things whose record may be seen, in order."""
        rest = iter(things)
        while chunk := list(islice(rest, AT_ONCE)):
            seen = self.records(map(name, chunk))
            yield from (each for each in chunk if name(each) in seen)

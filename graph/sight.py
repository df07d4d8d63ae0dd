"""What one reader may see of a store: which records, and so which nodes and which entities.

Whoever is asked here knows nothing of roles: `sees` says it of a record's region and case. `graph.seen` makes
a reader of it.
"""

from __future__ import annotations

from collections import Counter
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
    """Answers what may be seen, from where records belong; each record is asked for once.

    `later` is the sight of the same store at a later moment: of a record that may be seen at one of the two
    only, nothing may. What has come into a case since it was written is told to nobody by asking for the time
    before.
    """

    def __init__(self, parts: Parts, sees: Sees, later: Sight | None = None) -> None:
        self.withheld = False
        self._later = later
        self.sees: Sees = cache(sees)  # there are few places, and many records of each
        self._parts = parts
        self._records: dict[str, bool] = {WITHHELD: False}
        self._nodes: dict[int, set[int]] = {}

    @property
    def looks_back(self) -> bool:
        """Whether there is a later moment at which things may be hidden."""
        return self._later is not None

    def records(self, names: Iterable[str]) -> set[str]:
        """Those of the records that may be seen; of an unknown one nothing may."""
        wanted = set(names)
        missing = [name for name in wanted if name not in self._records]
        if missing:
            self._records.update(dict.fromkeys(missing, False))
            for name, region, case in self._parts.archive.belongings(missing):
                self._records[name] = self.sees(region, case)
            if self._later is not None:
                hidden = set(missing) - self._later.records(missing)
                self._records.update(dict.fromkeys(hidden, False))
        return {name for name in wanted if self._records[name]}

    def nodes(self, keys: Iterable[int]) -> dict[int, set[int]]:
        """Of each entity the nodes of which a visible record speaks; entities without any are left out."""
        wanted = set(keys)
        missing = wanted - self._nodes.keys()
        self._nodes.update((key, set()) for key in missing)
        for key, node in self._speaking(missing, self.sees):
            self._nodes[key].add(node)
        return {key: self._nodes[key] for key in wanted if self._nodes[key]}

    def _speaking(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        if self._later is None:
            yield from self._parts.portraits.seen(keys, sees)
        else:
            # By place alone nothing is known of a later moment: which records they are has to be asked.
            yield from {(each[0], each[1]) for each in self.spoken(keys) if sees(each[6], each[7])}

    def seen(self, keys: Iterable[int], sees: Sees) -> Iterator[tuple[int, int]]:
        """As `PortraitReader.seen`, of what may be seen here and by `sees` too."""
        own = self.sees
        yield from self._speaking(keys, lambda region, case: own(region, case) and sees(region, case))

    def counts(self, keys: Iterable[int]) -> Iterator[tuple[int, str, str | None, int]]:
        """As `PortraitReader.counts`, of records that may be seen."""
        if self._later is None:
            yield from (each for each in self._parts.portraits.counts(keys) if self.sees(each[1], each[2]))
            return
        records = {(key, name): (region, case) for key, _, name, *_, region, case in self.spoken(keys)}
        together = Counter((key, *where) for (key, _), where in records.items())
        yield from ((key, region, case, count) for (key, region, case), count in together.items())

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
        seen = {each for each, _, _ in self.places(each for each in hashes.values() if each is not None)}
        return {key for key, each in hashes.items() if each not in seen}

    def places(self, hashes: Iterable[int]) -> Iterator[tuple[int, str, str | None]]:
        """As `ArchiveReader.places`, of records that may be seen."""
        found = [each for each in self._parts.archive.places(set(hashes)) if self.sees(each[1], each[2])]
        still = (
            None if self._later is None else {each for each, _, _ in self._later.places(e[0] for e in found)}
        )
        yield from (each for each in found if still is None or each[0] in still)

    def spoken(self, keys: Iterable[int]) -> list[Spoken]:
        """Where visible records speak of these entities."""
        # Whole, since a store keeps beside it what it is asked for next.
        found = [each for each in self._parts.portraits.spoken(keys) if self.sees(each[6], each[7])]
        return self.still(found, lambda each: each[2])

    def still(self, things: list[T], name: Callable[[T], str]) -> list[T]:
        """Of things that may be seen by where their records belong at this moment those whose records may be
        seen at the later one too.
        """
        if self._later is None:
            return things
        seen = self._later.records({name(each) for each in things})
        return [each for each in things if name(each) in seen]

    def of(self, things: Iterable[T], name: Callable[[T], str]) -> Iterator[T]:
        """Those of the things whose record may be seen, in order."""
        rest = iter(things)
        while chunk := list(islice(rest, AT_ONCE)):
            seen = self.records(map(name, chunk))
            yield from (each for each in chunk if name(each) in seen)

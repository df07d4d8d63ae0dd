"""How well the graph fits the truth of a made world: people, deliveries, sources.

Use `evaluate` with what was found by any means, or `found_from_export` to take it from the lines
of `suyuan export --format jsonl`. Nothing here knows how the graph was made.

Definitions. *Pairwise*: of all pairs of mentions in one entity, the part that are one person
(precision); of all pairs of mentions of one person, the part in one entity (recall). A *delivery*
is right when the truth has one of the same record between the two people whose mentions are in the
majority in its ends. A *source* is found when a trace from the origin reaches an entity in which
the producer's mentions are in the majority.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from msgspec import Struct

Name = str  # of a mention: source/source_id#ref
Sources = Callable[[Name], set[str]]


class Rate(Struct, frozen=True):
    """Precision, recall and F1, each between 0 and 1, of `right` among `found` and `true`."""

    right: int
    found: int
    true: int

    @property
    def precision(self) -> float:
        """The part of what was found that is right; 1 when nothing was found."""
        return self.right / self.found if self.found else 1.0

    @property
    def recall(self) -> float:
        """The part of what is true that was found; 1 when there is nothing to find."""
        return self.right / self.true if self.true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both.

        >>> Rate(8, 10, 16).f1
        0.6153846153846154
        """
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0

    def figures(self) -> dict[str, float]:
        """The figures as they are printed, to four places."""
        return {
            "precision": round(self.precision, 4),
            "recall": round(self.recall, 4),
            "f1": round(self.f1, 4),
        }


class Delivery(Struct, frozen=True):
    """A delivery of the truth: the record that states it and the people, by their keys."""

    record: str
    source: str
    target: str
    basis: str
    content: str


class Origin(Struct, frozen=True):
    """A street seizure's holder, and who a trace up from there should end at.

    `producers` must be found; `ends` may be found (a hoax leads to the others).
    """

    mention: Name
    producers: tuple[str, ...]
    ends: tuple[str, ...]


class Truth(Struct, frozen=True):
    """What is true of a world: the person of each mention, the deliveries, the origins."""

    person_of: dict[Name, str]
    vehicle_of: dict[Name, str]
    deliveries: tuple[Delivery, ...]
    origins: tuple[Origin, ...]


class Found(Struct, frozen=True):
    """What the graph says: the entity of each mention and the deliveries (record, from, to)."""

    entity_of: dict[Name, str]
    deliveries: tuple[tuple[str, str, str], ...]


class Evaluation(Struct, frozen=True):
    """All figures. `unjudged` deliveries have an end in which no known mention is, and do not count
    as found; `sources` is None when nothing was traced."""

    persons: Rate
    vehicles: Rate
    deliveries: Rate
    unjudged: int
    sources: Rate | None

    def figures(self) -> dict[str, Any]:
        """The figures as they are printed."""
        return {
            "persons": self.persons.figures(),
            "vehicles": self.vehicles.figures(),
            "deliveries": self.deliveries.figures() | {"unjudged": self.unjudged},
            "sources": self.sources.figures() if self.sources is not None else None,
        }


def read_truth(lines: Iterable[Mapping[str, Any]]) -> Truth:
    """The truth from the decoded lines of a `truth.jsonl`; kinds of line not used here are skipped."""
    persons: dict[Name, str] = {}
    vehicles: dict[Name, str] = {}
    deliveries: list[Delivery] = []
    origins: list[Origin] = []
    for line in lines:
        if "person" in line:
            persons.update(dict.fromkeys(line["mentions"], line["person"]))
        elif "vehicle" in line:
            vehicles.update(dict.fromkeys(line["mentions"], line["vehicle"]))
        elif "delivery" in line:
            d = line["delivery"]
            deliveries.append(Delivery(d["record"], d["from"], d["to"], d["basis"], d["content"]))
        elif "source" in line:
            s = line["source"]
            origins.append(Origin(s["origin"], tuple(s["producers"]), tuple(s["ends"])))
    return Truth(persons, vehicles, tuple(deliveries), tuple(origins))


def found_from_export(lines: Iterable[Mapping[str, Any]]) -> Found:
    """What an export says, from its decoded lines `{"node": ENTITY}` and `{"edge": …}`.

    Mentions from free text have no ref and are left out.
    """
    entities: dict[Name, str] = {}
    deliveries: list[tuple[str, str, str]] = []
    for line in lines:
        node, edge = line.get("node"), line.get("edge")
        if node is not None:
            for mention in node["mentions"]:
                if mention.get("ref") is not None:
                    entities[f"{mention['record']}#{mention['ref']}"] = node["id"]
        elif edge is not None and edge["type"] == "supplied":
            deliveries += [(record, edge["from"], edge["to"]) for record in edge["records"]]
    return Found(entities, tuple(deliveries))


def _pairs(counts: Iterable[int]) -> int:
    return sum(n * (n - 1) // 2 for n in counts)


def pairwise(true: Mapping[Name, str], entity_of: Mapping[Name, str]) -> Rate:
    """Pairwise rate over the mentions of the truth; one that was not found stands alone.

    >>> pairwise({"a": "P1", "b": "P1", "c": "P2"}, {"a": "x", "b": "x", "c": "x"})
    Rate(right=1, found=3, true=1)
    """
    both: Counter[tuple[str, str]] = Counter()
    for name, person in true.items():
        both[person, entity_of.get(name, f"?{name}")] += 1
    found: Counter[str] = Counter()
    for (_, entity), n in both.items():
        found[entity] += n
    return Rate(_pairs(both.values()), _pairs(found.values()), _pairs(Counter(true.values()).values()))


def majorities(true: Mapping[Name, str], entity_of: Mapping[Name, str]) -> dict[str, str]:
    """The person most of each entity's mentions are of; the lower key when equal.

    >>> majorities({"a": "P1", "b": "P1", "c": "P2"}, {"a": "x", "b": "x", "c": "x"})
    {'x': 'P1'}
    """
    votes: dict[str, Counter[str]] = {}
    for name, person in true.items():
        entity = entity_of.get(name)
        if entity is not None:
            votes.setdefault(entity, Counter())[person] += 1
    return {e: min(count, key=lambda p: (-count[p], p)) for e, count in votes.items()}


def _deliveries(truth: Truth, found: Found, person: Mapping[str, str]) -> tuple[Rate, int]:
    true = {(d.record, d.source, d.target) for d in truth.deliveries}
    judged: set[tuple[str, str, str]] = set()
    edges: set[tuple[str, str | None, str | None]] = {
        (record, person.get(one), person.get(two)) for record, one, two in found.deliveries
    }
    for record, source, target in edges:
        if source is not None and target is not None:
            judged.add((record, source, target))
    unjudged = len(edges) - len(judged)
    return Rate(len(true & judged), len(judged), len(true)), unjudged


def _sources(truth: Truth, person: Mapping[str, str], sources: Sources) -> Rate:
    right = found = true = 0
    for origin in truth.origins:
        reached = {person.get(entity, entity) for entity in sources(origin.mention)}
        wrong = reached - set(origin.ends)
        hit = len(reached & set(origin.producers))
        right += hit
        found += hit + len(wrong)
        true += len(origin.producers)
    return Rate(right, found, true)


def evaluate(truth: Truth, found: Found, sources: Sources | None = None) -> Evaluation:
    """All figures of what was found against the truth.

    `sources` takes the name of a mention and gives the ids of the entities at which the traces up
    from it end; without it sources are not judged. Ends that only a hoax leads to are neither
    right nor wrong.
    """
    person = majorities(truth.person_of, found.entity_of)
    deliveries, unjudged = _deliveries(truth, found, person)
    return Evaluation(
        persons=pairwise(truth.person_of, found.entity_of),
        vehicles=pairwise(truth.vehicle_of, found.entity_of),
        deliveries=deliveries,
        unjudged=unjudged,
        sources=None if sources is None else _sources(truth, person, sources),
    )

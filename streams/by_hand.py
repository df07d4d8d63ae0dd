"""What people decide by hand about who is who: on which mentions it hangs, and whether it can be.

Entities come and go with what is known; mentions stay. So an answer about an entity hangs on its earliest
mention, whose id the entity bears, and a split names all mentions that the entity has.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterator, Sequence

from msgspec import Struct

from graph.one import resolve_one
from graph.port import GraphReader
from graph.portraits import features_of
from schemas.claims import RESOLVED_TYPES
from schemas.decisions import Judgement, Split, Verdict
from schemas.entities import Entity, MentionRef
from schemas.errors import NotFound, UsageError
from schemas.explanations import Act
from schemas.ids import hash64, mention_part, part_id
from streams import said
from streams.explain.acts import Judged
from streams.resolve.judgements import Judgements, Pair, effect_of, must_be_possible
from streams.resolve.profiles import SOLE
from streams.said import Word
from streams.verifying import Verifier

MOST_PAIRS = 40_000
"""What a split may say, counted in pairs of mentions: as much as one message of the log holds."""


class Merge(Struct, frozen=True, kw_only=True):
    """That two entities are one; `mentions` are those of both, `exclusive` says that both have whole ID
    numbers, and different ones.
    """

    judgement: Judgement
    mentions: tuple[str, ...]
    exclusive: bool


class Hand:
    """Turns what a person says about mentions or entities into what is kept, or says why it cannot be.

    `verifier` does the same with what is said of deliveries that texts tell. Reads one state of the owner's
    own store. No message repeats what was typed: it may be a name or number.
    """

    def __init__(self, db: sqlite3.Connection, reader: GraphReader) -> None:
        self._db, self._reader = db, reader
        self.verifier = Verifier(db)

    def answer(self, a: str, b: str, verdict: Verdict, word: Word) -> Judgement:
        """An answer about two mentions (`record#part`) or entities.

        The last answer about the two counts. But *same* is no answer where something else that was said keeps
        the two apart: it would tear them from those who are theirs.

        Raises `NotFound` for a mention that is not live, `UsageError` for two that an answer cannot be about.
        """
        (left, one), (right, other) = self._mention(a), self._mention(b)
        if left == right:
            raise UsageError(
                "the two are one, by one and the same mention: to part them, name a mention of each, like "
                "source/id#ref (`suyuan show ID`)"
            )
        must_be_possible({one.type, other.type})
        if effect_of(verdict) == "same":
            self._must_not_be_apart(one, other, answered=(left, right))
        return _judgement((left, right), verdict, word)

    def merge(self, a: str, b: str, word: Word) -> Merge:
        """That two entities are one.

        It hangs on a mention of each; where their ID numbers differ, on two that bear these: who bears one
        number joins a group that has it, and none that has only the other.

        Raises as `answer`, and `UsageError` when they are one already or a judgement keeps them apart.
        """
        (left, one), (right, other) = self._mention(a), self._mention(b)
        if one.id == other.id:
            raise UsageError("these are one already: `suyuan explain` says why")
        must_be_possible({one.type, other.type})
        self._must_not_be_apart(one, other)
        mine, theirs = self._bearers(one), self._bearers(other)
        exclusive = bool(mine and theirs and mine.keys().isdisjoint(theirs))
        if exclusive:
            left, right = min(mine.values()), min(theirs.values())
        return Merge(
            judgement=_judgement((left, right), "same", word),
            mentions=(*_names(one), *_names(other)),
            exclusive=exclusive,
        )

    def left_out(self, merge: Merge) -> list[str]:
        """The mentions that a merge did not bring together: more speaks against them than for them."""
        pids = dict(said.live_mentions(self._db, merge.mentions))
        entity_of = self._reader.entity_of_nodes(pids.values())
        merged = entity_of[pids[merge.judgement.left]]
        return sorted(name for name, pid in pids.items() if entity_of[pid] != merged)

    def split(self, who: str, mentions: Sequence[str], word: Word) -> Split:
        """That these mentions of an entity are not its own, but together somebody else's.

        Raises `NotFound` for a mention that is not live, `UsageError` for one of another entity, for all of
        the entity's mentions, and for too many.
        """
        names = _names(self._entity(who))
        wanted = {mention.strip() for mention in mentions}
        for place, mention in enumerate(mentions, 1):
            if mention.strip() not in names:
                self._refuse_stranger(mention.strip(), place)
        apart = tuple(name for name in names if name in wanted)
        rest = tuple(name for name in names if name not in wanted)
        if not rest:
            raise UsageError("these are all the mentions that it has: leave out those that are its own")
        if len(apart) * (len(rest) + len(apart)) > MOST_PAIRS:
            raise UsageError(
                f"{len(apart)} of {len(names)} mentions are too many for one act: split off fewer at a time"
            )
        return Split(apart=apart, rest=rest, by=word.by, because=word.because, at=word.at)

    def undo(self, a: str, b: str, word: Word) -> Judgement:
        """The taking back of the last act that stands between two mentions or entities (former ids too, and
        mentions that were withdrawn).

        Raises `NotFound` when none stands, `UsageError` when several do and it is not clear which is meant.
        """
        found = self._judged({a.strip()}, {b.strip()}) or self._judged(self._bearing(a), self._bearing(b))
        if not found:
            found = self._judged(*self._sides(a.strip(), b.strip()))
        if not found:
            raise NotFound("nothing that anybody said stands between these two: see `suyuan explain A B`")
        if len(found) > 1:
            some = "; ".join(" ".join(pair) for pair in found[:3])
            raise UsageError(
                f"{len(found)} acts stand between these two: name the mentions of the one to take back, "
                f"like {some}"
            )
        return _judgement(found[0], "undone", word)

    def counting(self, judgement: Judgement) -> Act | None:
        """The act that counts between the two that a judgement is about."""
        return Judged(self._db).counting(judgement.left, judgement.right)

    def _must_not_be_apart(self, one: Entity, other: Entity, answered: Pair | None = None) -> None:
        """Raises `UsageError` when something that was said keeps two entities apart, but for an answer about
        the two mentions that are `answered` now.
        """
        for pair, verdict in self._between(_names(one), _names(other)):
            again = answered is not None and set(pair) == set(answered)
            if effect_of(verdict) == "different" and not again:
                raise UsageError(
                    f"a judgement keeps the two apart: if it was wrong, take it back first, with "
                    f"`suyuan review undo {' '.join(pair)} --by WHO --because WHY`"
                )

    # --- reading ------------------------------------------------------------------------------

    def _entity(self, who: str) -> Entity:
        (entity,) = self._reader.entities([resolve_one(self._reader, who.strip())])
        if entity.type not in RESOLVED_TYPES:
            raise UsageError(f"a {entity.type} is what its number says: it is neither joined nor taken apart")
        return entity

    def _sides(self, a: str, b: str) -> tuple[Collection[str], Collection[str]]:
        """All mentions of two entities. Of one that both are, a mention that was named stands for itself: an
        act about others of its mentions is not meant.
        """
        one, other = self._entity(a), self._entity(b)
        names, others = _names(one), _names(other)
        if one.id != other.id:
            return names, others
        return [a] if a in names else names, [b] if b in others else others

    def _mention(self, who: str) -> tuple[str, Entity]:
        """The mention that a judgement about `who` hangs on: itself, the one that bears this id (of an entity
        that was merged into another since), or an entity's earliest.
        """
        who, entity = who.strip(), self._entity(who)
        names = _names(entity)
        if who in names:
            return who, entity
        if "#" in who and "/" in who:
            raise NotFound("no live mention has this name: `suyuan show` lists those of a record's entities")
        bearers = (name for identifier in (who, entity.id) for name in names if _bears(name, identifier))
        return next(bearers), entity

    def _refuse_stranger(self, mention: str, place: int) -> None:
        if self._reader.resolve(mention):
            raise UsageError(
                f"mention {place} of those to split off is not a live one of this entity: `suyuan show` "
                "lists its mentions, like source/id#ref"
            )
        raise NotFound(f"mention {place} of those to split off is not known: `suyuan show` lists mentions")

    def _bearers(self, entity: Entity) -> dict[str, str]:
        """The whole numbers of an entity of which nobody has two, each with the first mention by name that
        bears it.
        """
        found: dict[str, str] = {}
        pids = dict(said.live_mentions(self._db, _names(entity)))
        for name in sorted(pids):
            row = self._db.execute("SELECT features FROM profile WHERE pid = ?", (pids[name],)).fetchone()
            for each in features_of(row[0]).identifiers:
                if each.kind in SOLE:
                    found.setdefault(each.value, name)
        return found

    def _said(self) -> Judgements:
        return Judgements(said.acts(self._db))

    def _between(self, names: Collection[str], others: Collection[str]) -> Iterator[tuple[Pair, str]]:
        """What stands between two groups of mentions."""
        one, other = set(names), set(others)
        for (left, right), verdict, _ in self._said().standing():
            if (left in one and right in other) or (left in other and right in one):
                yield (left, right), verdict

    def _judged(self, names: Collection[str], others: Collection[str]) -> list[Pair]:
        """A pair of each act that stands between two groups of mentions, by name."""
        judgements = self._said()
        pairs = sorted((pair for pair, _ in self._between(names, others)), reverse=True)
        acts = {judgements.act_between(*pair): pair for pair in pairs}
        return sorted(acts.values())

    def _bearing(self, identifier: str) -> set[str]:
        """The judged mentions whose id this is; former ids of entities are such."""
        names = {name for pair, *_ in self._said().standing() for name in pair}
        return {name for name in names if _bears(name, identifier.strip())}


def _bears(name: str, identifier: str) -> bool:
    record, _, part = name.rpartition("#")
    return part_id(identifier.partition("-")[0], hash64(record), part) == identifier


def _judgement(pair: Pair, verdict: Verdict, word: Word) -> Judgement:
    left, right = pair
    return Judgement(left=left, right=right, verdict=verdict, by=word.by, because=word.because, at=word.at)


def _names(entity: Entity) -> list[str]:
    return [_name(mention) for mention in entity.mentions]


def _name(mention: MentionRef) -> str:
    return f"{mention.record}#{mention_part(mention.ref, mention.span)}"

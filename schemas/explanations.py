"""Why two are one or not, and how one came together: what `suyuan explain --json` prints.

Mentions are named `source/source_id#ref` (of a text `source/source_id#@start-stop`), times are ISO 8601
in +08:00. Nothing in an explanation depends on the order in which records came.
"""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from schemas.claims import MentionType
from schemas.decisions import Outcome

Finding = Literal[
    "one_mention", "one_profile", "one_entity", "linked", "judged_same", "over_others",
    "types", "judged_different", "exclusive", "guard", "group_exclusive", "too_large",
    "generic", "crowded", "unmet", "review", "unsure", "below", "outdated",
]  # fmt: skip
"""How it stands between two. One, because they are one mention, have equal features, are both this entity,
are linked, were judged so, or hang together over others. Not one, because their types differ, a judgement
keeps them apart, their numbers exclude each other, the guard or others' numbers speak against, their group
is too large for a weak link, what they share is everybody's or compares only some, they share no block,
they wait for a person, a person could not say, or too little speaks for it. `outdated`: what is stored is not
what this program would decide, so it cannot say why."""


Deed = Literal["same", "different", "unsure", "split"]
"""What an act says of its mentions: what a person can answer about two, or that some were split off."""


class Step(Struct, frozen=True, rename={"start": "from", "end": "to"}):
    """One feature in the waterfall: its bits, and the sum before and after it, in thousandths of a bit.

    Each step begins where the last one ended; the last one ends at the score.
    """

    feature: str
    bits: float
    start: float
    end: float
    why: str


class TakenBack(Struct, frozen=True):
    """Who took an act back, when and why."""

    by: str
    because: str
    at: str


class Act(Struct, frozen=True):
    """What a person decided in one act, when and why, and who took it back (null: nobody).

    An answer is about `a` and `b`. A split took `apart` out of the entity that had `rest` too; `a` and `b`
    are the first of each. Of acts about the same two that nobody took back, the last counts.
    """

    a: str
    b: str
    verdict: Deed
    by: str
    because: str
    at: str
    apart: tuple[str, ...] = ()
    rest: tuple[str, ...] = ()
    taken_back: TakenBack | None = None


class Join(Struct, frozen=True, kw_only=True):
    """What became of a link between the groups of two mentions when the clustering came to it.

    `best` is the link's bits (null: a person's judgement), `mean` that of the cross pairs in bits (null
    where it does not count), `value` half of each, which must reach `link_from`; `left` and `right` are the
    profiles of the two groups then.
    """

    a: str
    b: str
    outcome: Outcome
    left: int
    right: int
    best: float | None = None
    mean: float | None = None
    value: float | None = None
    evidence: tuple[Step, ...] = ()
    judgement: Act | None = None


class Named(Struct, frozen=True):
    """An entity by its id and label."""

    id: str
    label: str


class PairExplanation(Struct, frozen=True, kw_only=True):
    """`explain A B`: their likeliest pair of mentions (`best`), feature by feature, and how it stands.

    `bits` is null when their types differ. `path` are the joins that lead from one to the other, `attempt`
    the one that failed, `judgement` the one that decides, `shared` the blocks that both are in.
    """

    a: str
    b: str
    same: bool
    verdict: Finding
    words: str
    entities: tuple[Named, Named]
    best: tuple[str, str]
    bits: float | None
    link_from: float
    review_from: float
    exclusive: bool
    evidence: tuple[Step, ...]
    path: tuple[Join, ...] = ()
    attempt: Join | None = None
    judgement: Act | None = None
    shared: tuple[str, ...] = ()
    judgements: tuple[Act, ...] = ()


class Mentioned(Struct, frozen=True):
    """A live mention and its record."""

    mention: str
    record: str
    kind: str
    reported_at: str


class Likeness(Struct, frozen=True):
    """Mentions with equal features, the earliest first: one profile."""

    name: str
    mentions: tuple[Mentioned, ...]


class EntityExplanation(Struct, frozen=True, kw_only=True):
    """`explain ENTITY`: what it is made of, the joins in the order in which they were made, what people
    decided, and its nearest others (likeliest first), each with what keeps it apart."""

    entity: str
    label: str
    type: MentionType
    profiles: tuple[Likeness, ...]
    joins: tuple[Join, ...]
    judgements: tuple[Act, ...]
    nearest: tuple[PairExplanation, ...]


__all__ = [
    "Act",
    "Deed",
    "EntityExplanation",
    "Finding",
    "Join",
    "Likeness",
    "Mentioned",
    "Named",
    "PairExplanation",
    "Step",
    "TakenBack",
]

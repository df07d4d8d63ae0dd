"""What a batch changed, and from there every subject whose finding may be another one now."""

from __future__ import annotations

from msgspec import Struct

from schemas.claims import RESOLVED_TYPES, MentionType
from streams.alerts.lens import Lens
from streams.alerts.policy import Common, Supply

_NUMBERS = ("phone", "account")


class Touched(Struct, frozen=True, kw_only=True):
    """What the stages before have changed.

    `entities`: every key, present or former, that gained or lost a mention, an edge, a lot or a
    member. Left out may be an entity whose only mention stands in a record opened in this batch and
    that is at no end of a delivery: no rule can hold of it. `changed`: those of them that lost
    something, or gained a member that is not itself new. `opened`: the records made live.
    """

    entities: frozenset[int]
    changed: frozenset[int]
    opened: frozenset[int]


class Scene(Struct, frozen=True):
    """The entities that a batch touched, sorted by what the rules may ask of them.

    `moved`: resolved entities that several records speak of, or that lost something. `numbers`:
    phones and accounts of that kind, and those that `moved` use. `live`: all touched entities.
    """

    live: dict[int, MentionType]
    moved: frozenset[int]
    numbers: frozenset[int]

    def of_types(self, types: frozenset[MentionType]) -> set[int]:
        """The moved entities of these types."""
        return {key for key in self.moved if self.live[key] in types}


def survey(touched: Touched, common: Common, lens: Lens) -> Scene:
    """Sorts what was touched. An entity that only one new record speaks of is left alone: all that
    it could change is mentioned in the same record, and so touched itself.
    """
    live = lens.live_types(touched.entities)
    resolved = [key for key, type_ in live.items() if type_ in RESOLVED_TYPES]
    numbers = [key for key, type_ in live.items() if type_ in _NUMBERS]
    lens.load_users(numbers, common.generic_users)
    generic = {key for key in numbers if is_generic(key, common, lens)}
    followed = [key for key in numbers if key not in generic]
    lens.load_appearances([*resolved, *followed])
    moved = frozenset(key for key in resolved if _moved(key, touched, lens))
    lens.load_values(moved)
    near = {value for key in moved for value in lens.values(key)}
    lens.live_types(near)
    lens.load_users(near, common.generic_users)
    return Scene(
        live, moved, frozenset(near | generic | {key for key in followed if _moved(key, touched, lens)})
    )


def is_generic(number: int, common: Common, lens: Lens) -> bool:
    """Whether so many use a number that it says nothing of any of them (公用号码)."""
    return len(lens.users(number, common.generic_users)) > common.generic_users


def _moved(key: int, touched: Touched, lens: Lens) -> bool:
    seen = lens.appearances(key)
    return len(seen) > 1 or (len(seen) == 1 and seen[0].rec not in touched.opened)


def suppliers(scene: Scene, hops: int, supply: Supply, lens: Lens) -> set[int]:
    """The touched entities and all who, in at most `hops` trusted deliveries, supply them.

    Times are not asked here: this must reach every supplier whose finding could have changed.
    """
    reached = {key for key, type_ in scene.live.items() if type_ in RESOLVED_TYPES}
    frontier = reached.copy()
    for _ in range(hops):
        lens.load_deliveries(frontier, "up")
        frontier = {
            delivery.source
            for key in frontier
            for delivery in lens.deliveries(key, "up")
            if supply.trusts(delivery.basis, delivery.confidence)
        } - reached
        if not frontier:
            break
        reached |= frontier
    return reached

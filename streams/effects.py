"""What it would change in what is live if two entities were one: chains of supply, and alerts.

A chain counts when somebody supplied one of the two, the other supplied somebody, and the two deliveries
fit in time and substance just as a trace asks it (`graph.chains`), while neither of the two joins these
ends by itself.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from operator import itemgetter

from msgspec import Struct

from graph.chains import ALWAYS, Limits
from graph.port import Delivery, Direction, GraphReader
from schemas.reviews import Effect, Foreseen

MOST = 100
"""Chains of a pair that are counted; more make it no more urgent."""
_WIDEST = 200
"""Of the partners of a busy dealer, those looked at on each side and of each substance: of suppliers whose
goods can have come first, of buyers whose can have gone last. No others fit in time if these do not."""

_LEAST = Limits().min_confidence


def told(effect: Effect) -> str:
    """An effect in words.

    >>> from schemas.reviews import AlertPromised
    >>> nail = AlertPromised(id="alt-1", rule="nail", title="钉子")
    >>> foreseen = Foreseen(raises=(nail,), changes=("alt-2",))
    >>> told(Effect(chains=2, alerts=1, exclusive=False, foreseen=foreseen))
    'would join 2 chains; would raise 1 alert (钉子), change 1; touches 1 alert'
    >>> told(Effect(chains=0, alerts=0, exclusive=False, foreseen=Foreseen()))
    'would join no chains; would raise no alerts; touches no alerts'
    >>> told(Effect(chains=0, alerts=0, exclusive=False))
    'would join no chains; what it would raise was not looked at; touches no alerts'
    >>> told(Effect(chains=0, alerts=0, exclusive=True))
    'their ID numbers differ, so only these mentions would be one; touches no alerts'
    """
    touches = f"touches {_counted(effect.alerts, 'alert')}"
    if effect.exclusive:
        return f"their ID numbers differ, so only these mentions would be one; {touches}"
    more = " or more" if effect.chains == MOST else ""
    joins = f"would join {_counted(effect.chains, 'chain', more)}"
    return f"{joins}; {_foreseen(effect.foreseen)}; {touches}"


def _foreseen(foreseen: Foreseen | None) -> str:
    if foreseen is None:
        return "what it would raise was not looked at"
    titles = Counter(each.title for each in foreseen.raises)
    named = ", ".join(f"{title} ×{n}" if n > 1 else title for title, n in sorted(titles.items()))
    raises = f"would raise {_counted(len(foreseen.raises), 'alert')}" + (f" ({named})" if named else "")
    changes = f", change {len(foreseen.changes)}" if foreseen.changes else ""
    withdraws = f", withdraw {len(foreseen.withdraws)}" if foreseen.withdraws else ""
    return f"{raises}{changes}{withdraws}"


def told_zh(effect: Effect) -> str:
    """An effect in Chinese words.

    >>> from schemas.reviews import AlertPromised
    >>> nail = AlertPromised(id="alt-1", rule="nail", title="钉子")
    >>> foreseen = Foreseen(raises=(nail,), changes=("alt-2",))
    >>> told_zh(Effect(chains=2, alerts=1, exclusive=False, foreseen=foreseen))
    '将连通 2 条链；将新增预警 1 条（钉子），改动 1 条；牵涉现有预警 1 条'
    >>> told_zh(Effect(chains=0, alerts=0, exclusive=True))
    '身份证号不同，只会把这两处提及视为同一；不牵涉现有预警'
    """
    touches = f"牵涉现有预警 {effect.alerts} 条" if effect.alerts else "不牵涉现有预警"
    if effect.exclusive:
        return f"身份证号不同，只会把这两处提及视为同一；{touches}"
    more = " 条以上链" if effect.chains == MOST else " 条链"
    joins = f"将连通 {effect.chains}{more}" if effect.chains else "不连通新的链"
    return f"{joins}；{_foreseen_zh(effect.foreseen)}；{touches}"


def _foreseen_zh(foreseen: Foreseen | None) -> str:
    if foreseen is None:
        return "未推算会新增哪些预警"
    titles = Counter(each.title for each in foreseen.raises)
    named = "、".join(f"{title}×{n}" if n > 1 else title for title, n in sorted(titles.items()))
    raises = f"将新增预警 {len(foreseen.raises)} 条（{named}）" if named else "不新增预警"
    changes = f"，改动 {len(foreseen.changes)} 条" if foreseen.changes else ""
    withdraws = f"，撤回 {len(foreseen.withdraws)} 条" if foreseen.withdraws else ""
    return f"{raises}{changes}{withdraws}"


def _counted(count: int, what: str, more: str = "") -> str:
    return f"{count or 'no'}{more} {what}{'' if count == 1 else 's'}"


class Effects:
    """Knows the deliveries and alerts of some entities, each read once."""

    def __init__(self, reader: GraphReader, ids: Mapping[int, str], soles: Mapping[int, set[str]]) -> None:
        """`ids` are the public ids of the entities that will be asked about, `soles` the whole numbers of
        theirs of which nobody has two.
        """
        wanted = sorted(ids)
        self._soles = soles
        self._in = _trades(reader, wanted, "up")
        self._out = _trades(reader, wanted, "down")
        self._alerts = _alerts(reader, {ids[key]: key for key in wanted})

    def of(self, one: int, other: int) -> Effect:
        """What it would change if these two were one; what the rules would find is not looked at here."""
        exclusive = self._exclude(one, other)
        chains = 0 if exclusive else sum(1 for _ in islice(self.chains(one, other), MOST))
        return Effect(chains=chains, alerts=self.alerts((one, other)), exclusive=exclusive)

    def alerts(self, keys: Iterable[int]) -> int:
        """How many live alerts speak of any of these."""
        return len(frozenset().union(*(self._alerts.get(key, ()) for key in keys)))

    def _exclude(self, one: int, other: int) -> bool:
        mine, theirs = self._soles.get(one), self._soles.get(other)
        return bool(mine and theirs and mine.isdisjoint(theirs))

    def chains(self, one: int, other: int) -> Iterator[tuple[int, int]]:
        """The ends (supplier, buyer) that the two would join as one, each once."""
        seen = set()
        for near, far in ((one, other), (other, one)):
            for ends in self._through(near, far):
                if ends in seen or ends[0] == ends[1] or not {one, other}.isdisjoint(ends):
                    continue
                seen.add(ends)
                if not self._joins(one, *ends) and not self._joins(other, *ends):
                    yield ends

    def _through(self, bought: int, sold: int) -> Iterator[tuple[int, int]]:
        """The ends of deliveries to one and from another that fit as if the two were one."""
        came, went = self._in.get(bought, _NOTHING), self._out.get(sold, _NOTHING)
        for substance, suppliers in came.widest.items():
            for other, buyers in went.widest.items():
                if substance is not None and other is not None and substance != other:
                    continue
                for earliest, supplier in suppliers:
                    for latest, buyer in buyers:
                        if earliest > -latest:
                            break
                        yield supplier, buyer

    def _joins(self, by: int, supplier: int, buyer: int) -> bool:
        """Whether an entity joins two ends by itself."""
        came = self._in.get(by, _NOTHING).of.get(supplier, {})
        went = self._out.get(by, _NOTHING).of.get(buyer, {})
        return any(
            earliest <= -latest and (substance is None or other is None or substance == other)
            for substance, earliest in came.items()
            for other, latest in went.items()
        )


class _Trade(Struct, frozen=True):
    """What one entity got, or gave. A moment is when goods can have come at the earliest, or *minus* when
    they can have gone at the latest, so that the least leaves most time on both sides.

    `of`: by partner and substance; `widest`: by substance the moments and partners, the widest first.
    """

    of: dict[int, dict[str | None, int]]
    widest: dict[str | None, list[tuple[int, int]]]


_NOTHING = _Trade({}, {})


def _trades(reader: GraphReader, keys: list[int], direction: Direction) -> dict[int, _Trade]:
    by_entity: dict[int, list[Delivery]] = {}
    for delivery in reader.deliveries(keys, direction):
        if delivery.confidence >= _LEAST:
            key = delivery.target if direction == "up" else delivery.source
            by_entity.setdefault(key, []).append(delivery)
    return {key: _trade(deliveries, direction) for key, deliveries in by_entity.items()}


def _trade(deliveries: list[Delivery], direction: Direction) -> _Trade:
    of: dict[int, dict[str | None, int]] = {}
    widest: dict[str | None, list[tuple[int, int]]] = {}
    last: dict[str | None, tuple[int, str]] = {}
    moments = [((_moment(each, direction), each.record), each) for each in deliveries]
    for place, each in sorted(moments, key=itemgetter(0)):
        far = each.source if direction == "up" else each.target
        partner = of.setdefault(far, {})
        if each.substance in partner:
            continue
        partner[each.substance] = place[0]
        ranked = widest.setdefault(each.substance, [])
        # all or none of those of one record, or it would count who came first
        if len(ranked) < _WIDEST or last[each.substance] == place:
            ranked.append((place[0], far))
            last[each.substance] = place
    return _Trade(of, widest)


def _moment(delivery: Delivery, direction: Direction) -> int:
    if direction == "down":
        return -delivery.latest
    return -ALWAYS if delivery.earliest is None else delivery.earliest


def _alerts(reader: GraphReader, keys: Mapping[str, int]) -> dict[int, set[str]]:
    """The live alerts that speak of each entity."""
    found: dict[int, set[str]] = {}
    for identifier, finding in reader.findings_about(keys):
        for key in map(keys.get, finding.entities):
            if key is not None:
                found.setdefault(key, set()).add(identifier)
    return found

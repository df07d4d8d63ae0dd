"""Drug networks of made people: producer, resellers, fillers, agents, couriers, users.

A network deals for some months; what is known of it is scattered over tips, payments, parcels,
drivers and seizures, some of them told twice, untrue, corrected or taken back.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from streams.simulate.cell import Draft, Maker
from streams.simulate.clock import DAY
from streams.simulate.innocents import check
from streams.simulate.people import Person, Vehicle
from streams.simulate.sightings import GOODS, Event, Goods, carriage, found_parcel, seizure, tip

_TIERS = (("producer", 1, 1), ("reseller", 1, 2), ("filler", 1, 2), ("agent", 2, 3), ("user", 5, 9))
_SCALES = (40, 20, 8, 1)  # of what a tier hands to the next, in usual street quantities


@dataclass(slots=True)
class Trade:
    """A network at work: its tiers from the source to the street, its drivers, what it deals in."""

    tiers: list[list[Person]]
    couriers: list[Person]
    vehicles: dict[Person, Vehicle]
    goods: Goods
    start: int
    days: int
    events: list[Event] = field(default_factory=list)
    carried: set[int] = field(default_factory=set)  # places in `events` whose target is a driver

    def moments(self, tier: int, draws: list[float]) -> list[int]:
        """When a pair of tiers deals, in order: first soon after the tier above has goods itself, then
        at any time until the end."""
        opens = self.start + tier * 18 * DAY
        left = (self.days - tier * 18) * DAY
        first = opens + int(draws[0] * (15 * DAY if tier < len(self.tiers) - 2 else left))
        return [first, *sorted(first + int(d * (opens + left - first)) for d in draws[1:])]

    def courier(self, tier: int, draw: float) -> Person:
        """A driver: the first carries wholesale, the others to the street."""
        if tier < len(self.tiers) - 2 or len(self.couriers) == 1:
            return self.couriers[0]
        return self.couriers[1 + int(draw * (len(self.couriers) - 1))]


def recruit(maker: Maker, start: int) -> Trade:
    """The people of a network and what they deal in."""
    r = maker.rng.random
    tiers = [
        [maker.registry.person(ages=(20, 55)) for _ in range(low + int(r() * (high - low + 1)))]
        for _, low, high in _TIERS
    ]
    couriers = [maker.registry.person(ages=(22, 50)) for _ in range(2 + int(r() * 2))]
    movers = [*couriers, *tiers[1], *tiers[3]]
    vehicles = {p: maker.registry.vehicle(p, start) for p in movers if p in couriers or r() < 0.5}
    goods = GOODS[int(r() * len(GOODS))]
    return Trade(tiers, couriers, vehicles, goods, start, 110 + int(r() * 70))


def deal(maker: Maker, trade: Trade) -> None:
    """All true deliveries: everybody is supplied once to thrice by one or two of the tier above;
    some of the goods go by a driver."""
    r = maker.rng.random
    for tier, (above, below) in enumerate(zip(trade.tiers, trade.tiers[1:], strict=False)):
        for target in below:
            suppliers = {above[int(r() * len(above))] for _ in range(1 + (r() < 0.15))}
            for source in sorted(suppliers, key=lambda p: p.key):
                draws = [r() for _ in range(1 + int(r() * 2.5))]
                for when in trade.moments(tier, draws):
                    _hand(maker, trade, tier, Event(source, target, when, trade.goods, _SCALES[tier]))


def _hand(maker: Maker, trade: Trade, tier: int, event: Event) -> None:
    r = maker.rng.random
    if r() < 0.2:
        driver = trade.courier(tier, r())
        trade.carried.add(len(trade.events))
        trade.events.append(event._replace(target=driver))
        event = event._replace(source=driver, when=event.when + DAY + int(r() * DAY))
    trade.events.append(event)


def observe(maker: Maker, trade: Trade) -> list[Draft]:
    """What becomes known of the deliveries, at least one of nearly every pair."""
    r = maker.rng.random
    drafts: list[Draft] = []
    known: set[tuple[Person, Person]] = set()
    for place, event in enumerate(trade.events):
        pair = (event.source, event.target)
        if r() < (0.3 if pair in known else 0.93):
            known.add(pair)
            drafts.append(_sighting(maker, trade, place))
    for user in trade.tiers[-1]:
        if r() < 0.45:
            last = trade.start + trade.days * DAY + int(r() * 10 * DAY)
            drafts.append(seizure(maker, Event(user, user, last, trade.goods, 1), ""))
    return drafts


def _sighting(maker: Maker, trade: Trade, place: int) -> Draft:
    r = maker.rng.random
    event = trade.events[place]
    if place in trade.carried:
        return carriage(maker, event, trade.vehicles.get(event.target) if r() < 0.8 else None)
    draw = r()
    if draw < 0.38:
        return tip(maker, event)
    if draw < 0.5:
        return tip(maker, event, "paid")
    if draw < 0.72:
        return found_parcel(maker, event)
    return seizure(maker, event, "supplied" if draw < 0.86 else "paid")


def hoaxes(maker: Maker, trade: Trade) -> list[Draft]:
    """Tips that are not true: of strangers, or of a stranger said to supply someone of the trade."""
    r = maker.rng.random
    drafts = []
    for _ in range(int(r() * 2.2)):
        blamed = maker.registry.person()
        target = maker.registry.person()
        if r() < 0.4:
            target = trade.tiers[3][int(r() * len(trade.tiers[3]))]
        when = trade.start + int(r() * trade.days * DAY)
        draft = tip(maker, Event(blamed, target, when, trade.goods, 4))
        draft.hoax = True
        maker.count("hoax")
        drafts.append(draft)
    return drafts


def travels(maker: Maker, trade: Trade) -> list[Draft]:
    """Members of the trade at checkpoints, with nothing on them."""
    r = maker.rng.random
    drafts = []
    for person in [p for tier in trade.tiers for p in tier] + trade.couriers:
        for _ in range(int(r() * r() * 3)):
            when = trade.start + int(r() * trade.days * DAY)
            drafts.append(check(maker, [person], trade.vehicles.get(person), when))
    return drafts


def network(maker: Maker, start: int) -> list[Draft]:
    """All records of one network, before their variants."""
    trade = recruit(maker, start)
    deal(maker, trade)
    drafts = observe(maker, trade) + hoaxes(maker, trade) + travels(maker, trade)
    if maker.rng.random() < 0.3:
        year = 2018 + int(maker.rng.random() * 3)
        case = f"{year}-{100 + int(maker.rng.random() * 800)}"
        for draft in drafts:
            if not draft.hoax and maker.rng.random() < 0.15:
                draft.record["case"] = case
    maker.count("network")
    return drafts

"""Hubs: people with hundreds or thousands of records, most of them innocent."""

from __future__ import annotations

from streams.simulate.cell import Draft, Maker
from streams.simulate.clock import DAY
from streams.simulate.innocents import check, parcel
from streams.simulate.people import Person
from streams.simulate.sightings import GOODS, Event, seizure, tip


def hub(maker: Maker, start: int, end: int, size: int) -> list[Draft]:
    """A hub's `size` records between two moments: a lorry driver, a shop or a busy dealer in turn."""
    maker.count("hub")
    kinds = (lorry_driver, shop, lorry_driver, dealer)
    return kinds[maker.counts["hub"] % len(kinds)](maker, start, end, size)


def _moments(maker: Maker, start: int, end: int, size: int) -> list[int]:
    step = (end - start) / size
    return [start + int((i + maker.rng.random()) * step) for i in range(size)]


def lorry_driver(maker: Maker, start: int, end: int, size: int) -> list[Draft]:
    """Somebody who crosses every day with the same lorry, seldom with a mate."""
    driver = maker.registry.person(ages=(25, 55))
    lorry = maker.registry.vehicle(driver, start)
    lorry.type = "重型货车"
    mates = [maker.registry.person() for _ in range(3)]
    drafts = []
    for when in _moments(maker, start, end, size):
        draw = maker.rng.random()
        crew = [driver, mates[int(draw * 30)]] if draw < 0.1 else [driver]
        drafts.append(check(maker, crew, lorry, when))
    return drafts


def shop(maker: Maker, start: int, end: int, size: int) -> list[Draft]:
    """A shop that posts parcels to very many customers, some of them regular ones."""
    r = maker.rng.random
    owner = maker.registry.person(ages=(22, 60))
    regulars: list[Person] = []
    drafts = []
    for when in _moments(maker, start, end, size):
        customer = (
            maker.registry.person() if r() < 0.7 or not regulars else (regulars[int(r() * len(regulars))])
        )
        if len(regulars) < size // 20:
            regulars.append(customer)
        drafts.append(parcel(maker, owner, customer, when))
    return drafts


def dealer(maker: Maker, start: int, end: int, size: int) -> list[Draft]:
    """A dealer whose phone turns up with a great many users, in seizures and tips."""
    r = maker.rng.random
    seller = maker.registry.person(ages=(20, 50))
    goods = GOODS[int(r() * len(GOODS))]
    drafts = []
    for when in _moments(maker, start, end - 20 * DAY, size // 2):
        buyer = maker.registry.person(ages=(17, 45))
        event = Event(seller, buyer, when, goods, 1)
        if r() < 0.4:
            drafts.append(tip(maker, event))
        else:
            drafts.append(seizure(maker, event, "supplied" if r() < 0.5 else "paid"))
    return drafts

"""The great majority: travellers, their families, parcels, complaints about noise."""

from __future__ import annotations

from typing import Any

from streams.simulate.blunders import CALLER, CHECK, COURIER
from streams.simulate.cell import Draft, Maker
from streams.simulate.clock import DAY, day, minute
from streams.simulate.people import Person, Vehicle
from streams.simulate.tables import Checkpoint

_NOISE = (
    "{place}附近夜里唱歌到凌晨，噪音很大，请派人处理。",
    "{place}楼下有人占道经营，油烟熏人。",
    "有车辆长期堵住{place}的消防通道。",
    "{place}有人半夜摔东西吵架，邻居睡不着。",
    "{place}有陌生人在楼道里转悠，不知道干什么的。",
    "邻居家的狗一直叫，{place}，打了几次电话没人管。",
)
_ABOUT = (
    "{who}在{place}大声喧哗，劝了不听。",
    "{who}经常半夜放音响，{place}。",
    "{who}把车停在{place}门口，挡了路。",
)
_CHECKED = ("例行检查，未发现异常。", "人车核验无误，放行。", "过海车辆抽查，正常。", "旅客登记，无异常。")


def check(
    maker: Maker,
    people: list[Person],
    vehicle: Vehicle | None,
    when: int,
    point: Checkpoint | None = None,
) -> Draft:
    """Travellers stopped and let go at a checkpoint, with the vehicle that they came in."""
    r = maker.rng.random
    points = maker.tables.checkpoints
    point = point or points[int(r() * len(points))]
    draft = _at(maker, point, when, "released" if r() < 0.93 else "recorded")
    persons: list[dict[str, Any]] = []
    for i, person in enumerate(people, 1):
        hotel = maker.hotel_phone() if r() < 0.03 else None
        persons.append(maker.scribe.describe(person, f"p{i}", CHECK, hotel))
        draft.people[f"p{i}"] = person
    draft.record["persons"] = persons
    if vehicle is not None:
        ride(maker, draft, vehicle)
    if r() < 0.25:
        draft.record["text"] = _CHECKED[int(r() * len(_CHECKED))]
    return draft


def ride(maker: Maker, draft: Draft, vehicle: Vehicle, driver: str = "p1") -> None:
    """Adds the vehicle: the driver, the others as passengers, the owner when it is the driver."""
    made: dict[str, Any] = {"ref": "v1", "plate": maker.scribe.plate(vehicle.plate)}
    r = maker.rng.random
    if r() < 0.8:
        made["type"] = vehicle.type
    if r() < 0.7:
        made["colour"] = vehicle.colour
    made["driver"] = driver
    if draft.people[driver] is vehicle.owner and r() < 0.6:
        made["owner"] = driver
    others = [ref for ref in draft.people if ref != driver]
    if others:
        made["passengers"] = others
    draft.record["vehicles"] = [made]
    draft.vehicles["v1"] = vehicle
    if made["plate"].replace("·", "") == vehicle.plate:
        draft.plates[driver] = vehicle.plate


def _at(maker: Maker, point: Checkpoint, when: int, outcome: str) -> Draft:
    r = maker.rng.random
    reported = when + 300 + int(r() * 7200)
    record = maker.record("interception", f"{point.region}-check", point.region, reported)
    record["checkpoint"] = point.id
    record["outcome"] = outcome
    if r() < 0.97:
        record["occurred"] = minute(when) if r() < 0.8 else day(when)
    if point.kind == "ferry":
        record["direction"] = "inbound" if r() < 0.5 else "outbound"
        if r() < 0.15:
            record["vessel"] = f"椰城{1 + int(r() * 20)}号"
    return Draft(record, reported)


def household(maker: Maker, start: int, trips: int | None = None) -> list[Draft]:
    """A household over some months: trips together and alone, perhaps one phone for all, a car."""
    r = maker.rng.random
    size = 1 + int(r() * r() * 4)
    head = maker.registry.person()
    members = [head]
    for i in range(1, size):
        kin = maker.registry.person(surname=head.surname if i != 1 else None, region=head.region)
        if r() < 0.8:
            kin.house = head.house
        members.append(kin)
    if size > 1 and r() < 0.35:
        maker.count("family_phone")
        for member in members:
            member.phone, member.shared = head.phone, True
    vehicle = maker.registry.vehicle(head, start) if r() < 0.6 else None
    drafts: list[Draft] = []
    when = start
    for _ in range(trips or 1 + int(r() * r() * 6)):
        when += int((0.02 + r() * 0.98) * 30 * DAY)
        going = [m for m in members if r() < 0.72] or [head]
        by_car = vehicle if r() < 0.85 else None
        drafts.append(check(maker, going, by_car, when))
    if vehicle is not None and r() < 0.08:
        maker.registry.retire(vehicle, when)
    return drafts


def parcel(maker: Maker, sender: Person, recipient: Person, when: int) -> Draft:
    """A parcel looked at in a courier hub: opened and empty of goods, seldom only noted."""
    r = maker.rng.random
    points = maker.tables.hubs
    outcome = "released" if r() < 0.85 else "recorded"
    draft = _at(maker, points[int(r() * len(points))], when, outcome)
    address_parcel(maker, draft, sender, recipient, when)
    return draft


def address_parcel(maker: Maker, draft: Draft, sender: Person, recipient: Person, when: int) -> None:
    """Adds a parcel, with its sender and recipient as the waybill has them."""
    r = maker.rng.random
    describe = maker.scribe.describe
    draft.people |= {"s1": sender, "r1": recipient}
    draft.record.setdefault("persons", []).extend(
        (describe(sender, "s1", COURIER), describe(recipient, "r1", COURIER))
    )
    made: dict[str, Any] = {"ref": "k1", "sender": "s1", "recipient": "r1"}
    if r() < 0.96:
        made["tracking_no"] = maker.registry.tracking_no()
    if r() < 0.8:
        made["carrier"] = maker.tables.carriers[int(r() * len(maker.tables.carriers))]
    if r() < 0.7:
        made["sender_address"] = sender.house
    if r() < 0.8:
        made["recipient_address"] = recipient.house
    if r() < 0.85:
        sent = when - int(r() * 3 * DAY)
        made["sent_at"] = day(sent) if r() < 0.6 else minute(sent)
    draft.record["parcels"] = [made]


def correspondents(maker: Maker, start: int) -> list[Draft]:
    """A small circle of people who send one another parcels."""
    r = maker.rng.random
    people = [maker.registry.person() for _ in range(2 + int(r() * 2))]
    drafts: list[Draft] = []
    when = start
    for _ in range(1 + int(r() * 4)):
        when += int((0.02 + r()) * 20 * DAY)
        one = int(r() * len(people))
        two = (one + 1 + int(r() * (len(people) - 1))) % len(people)
        drafts.append(parcel(maker, people[one], people[two], when))
    return drafts


def complaint(maker: Maker, reported: int, about: Person | None = None) -> Draft:
    """A tip about noise, with or without somebody named in it."""
    r = maker.rng.random
    region = maker.tables.regions[int(r() * len(maker.tables.regions))]
    record = maker.record("tip", f"{region.code}-110", region.code, reported)
    record["channel"] = ("phone", "app", "web", "wechat", "walk_in", "letter")[int(r() * 6)]
    draft = Draft(record, reported)
    place = maker.registry.address(region)
    if about is None:
        record["text"] = _NOISE[int(r() * len(_NOISE))].format(place=place)
    else:
        details = maker.scribe.describe(about, "p1", CALLER)
        record["persons"] = [details]
        draft.people["p1"] = about
        who = details.get("name") or "有个人"
        record["text"] = _ABOUT[int(r() * len(_ABOUT))].format(who=who, place=place)
    report(maker, record)
    return draft


def report(maker: Maker, record: dict[str, Any]) -> None:
    """Adds a reporter (举报人), who now and then names themselves in the text as well."""
    r = maker.rng.random
    draw = r()
    if draw < 0.4:
        record["reporter"] = {"anonymous": True}
        return
    if draw < 0.55:
        return
    region = maker.tables.regions[int(r() * len(maker.tables.regions))]
    given = maker.tables.given_m
    name = maker.tables.surnames_local[int(r() * len(maker.tables.surnames_local))]
    name += given[int(r() * len(given))] + given[int(r() * len(given))]
    phone = maker.registry.phone()
    record["reporter"] = {"name": name, "phone": phone, "address": maker.registry.address(region)}
    if r() < 0.1:
        record["text"] += f"我叫{name}，电话{phone}。"
        maker.count("reporter_in_text")


def neighbours(maker: Maker, start: int) -> list[Draft]:
    """One or a few complaints, about nobody or about the same neighbour."""
    r = maker.rng.random
    if r() < 0.5:
        return [complaint(maker, start)]
    about = maker.registry.person()
    return [complaint(maker, start + i * DAY + int(r() * 20 * DAY), about) for i in range(1 + int(r() * 2.6))]

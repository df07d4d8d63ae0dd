"""How single deliveries come to be known: a tip, a payment, a parcel, a driver, a seizure.

Each function makes one record that states one delivery (or none), in one of the four ways that
a delivery can be read from a record.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any, NamedTuple

from streams.simulate.blunders import CALLER, CHECK, OFFICER
from streams.simulate.cell import Draft, Maker
from streams.simulate.clock import DAY, day, minute
from streams.simulate.innocents import address_parcel, report, ride
from streams.simulate.people import Person, Vehicle


class Goods(NamedTuple):
    """What a network deals in: its names, unit, form, container, usual quantity, price a unit."""

    names: tuple[str, ...]
    unit: str
    form: str
    container: str
    quantity: float
    price: int


_COUNTED = ("支", "颗")
GOODS = (
    Goods(("笑气", "笑气", "氧化亚氮", "一氧化二氮"), "支", "气体", "气弹", 60, 4),
    Goods(("笑气", "氧化亚氮"), "L", "气体", "钢瓶", 20, 90),
    Goods(("冰毒", "甲基苯丙胺"), "克", "晶体", "塑料袋", 10, 300),
    Goods(("氯胺酮", "K粉"), "克", "粉末", "塑料袋", 8, 400),
    Goods(("大麻",), "克", "叶", "铁盒", 20, 100),
    Goods(("麻古",), "颗", "片剂", "塑料袋", 30, 60),
)


class Event(NamedTuple):
    """One true delivery: who to whom, when (seconds), how much, at which scale of the trade."""

    source: Person
    target: Person
    when: int
    goods: Goods
    scale: int

    def quantity(self, draw: float) -> float:
        """A quantity that fits the scale, from an even draw; of what is counted, a whole number."""
        quantity = self.goods.quantity * self.scale * (0.4 + draw * 1.4)
        return float(max(round(quantity), 1)) if self.goods.unit in _COUNTED else round(quantity, 1)


def _said(maker: Maker, when: int) -> Any:
    """When it happened, as people put it: a day, a minute, a few days, seldom only the month."""
    draw = maker.rng.random()
    if draw < 0.55:
        return day(when)
    if draw < 0.8:
        return minute(when)
    return {"from": day(when - DAY), "to": day(when + DAY)} if draw < 0.95 else day(when)[:7]


def _relation(maker: Maker, kind: str, one: str, two: str, event: Event) -> dict[str, Any]:
    r = maker.rng.random
    goods = event.goods
    made: dict[str, Any] = {"from": one, "to": two, "kind": kind, "at": _said(maker, event.when)}
    if r() < 0.9 or kind != "supplied":
        made["substance"] = goods.names[int(r() * len(goods.names))]
    if r() < 0.75:
        made["quantity"] = event.quantity(r())
        made["unit"] = goods.unit
        if kind == "paid":
            made["amount"] = round(made["quantity"] * goods.price)
    return made


def lot(maker: Maker, event: Event, where: dict[str, str]) -> dict[str, Any]:
    """Goods as a record lists them; `where` holds `held_by` or `found_in`."""
    r = maker.rng.random
    goods = event.goods
    made: dict[str, Any] = {
        "ref": "l1",
        "substance": goods.names[int(r() * len(goods.names))],
        "quantity": event.quantity(r()),
        "unit": goods.unit,
    }
    if r() < 0.7:
        made["form"] = goods.form
    if r() < 0.6:
        made["container"] = goods.container
        made["containers"] = 1 + int(r() * 8)
    if r() < 0.3:
        made["seal_no"] = f"F{int(r() * 10**6):06d}"
    return made | where


def _draft(maker: Maker, kind: str, event: Event, delay: float) -> Draft:
    r = maker.rng.random
    regions = maker.tables.regions
    region = regions[int(r() * len(regions))]
    if r() < 0.7 and event.target.region.local:
        region = event.target.region
    reported = event.when + DAY + int(r() * delay * DAY) + 7200
    unit = {"tip": "110", "seizure": "jd", "interception": "check"}[kind]
    record = maker.record(kind, f"{region.code}-{unit}", region.code, reported)
    maker.grade(record)
    return Draft(record, reported)


def _named(details: dict[str, Any]) -> str:
    """A person as a tip names them: with what is known to tell them from others."""
    name, aliases = details.get("name"), details.get("aliases") or []
    also = [f"绰号“{alias}”" for alias in aliases if name and alias != name]
    also += [f"电话{phone}" for phone in details.get("phones") or ()]
    also += [f"身份证号{details['id_number']}"] if details.get("id_number") else []
    return str(name or (aliases or ["有个人"])[0]) + (f"（{'，'.join(also)}）" if also else "")


_TALES = (
    "举报：{one}把{goods}卖给{two}，{much}，时间大概是{day}。",
    "我要举报{one}，{day}在小区门口把{goods}卖给了{two}，{much}。",
    "{day}，{two}从{one}那里买了{goods}，{much}，我亲眼看到的。",
    "{two}手里的{goods}是{one}卖给他的，{much}，{day}交的货。",
    "举报人称：{day}，{one}向{two}贩卖{goods}，{much}。",
    "你好，{one}{day}给{two}送了一次{goods}，{much}，请你们查一下。",
    "{two}的上家就是{one}，{day}那次拿的是{goods}，{much}。",
    "被举报人{one}，于{day}将{goods}卖与{two}，{much}，情况属实。",
)
_TALES_OF_PAYMENT = (
    "举报：{one}收了{two}的钱，把{goods}交给{two}，{much}，时间大概是{day}。",
    "{day}，{two}给{one}转了账，{one}把{goods}给了{two}，{much}。",
    "{two}付钱给{one}买{goods}，{much}，{day}我在场。",
)


def _tale(template: str, one: dict[str, Any], two: dict[str, Any], said: dict[str, str]) -> str:
    """The tale of two people, who are named in full where they first stand and shortly after that."""
    names = {"one": one, "two": two}
    short = {
        who: str(details.get("name") or (details.get("aliases") or ["有个人"])[0])
        for who, details in names.items()
    }

    def fill(slot: re.Match[str]) -> str:
        who = names.pop(slot[1], None)
        if who is not None:
            return _named(who)
        return short.get(slot[1]) or said[slot[1]]

    return re.sub(r"\{(\w+)\}", fill, template)


def _cast(maker: Maker, draft: Draft, people: dict[str, Person], hand: Any) -> list[dict[str, Any]]:
    """Describes people in the record, with a nickname now and then."""
    made = []
    for ref, person in people.items():
        details = maker.scribe.describe(person, ref, hand)
        if "name" not in details or maker.rng.random() < 0.15:
            details["aliases"] = [maker.scribe.nickname(person)]
        made.append(details)
    draft.record.setdefault("persons", []).extend(made)
    draft.people |= people
    return made


def tip(maker: Maker, event: Event, kind: str = "supplied") -> Draft:
    """Somebody tells who supplied whom (`supplied`), or who paid whom for it (`paid`)."""
    r = maker.rng.random
    draft = _draft(maker, "tip", event, 9)
    record = draft.record
    record["channel"] = ("phone", "app", "web", "wechat", "walk_in", "letter")[int(r() * 6)]
    one, two = _cast(maker, draft, {"a": event.source, "b": event.target}, CALLER)
    for details in (one, two):
        details["role"] = "suspect" if r() < 0.7 else "unknown"
    frm, to = ("a", "b") if kind == "supplied" else ("b", "a")
    relation = _relation(maker, kind, frm, to, event)
    record["relations"] = [relation]
    goods = relation.get("substance", "那种东西")
    much = f"{relation['quantity']:g}{relation['unit']}" if "quantity" in relation else "不少"
    tales = _TALES if kind == "supplied" else _TALES_OF_PAYMENT
    template, said = tales[int(r() * len(tales))], {"goods": goods, "much": much, "day": day(event.when)}
    draft.tale = partial(_tale, template, one, two, said)
    record["text"] = ""
    report(maker, record)
    return draft


def found_parcel(maker: Maker, event: Event) -> Draft:
    """A parcel opened in a courier hub with the goods in it."""
    r = maker.rng.random
    draft = _draft(maker, "interception", event, 0)
    hubs = maker.tables.hubs
    point = hubs[int(r() * len(hubs))]
    draft.record |= {
        "region": point.region,
        "checkpoint": point.id,
        "outcome": "seized" if r() < 0.6 else "recorded",
        "occurred": minute(event.when),
    }
    address_parcel(maker, draft, event.source, event.target, event.when)
    draft.record["lots"] = [lot(maker, event, {"found_in": "k1"})]
    return draft


def carriage(maker: Maker, event: Event, vehicle: Vehicle | None) -> Draft:
    """A driver stopped with goods in the vehicle, who says for whom; the target is the driver."""
    r = maker.rng.random
    draft = _draft(maker, "interception", event, 0)
    points = maker.tables.checkpoints
    point = points[int(r() * len(points))]
    draft.record |= {
        "region": point.region,
        "checkpoint": point.id,
        "outcome": "detained" if r() < 0.5 else "recorded",
        "occurred": minute(event.when),
    }
    _cast(maker, draft, {"p1": event.target}, CHECK)
    if vehicle is not None:
        ride(maker, draft, vehicle)
        draft.record["lots"] = [lot(maker, event, {"found_in": "v1", "held_by": "p1"})]
    else:
        draft.record["lots"] = [lot(maker, event, {"held_by": "p1"})]
    _cast(maker, draft, {"p2": event.source}, CALLER)
    draft.record["relations"] = [{"from": "p1", "to": "p2", "kind": "carried_for", "at": day(event.when)}]
    return draft


def seizure(maker: Maker, event: Event, how: str) -> Draft:
    """Goods found with the target. `how`: `supplied` or `paid` when they name the source, `` when
    they keep silent."""
    r = maker.rng.random
    draft = _draft(maker, "seizure", event, 4)
    record = draft.record
    record["occurred"] = minute(draft.reported - 7200)
    (holder,) = _cast(maker, draft, {"p1": event.target}, OFFICER)
    holder["role"] = "user" if event.scale <= 1 and r() < 0.6 else "suspect"
    record["lots"] = [lot(maker, event, {"held_by": "p1"})]
    if how:
        _cast(maker, draft, {"p2": event.source}, CALLER)
        one, two = ("p2", "p1") if how == "supplied" else ("p1", "p2")
        record["relations"] = [_relation(maker, how, one, two, event)]
    if r() < 0.3:
        record["money"] = [
            {"amount": 100 * (1 + int(r() * 90)), "currency": "CNY", "form": "现金", "held_by": "p1"}
        ]
    record["place"] = _place(maker, record)
    if event.scale <= 1:
        draft.street = "p1"
    return draft


def _place(maker: Maker, record: dict[str, Any]) -> dict[str, Any]:
    r = maker.rng.random
    region = maker.tables.region_of[record["region"]]
    made: dict[str, Any] = {"region": region.code, "address": maker.registry.address(region)}
    if r() < 0.3:
        made["name"] = maker.tables.venues[int(r() * len(maker.tables.venues))]
        record["venues"] = [{"ref": "w1", "name": made["name"], "type": "娱乐场所"}]
    return made

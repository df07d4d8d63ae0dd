"""The ring of case 2019-551: its 37 made people, the chain that is to be found, what is known of it.

The chain from the street seizure up has five hops, each stated in another way: payment (the user
paid the agent), parcel (the filler posted it), relation (the driver handed it over), carriage (the
driver carried for the reseller), relation (the producer supplied the reseller).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from streams.simulate.cell import Draft, Maker
from streams.simulate.clock import DAY, at, stamp
from streams.simulate.innocents import check
from streams.simulate.networks import Trade, deal, observe
from streams.simulate.people import Person, Vehicle, credit_code
from streams.simulate.sightings import GOODS, Event, carriage, found_parcel, seizure, tip
from streams.simulate.tables import Checkpoint
from streams.simulate.variants import choose_fate

CASE = "2019-551"
ORIGIN = "460100-jd/2020-0117-03#p1"
PEOPLE = 37
_STREET, _TANKS = GOODS[0], GOODS[1]
_CAST = {
    "producer": ("440100 温启源",),
    "reseller": ("440825 卓茂林", "460100 麦世诚"),
    "filler": ("460100 羊炳坤", "460400 符焕才", "460200 云修武"),
    "agent": ("460100 邢佳莹", "460100 庄志豪", "460200 黎雨菲", "460400 羊晓岚", "440100 司徒俊"),
    "courier": ("440825 伍振海", "460100 吉海远", "460200 关永平", "469005 韩保运"),
    "user": (
        "460100 陈思妍", "460100 王浩宇", "460100 林子晨", "460100 吴雨婷", "460100 符小龙",
        "460100 黄倩", "460100 李建军", "460100 周安宁", "460200 张晓峰", "460200 蔡雪", "460200 曾乐",
        "460200 郑亚楠", "460200 梁天佑", "460400 羊丽君", "460400 谢国强", "460400 何巧云",
        "469005 邱文静", "469005 邓如海", "440100 罗嘉欣", "440100 叶展鹏", "440100 苏曼", "440825 潘杰",
    ),
}  # fmt: skip


@dataclass(slots=True)
class Ring:
    """The people by role, and what was taken from them in the end (litres, yuan)."""

    roles: dict[str, list[Person]]
    vehicles: dict[Person, Vehicle]
    litres: float = 0.0
    yuan: int = 0

    @property
    def producer(self) -> Person:
        """Whom the chain leads up to."""
        return self.roles["producer"][0]


def _recruit(maker: Maker) -> Ring:
    roles: dict[str, list[Person]] = {}
    for role, names in _CAST.items():
        roles[role] = []
        for entry in names:
            code, name = entry.split(" ")
            cut = 2 if name.startswith("司徒") else 1
            person = maker.registry.person(surname=name[:cut], region=maker.tables.region_of[code])
            person.surname, person.given = name[:cut], name[cut:]
            roles[role].append(person)
    movers = [*roles["courier"], *roles["reseller"], roles["agent"][0]]
    vehicles = {p: maker.registry.vehicle(p, at(2019, 5, 1)) for p in movers}
    return Ring(roles, vehicles)


def ring_drafts(maker: Maker) -> tuple[Ring, list[Draft]]:
    """The ring and all records of it, before their variants."""
    ring = _recruit(maker)
    chain = _chain(maker, ring)
    rest = _rest(maker, ring)
    told = _told_wrong(maker, ring)
    end = [*_raids(maker, ring), _other_case(maker, ring)]
    for draft in rest:
        if draft.record["kind"] != "seizure":
            choose_fate(draft, maker, 0.25 if draft.record["kind"] == "tip" else 0.0)
        if maker.rng.random() < 0.3 and draft.reported > at(2019, 9, 1):
            draft.record["case"] = CASE
    return ring, chain + rest + told + end


def _chain(maker: Maker, ring: Ring) -> list[Draft]:
    """The five hops that lead from the street to the producer, and what surrounds them."""
    top, reseller, driver = ring.producer, ring.roles["reseller"][0], ring.roles["courier"][0]
    filler, agent, user = (ring.roles[role][0] for role in ("filler", "agent", "user"))
    first = tip(maker, Event(top, reseller, at(2019, 9, 12), _TANKS, 12))
    first.fate, first.copies = "revised_late", 1
    second = carriage(maker, Event(reseller, driver, at(2019, 9, 27, 22), _TANKS, 10), ring.vehicles[driver])
    third = tip(maker, Event(driver, filler, at(2019, 9, 29), _TANKS, 10))
    third.copies = 2
    fourth = found_parcel(maker, Event(filler, agent, at(2019, 11, 18, 15), _STREET, 12))
    last = seizure(maker, Event(agent, user, at(2020, 1, 15, 21), _STREET, 1), "paid")
    last.record |= {"source": "460100-jd", "source_id": "2020-0117-03", "region": "460100", "case": CASE}
    for draft in (first, third):
        draft.record["relations"][0]["substance"] = "笑气"
        draft.record["case"] = CASE
        _reported_by(maker, draft)
    days = (at(2019, 9, 26, 6), at(2019, 9, 27, 3), at(2019, 9, 28, 11), at(2019, 10, 3, 5))
    points = ("xuwen-haian", "haikou-xiuying", "chengmai-road", "haikou-xinhai")
    sites = {p.id: p for p in maker.tables.checkpoints}
    trips = [
        _trip(maker, driver, ring.vehicles[driver], when, sites[point])
        for when, point in zip(days, points, strict=True)
    ]
    return [first, second, third, fourth, last, *trips]


def _trip(maker: Maker, who: Person, vehicle: Vehicle, when: int, point: Checkpoint) -> Draft:
    draft = check(maker, [who], vehicle, when, point)
    draft.record["outcome"] = "released"
    return draft


def _reported_by(maker: Maker, draft: Draft) -> None:
    """A made reporter (举报人) with a full identity, who must stay secret."""
    someone = maker.registry.person()
    draft.record["reporter"] = {
        "name": someone.name,
        "phone": someone.phone,
        "id_number": someone.id_number,
        "address": someone.house,
    }
    draft.record["text"] += f"我是{someone.name}，请打{someone.phone}找我，不要说是我讲的。"


def _rest(maker: Maker, ring: Ring) -> list[Draft]:
    """Everything else that the ring did from June to March, as far as it became known."""
    tiers = [ring.roles[role] for role in ("producer", "reseller", "filler", "agent")]
    tiers.append(ring.roles["user"][1:])  # of the first only the street seizure is known
    trade = Trade(tiers, ring.roles["courier"], ring.vehicles, _STREET, at(2019, 6, 1), 270)
    deal(maker, trade)
    drafts = observe(maker, trade)
    r = maker.rng.random
    for person, vehicle in ring.vehicles.items():
        drafts += [
            check(maker, [person], vehicle, trade.start + int(r() * trade.days * DAY))
            for _ in range(1 + int(r() * 3))
        ]
    return drafts


def _told_wrong(maker: Maker, ring: Ring) -> list[Draft]:
    """A hoax, and a tip that is withdrawn, both of them about strangers."""
    blamed, other = maker.registry.person(), maker.registry.person()
    agent = ring.roles["agent"][1]
    hoax = tip(maker, Event(blamed, agent, at(2019, 10, 8), _STREET, 6))
    hoax.hoax = True
    hoax.record["grade"] = {"source": "E", "information": 5}
    taken = tip(maker, Event(other, ring.roles["user"][5], at(2019, 12, 2), _STREET, 1))
    taken.alive, taken.fate = False, "withdrawn"
    for draft in (hoax, taken):
        _reported_by(maker, draft)
    maker.count("hoax")
    return [hoax, taken]


def _other_case(maker: Maker, ring: Ring) -> Draft:
    """A tip of another case, in which a stranger takes payment with an agent's bank card."""
    stranger, buyer = maker.registry.person(), maker.registry.person()
    draft = tip(maker, Event(stranger, buyer, at(2020, 1, 9), GOODS[2], 1), "paid")
    draft.record["case"] = "2019-417"
    details = draft.record["persons"][0]
    details |= {
        "name": stranger.name,
        "id_number": stranger.id_number,
        "bank_cards": [ring.roles["agent"][0].card],
    }
    return draft


_RAIDS = (
    # role, number, region, litres, container, containers, yuan
    ("producer", 0, "440100", 1240.0, "钢瓶", 31, 46_800),
    ("reseller", 0, "440825", 320.0, "钢瓶", 8, 21_500),
    ("filler", 0, "460100", 238.0, "钢瓶", 6, 18_600),
    ("filler", 1, "460400", 112.5, "钢瓶", 3, 7_400),
    ("agent", 0, "460100", 64.0, "气弹", 120, 12_950),
)


def _raids(maker: Maker, ring: Ring) -> list[Draft]:
    """The day of the arrests, 2020-04-20: what was found, with whom, and how much money."""
    drafts = []
    for number, (role, place, region, litres, container, containers, yuan) in enumerate(_RAIDS, 1):
        who = ring.roles[role][place]
        reported = at(2020, 4, 20, 18) + number * 1500
        record = maker.record("seizure", f"{region}-jd", region, reported)
        record |= {
            "source_id": f"2020-0420-{number:02d}",
            "reported_at": stamp(reported),
            "occurred": "2020-04-20",
            "case": CASE,
            "operation": "净边2020",
            "grade": {"source": "A", "information": 1},
            "persons": [_known(who)],
            "lots": [_found(litres, container, containers)],
            "money": [{"amount": yuan, "currency": "CNY", "form": "现金", "held_by": "p1"}],
            "place": {"region": region, "address": who.house},
        }
        if role == "producer":
            _add_company(record)
        if role == "agent":
            record["persons"][0]["bank_cards"] = [who.card]
        ring.litres += litres
        ring.yuan += yuan
        drafts.append(Draft(record, reported, {"p1": who}))
    return drafts


def _known(who: Person) -> dict[str, Any]:
    return {
        "ref": "p1",
        "name": who.name,
        "id_number": who.id_number,
        "phones": [who.phone],
        "gender": who.gender,
        "birth_date": who.birth,
        "hukou": who.region.name,
        "role": "suspect",
    }


def _found(litres: float, container: str, containers: int) -> dict[str, Any]:
    return {
        "ref": "l1",
        "substance": "氧化亚氮",
        "quantity": litres,
        "unit": "L",
        "form": "气体",
        "container": container,
        "containers": containers,
        "held_by": "p1",
    }


def _add_company(record: dict[str, Any]) -> None:
    """The made gas maker in whose yard it was found."""
    record["organisations"] = [
        {"ref": "o1", "name": "粤琼源气体有限公司", "credit_code": credit_code("91440101MA5D0KQ7X")}
    ]
    record["relations"] = [{"from": "p1", "to": "o1", "kind": "works_for"}]

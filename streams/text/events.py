"""What a clause says was done, and by whom to whom: each rule is one function, named in its finding."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Literal, NamedTuple

from streams.text.setting import NEAR, Setting, has_part, is_led_by, named_goods, other_things, settings_of
from streams.text.status import DEEDS

if TYPE_CHECKING:
    from streams.text.clauses import Clause, Group
    from streams.text.findings import FoundSubstance
    from streams.text.words import Word

RelationKind = Literal[
    "sold_to", "supplied", "trafficked", "possessed", "sheltered", "paid", "works_for", "carried_for"
]
_PLACES = frozenset(("在", "到", "去", "上", "往", "跑到", "躲在"))
"""Lead to somebody to buy from only together with their place: 到A家里买, 在A处买."""
_MONEY = ("货款", "毒资", "定金", "钱", "款")


class Act(NamedTuple):
    """One thing a clause says: the people who act and those it is done to; which goods, if any.

    `acting` None: whoever the clause before was about. `to` empty where only goods are dealt with.
    """

    kind: RelationKind
    acting: Group | None
    to: Group | None
    goods: FoundSubstance | None
    deed: Word
    rule: str
    needs_goods: bool = False


def acts_of(text: str, clause: Clause) -> Iterator[Act]:
    """What a clause says was done, in order of place."""
    for setting in settings_of(text, clause):
        for role, rule in _RULES:
            if role in setting.deed.roles:
                yield from rule(setting)
                break


def _sold(setting: Setting) -> Iterator[Act]:
    if other_things(setting):
        return
    goods, deed = setting.goods(), setting.deed
    named = setting.named_as()
    seller = setting.marked("by") or named or setting.subject() or setting.owner()
    employer, sent = setting.marked("for"), setting.marked("causes")
    if sent is not None:
        seller, employer = sent, seller
    buyer = setting.marked("to") or _given_to(setting)
    if buyer is None and named is not None:
        buyer = _other(setting, named)
    if employer is not None:
        yield Act("works_for", seller, employer, goods, deed, "sells for")
    if buyer is not None:
        yield Act("sold_to", seller, buyer, goods, deed, "sells to", needs_goods=True)
    if goods is not None or buyer is not None:
        yield Act("trafficked", seller, None, goods, deed, "sells goods", needs_goods=True)


def _other(setting: Setting, named: Group) -> Group | None:
    """Who has what another is said to have sold or given: B的g是A给的."""
    return next((each for each in setting.before() if each is not named and not has_part(each)), None)


def _given_to(setting: Setting) -> Group | None:
    """The group behind a deed that ends with 给, or that directly follows the deed."""
    for group in setting.after():
        word = group.before
        if word is not None and (word is setting.deed or "to" in word.roles or word.text.endswith("给")):
            return group
    return None


def _bought(setting: Setting) -> Iterator[Act]:
    source = _source(setting)
    goods, deed = setting.goods(), setting.deed
    if source is None:
        to = _given_to(setting) or setting.marked("causes")
        taken = to is not None and to.followed_by("possessive")  # 拿B的g is no handing over to B
        if (
            to is not None
            and not taken
            and deed.text == "拿"
            and (goods is not None or setting.clause.amounts)
        ):
            kind: RelationKind = "paid" if goods is None else "supplied"
            yield Act(kind, setting.subject(), to, goods, deed, "hands to")
        return
    if other_things(setting):
        return
    buyer = setting.subject() or (setting.owner() if setting.owner() is not source else None)
    yield Act("sold_to", source, buyer, goods, deed, "buys from", needs_goods=True)
    yield Act("trafficked", source, None, goods, deed, "is bought from", needs_goods=True)


def _source(setting: Setting) -> Group | None:
    for group in (*setting.before(), *setting.after()):
        word = group.before
        if word is None:
            continue
        if word.text in _PLACES and not group.followed_by("at", "home"):
            continue
        if "from" in word.roles or word.text == "向":
            return group
    return None


def _handed(setting: Setting) -> Iterator[Act]:
    clause, goods, deed = setting.clause, setting.goods(), setting.deed
    named = setting.named_as()
    to = setting.marked("to") or _given_to(setting) or (_other(setting, named) if named else None)
    if any("room" in each.roles for each in clause.words) and any(
        "use" in each.roles for each in clause.words
    ):
        if to is not None:
            yield Act("sheltered", setting.subject(), to, goods, deed, "gives room to")
        return
    if goods is None and clause.amounts and to is not None:
        yield Act("paid", setting.subject(), to, None, deed, "hands money to")
    elif to is None:
        yield from _carried(setting)
    elif not other_things(setting) and setting.marked("for") is None:
        yield Act("supplied", named or setting.subject(), to, goods, deed, "hands to", needs_goods=True)


def _paid(setting: Setting) -> Iterator[Act]:
    account = (each for each in setting.after() if is_led_by(each, "到"))
    to = setting.marked("to") or _given_to(setting) or next(account, None)
    if to is not None and _has_money(setting):
        yield Act("paid", setting.subject(), to, setting.goods(), setting.deed, "pays")


def _has_money(setting: Setting) -> bool:
    said = setting.text[setting.clause.start : setting.clause.end]
    return bool(setting.clause.amounts) or any(each in said for each in _MONEY)


def _collected(setting: Setting) -> Iterator[Act]:
    payer = next((each for each in setting.after() if each.before is setting.deed), None)
    payer, employer = payer or setting.marked("from", "to"), setting.marked("for")
    if employer is not None:
        yield Act("works_for", setting.subject(), employer, None, setting.deed, "collects for")
        return
    if payer is not None and setting.clause.substances and not setting.clause.amounts:
        yield Act("supplied", payer, setting.subject(), setting.goods(), setting.deed, "receives from")
    elif payer is not None and _has_money(setting):
        yield Act("paid", payer, setting.subject(), setting.goods(), setting.deed, "collects from")


def _held(setting: Setting) -> Iterator[Act]:
    goods = setting.goods()
    if goods is not None:
        holder = setting.subject() or setting.owner()
        yield Act("possessed", holder, None, goods, setting.deed, "has goods")


def _sheltered(setting: Setting) -> Iterator[Act]:
    guest = next(iter(setting.after()), None)
    if guest is not None:
        yield Act("sheltered", setting.subject(), guest, setting.goods(), setting.deed, "shelters")


def _used(setting: Setting) -> Iterator[Act]:
    """B在A家中吸食; A叫B到自己家里吸."""
    if any(each.roles & {"shelter", "give"} for each in setting.clause.words):
        return
    guest, called = setting.subject(), setting.marked("causes")
    at_home = any(each.roles & {"home", "room"} for each in setting.clause.words)
    hosts = (each for each in setting.before() if each.followed_by("home") and each.led_by("from", "to"))
    host, given = next(hosts, None), setting.marked("to")
    if given is not None and at_home:
        yield Act(
            "sheltered", setting.owner() or guest, given, setting.goods(), setting.deed, "gives home to"
        )
    elif called is not None and at_home:
        yield Act("sheltered", guest, called, setting.goods(), setting.deed, "calls home to use")
    elif host is not None and guest is not None:
        yield Act("sheltered", host, guest, setting.goods(), setting.deed, "uses at the home of")
    elif guest is not None and any(each.text == "里面" for each in setting.clause.words):
        yield Act("sheltered", None, guest, setting.goods(), setting.deed, "uses in there")


def _carried(setting: Setting) -> Iterator[Act]:
    goods, deed = setting.goods(), setting.deed
    if goods is None and not named_goods(setting) and "毒" not in deed.text:
        return
    ordered = setting.marked("by")
    principal = setting.marked("for") or ordered or setting.marked("to")
    driver = setting.subject()
    sent = setting.marked("causes", "order")
    if sent is not None and principal is None:
        driver, principal = sent, driver
    if principal is not None:
        yield Act("carried_for", driver, principal, goods, deed, "carries for")


def _worked(setting: Setting) -> Iterator[Act]:
    under = (each for each in setting.before() if each.followed_by("underling"))
    employer = setting.marked("to", "for") or next(under, None)
    if employer is not None:
        yield Act("works_for", setting.subject(), employer, None, setting.deed, "works for")


def _ordered(setting: Setting) -> Iterator[Act]:
    """A听B指挥; where something is carried on order, that is the deed."""
    chief = setting.marked("by")
    if chief is not None and not any(each.roles & DEEDS for each in setting.clause.words):
        yield Act("works_for", setting.subject(), chief, None, setting.deed, "is ordered by")


def _hired(setting: Setting) -> Iterator[Act]:
    other = next((each for each in setting.after() if each.before is setting.deed), None)
    if other is None:
        return
    if "hires" in setting.deed.roles:
        yield Act("works_for", other, setting.subject(), None, setting.deed, "is hired by")
    else:
        yield Act("works_for", setting.subject(), other, None, setting.deed, "works for")


def _came(setting: Setting) -> Iterator[Act]:
    """B的g来自A."""
    source = next(iter(setting.after()), None)
    if source is not None and setting.goods() is not None:
        owner = setting.owner() or setting.subject()
        yield Act("supplied", source, owner, setting.goods(), setting.deed, "comes from")


def _pair_of(setting: Setting) -> tuple[Group | None, Group] | None:
    """X and Y of X是Y的上家 and of Y的上家是X."""
    owners = [
        each
        for each in setting.before()
        if each.after is not None
        and each.followed_by("possessive")
        and setting.deed.start - each.after.end <= NEAR
        and setting.text[each.start - 1 : each.start] not in ("叫", "个")
    ]
    if not owners:
        return None
    owner = owners[-1]
    named = [each for each in setting.clause.groups if each.start >= setting.deed.end and each.led_by("is")]
    first = [each for each in setting.before() if each.end < owner.start and not has_part(each)]
    return (named[0] if named else first[-1] if first else None), owner


def _led(setting: Setting) -> Iterator[Act]:
    pair, deed = _pair_of(setting), setting.deed
    if pair is None:
        yield from _has_under(setting)
    elif "underling" in deed.roles:
        yield Act("works_for", pair[0], pair[1], None, deed, "is the underling of")
    elif "leader" in deed.roles:
        yield Act("works_for", pair[1], pair[0], None, deed, "has as leader")
    else:
        above, below = pair if "upper" in deed.roles else (pair[1], pair[0])
        kind: RelationKind = "supplied" if "货" in deed.text else "sold_to"
        yield Act(kind, above, below, setting.goods(), deed, "is the source of", needs_goods=True)
        if kind == "sold_to":
            yield Act("trafficked", above, None, setting.goods(), deed, "is a source", needs_goods=True)


def _has_under(setting: Setting) -> Iterator[Act]:
    """B手下有A和C."""
    chief = next((each for each in setting.before() if each.after is setting.deed), None)
    under = next((each for each in setting.after() if is_led_by(each, "有")), None)
    employer = setting.marked("to", "for")
    if employer is not None and "underling" in setting.deed.roles:
        yield Act("works_for", setting.subject(), employer, None, setting.deed, "is the underling of")
    elif chief is not None and under is not None and "underling" in setting.deed.roles:
        yield Act("works_for", under, chief, None, setting.deed, "has under them")


def _traded(setting: Setting) -> Iterator[Act]:
    if setting.clause.substances:
        trader = setting.named_as() or setting.subject()
        yield Act("trafficked", trader, None, setting.goods(), setting.deed, "deals in")


_RULES: tuple[tuple[str, Callable[[Setting], Iterator[Act]]], ...] = (
    ("sell", _sold), ("buy", _bought), ("give", _handed), ("pay", _paid), ("collect", _collected),
    ("hold", _held), ("shelter", _sheltered), ("use", _used), ("carry", _carried), ("work", _worked),
    ("boss", _hired), ("hires", _hired), ("underling", _led), ("leader", _led), ("upper", _led),
    ("lower", _led), ("business", _traded), ("comes", _came), ("order", _ordered), ("hand", _handed),
)  # fmt: skip

"""What a record says, for people who read it on paper: its text, and its fields in words."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgspec

from graph.console.screens.moments import moment, stretch
from graph.port import RecordCopy
from schemas.records import Period
from schemas.reference import checkpoints
from schemas.reference.words import Lang, region, substance, word
from schemas.times import iso, when

_NAMES = ("name", "plate", "tracking_no", "licence_no", "credit_code")
"""By which of its fields a thing in a record is called, the first that it has; else by its phone or `ref`."""


def amount(quantity: float | None, unit: str | None, lang: Lang) -> str:
    """A quantity with its unit; empty where it is not known.

    >>> amount(1529.0, "支", "zh"), amount(0.5, "kg", "zh"), amount(None, "g", "en")
    ('1,529 支', '0.5 公斤', '')
    """
    if quantity is None:
        return ""
    number = f"{quantity:,.3f}".rstrip("0").rstrip(".")
    return f"{number} {word('unit', unit, lang)}" if unit else number


def grade(given: Any, lang: Lang) -> str:
    """A record's grade as it came, in whichever of the two schemes.

    >>> grade({"source": "B", "information": 2}, "zh"), grade({"europol": "B2", "handling": "H1"}, "en")
    ('B2', 'B2 H1')
    >>> grade(None, "zh"), grade({"source": "F"}, "en")
    ('未评级（F6）', 'not graded (F6)')
    """
    known = grade_of(given)
    return word("report", "ungraded", lang) if known == UNGRADED else known


UNGRADED = "F6"
"""What a record without a grade has: neither its source nor what it says could be judged."""


def grade_of(given: Any) -> str:
    """A record's grade in two signs, in whichever of the two schemes it came."""
    if not isinstance(given, dict):
        return UNGRADED
    if "europol" in given:
        return " ".join(filter(None, (given["europol"], given.get("handling"))))
    return f"{given.get('source') or 'F'}{given.get('information') or 6}"


def circumstances(kept: RecordCopy, lang: Lang) -> Iterator[str]:
    """Of which kind it is, when and where it was reported, how it is graded, whether it still stands."""

    def said(code: str, **values: object) -> str:
        return word("report", code, lang, **values)

    body = kept.body
    yield word("kind", kept.kind, lang)
    yield said("reported", at=moment(iso(kept.reported), lang))
    if happened := _occurred(body.get("occurred"), lang):
        yield said("occurred", at=happened)
    if body.get("region"):
        yield region(str(body["region"]))
    if body.get("case"):
        yield said("in_case", case=body["case"])
    yield said("graded", grade=grade(body.get("grade"), lang))
    if kept.revision > 1:
        yield said("revision", n=kept.revision)
    for one in kept.copy_of:
        yield said("copy", of=one.record)
    if kept.withdrawn_because is not None:
        yield said("taken_back", why=kept.withdrawn_because)
    yield from (_odd(flag, lang) for flag in kept.flags)


def _odd(flag: str, lang: Lang) -> str:
    kind, _, field = flag.partition(":")
    if kind == "suspect_value":
        return word("flag", kind, lang, field=field)
    return word("flag", kind, lang) + (f"：{field}" if field else "")


def _occurred(given: Any, lang: Lang) -> str:
    if not given:
        return ""
    stated = given if isinstance(given, str) else msgspec.convert(given, Period)
    found = when(stated)
    if found is None:
        return ""
    earliest, latest = (None if end is None else iso(end) for end in (found.earliest, found.latest))
    return stretch(earliest, latest, lang)


def contents(kept: RecordCopy, lang: Lang) -> Iterator[tuple[str, str]]:
    """Each field that says something, by its name in words, and then the text."""
    body = kept.body
    named = {thing["ref"]: _called(thing) for where in _THINGS for thing in body.get(where) or ()}
    for field, tell in _TOLD.items():
        if said := tell(body, named, lang):
            yield word("told", field, lang), said
    if text := str(body.get("text") or ""):
        yield word("told", "text", lang), text


Named = Mapping[str, str]
_THINGS = ("persons", "organisations", "vehicles", "parcels", "venues")


def _called(thing: Mapping[str, Any]) -> str:
    numbers = thing.get("phones") or [thing["ref"]]
    return next((str(thing[field]) for field in _NAMES if thing.get(field)), str(numbers[0]))


def _checkpoint(body: Mapping[str, Any], _named: Named, _lang: Lang) -> str:
    site = body.get("checkpoint")
    known = checkpoints.checkpoint(str(site)) if site else None
    return known.name if known else str(site or "")


def _outcome(body: Mapping[str, Any], _named: Named, lang: Lang) -> str:
    return word("outcome", str(body["outcome"]), lang) if body.get("outcome") else ""


def _place(body: Mapping[str, Any], _named: Named, _lang: Lang) -> str:
    place = body.get("place")
    told = (place.get("name"), place.get("address")) if isinstance(place, dict) else ()
    return " ".join(str(each) for each in told if each)


def _persons(body: Mapping[str, Any], named: Named, lang: Lang) -> str:
    return _list(
        lang,
        (
            f"{named[one['ref']]}（{word('as', one.get('role') or 'unknown', lang)}）"
            for one in body.get("persons") or ()
        ),
    )


def _plates(body: Mapping[str, Any], named: Named, lang: Lang) -> str:
    return _list(lang, (named[one["ref"]] for one in body.get("vehicles") or ()))


def _parcels(body: Mapping[str, Any], named: Named, lang: Lang) -> str:
    def told(one: Mapping[str, Any]) -> str:
        ends = [named.get(one.get(end) or "", "") for end in ("sender", "recipient")]
        return (
            f"{named[one['ref']]}（{ends[0] or '—'} → {ends[1] or '—'}）" if any(ends) else named[one["ref"]]
        )

    return _list(lang, map(told, body.get("parcels") or ()))


def _lots(body: Mapping[str, Any], named: Named, lang: Lang) -> str:
    def told(one: Mapping[str, Any]) -> str:
        goods = (
            f"{_substance(one.get('substance'), lang)} {amount(one.get('quantity'), one.get('unit'), lang)}"
        )
        holder = named.get(one.get("held_by") or one.get("found_in") or "", "")
        return f"{goods.strip()}（{holder}）" if holder else goods.strip()

    return _list(lang, map(told, body.get("lots") or ()))


def _relations(body: Mapping[str, Any], named: Named, lang: Lang) -> str:
    def told(one: Mapping[str, Any]) -> str:
        ends = [named.get(str(one.get(end)), str(one.get(end))) for end in ("from", "to")]
        goods = one.get("substance")
        more = [
            word("link", str(one.get("kind")), lang),
            _substance(goods, lang) if goods else "",
            amount(one.get("quantity"), one.get("unit"), lang),
            _occurred(one.get("at"), lang),
        ]
        return f"{ends[0]} → {ends[1]}（{' '.join(filter(None, more))}）"

    return _list(lang, map(told, body.get("relations") or ()))


def _substance(given: Any, lang: Lang) -> str:
    """As the record has it: a name of its own is no code."""
    return substance(str(given) if given else None, lang)


def _list(lang: Lang, told: Any) -> str:
    return ("；" if lang == "zh" else "; ").join(told)


_TOLD: Mapping[str, Callable[[Mapping[str, Any], Named, Lang], str]] = {
    "checkpoint": _checkpoint,
    "outcome": _outcome,
    "place": _place,
    "persons": _persons,
    "vehicles": _plates,
    "parcels": _parcels,
    "lots": _lots,
    "relations": _relations,
}

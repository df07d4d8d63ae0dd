"""Why a trace left deliveries out, and why it found nothing: in both languages, its times for people.

A TRACE says both in English, with moments for scripts; here they are told again.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from graph.console.screens.moments import begun, ended
from schemas.reference.words import Lang, all_words, retold, substance, word


def detail(said: str, lang: Lang) -> str:
    """Why a delivery was not followed; what no template made stands as it is."""
    return retold(said, _pairs("left_out", lang), partial(_in_detail, lang)) or said


def note(said: str, lang: Lang) -> str:
    """Why nothing was found."""
    return retold(said, _notes(lang), partial(_in_note, lang)) or said


def _in_detail(lang: Lang, place: str, given: str) -> str:
    match place:
        case "begun":
            return begun(given, lang)
        case "over":
            return ended(given, lang)
        case "substance" | "asked":
            return substance(given, lang)
        case "others":
            joined = "、" if lang == "zh" else " and "
            return joined.join(substance(each, lang) for each in given.split(" and "))
        case _:
            return given


def _in_note(lang: Lang, place: str, given: str) -> str:
    match place:
        case "detail":
            return detail(given, lang)
        case "reason":
            return word("excluded", given, lang)
        case "link" if lang == "zh":
            return _link_zh(given)
        case _:
            return given


def _link_zh(given: str) -> str:
    """By what somebody is near: `the phone 138…`, or `met (a/1)`."""
    if given.startswith("the "):
        type_, _, label = given[4:].partition(" ")
        return f"同一{word('type', type_)} {label}"
    type_, blank, record = given.partition(" ")
    return f"{word('link', type_)}{blank}{record}"


@cache
def _pairs(kind: str, lang: Lang) -> list[tuple[str, str]]:
    return [(each["en"], each[lang]) for each in all_words()[kind].values()]


@cache
def _notes(lang: Lang) -> list[tuple[str, str]]:
    """A note is one sentence, or two or three: who is not known, perhaps the other direction, who is near."""
    said = all_words()["nothing"]
    ways = [
        [f"none_{way}", *other, f"{last}_{way}"]
        for way in ("up", "down")
        for other in ([f"other_{way}"], [])
        for last in ("near", "nobody")
    ]
    joined: Callable[[list[str], Lang], str] = lambda way, lang: (" " if lang == "en" else "").join(  # noqa: E731
        said[code][lang] for code in way
    )
    missed = [code for code in said if code.startswith("missed")]
    return [(joined(way, "en"), joined(way, lang)) for way in (*ways, *([code] for code in missed))]

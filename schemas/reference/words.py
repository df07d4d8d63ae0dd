"""What codes are called in Chinese and in English: the one table for pictures, reports and the page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Literal

from msgspec import Struct

from schemas.reference import regions, substances, tables

Lang = Literal["zh", "en"]
_PLACE = re.compile(r"\{(\w+)\}")


class Said(Struct, frozen=True):
    """One thing in both languages, for who can choose between them."""

    zh: str
    en: str


def both(tell: Callable[[Lang], str]) -> Said:
    """What is told in each language.

    >>> both(lambda lang: word("type", "person", lang))
    Said(zh='人员', en='person')
    """
    return Said(zh=tell("zh"), en=tell("en"))


@cache
def all_words() -> dict[str, dict[str, dict[Lang, str]]]:
    """The words by kind (`type`, `link`, …) and code."""
    found: dict[str, dict[str, dict[Lang, str]]] = tables.toml("words.toml")
    return found


def word(kind: str, code: str, lang: Lang = "zh", **values: object) -> str:
    """What a code of a kind is called, its places filled; a code without a word is its own.

    >>> word("type", "person"), word("link", "carried_for", "en"), word("unit", "支")
    ('人员', 'carried for', '支')
    >>> word("when", "until", to="2019-06-03")
    '不晚于 2019-06-03'
    """
    said = all_words()[kind].get(code)
    if said is None:
        return code
    return said[lang].format(**values) if values else said[lang]


def substance(code: str | None, lang: Lang = "zh") -> str:
    """What a substance is called: by its canonical name in Chinese, by its code's words in English.

    >>> substance("nitrous_oxide"), substance("nitrous_oxide", "en"), substance(None)
    ('氧化亚氮', 'nitrous oxide', '品名不明')
    """
    if code is None:
        return word("report", "unnamed", lang)
    return _substances().get(code, code) if lang == "zh" else code.replace("_", " ")


def region(code: str) -> str:
    """A place's full name with its code, in both languages by the name that it has.

    >>> region("460106")
    '海南省海口市龙华区（460106）'
    """
    return f"{regions.full_name(code)}（{code}）"


def retold(
    text: str,
    templates: Iterable[tuple[str, str]],
    value: Callable[[str, str], str] = lambda _, given: given,
) -> str | None:
    """A text that was made by the first of a pair of templates, made by the second; None by no pair.

    For what is kept or sent in one language only. `value` is asked how what fills a place (its name, its
    text) is said in the other. The first pair that fits counts: those that say more stand first.

    >>> retold("confidence 0.10 is below 0.20", [("confidence {a} is below {b}", "可信度 {a} 低于 {b}")])
    '可信度 0.10 低于 0.20'
    """
    for made_by, instead in templates:
        found = _pattern(made_by).fullmatch(text)
        if found is not None:
            return instead.format(**{name: value(name, given) for name, given in found.groupdict().items()})
    return None


@cache
def _pattern(template: str) -> re.Pattern[str]:
    """What a template can have made; a place that is named twice holds the same twice.

    The first place takes as much as it can: names stand first and may hold anything, numbers stand last.
    """
    known: set[str] = set()

    def hole(found: re.Match[str]) -> str:
        name = found[1]
        if name in known:
            return f"(?P={name})"
        known.add(name)
        return f"(?P<{name}>.*)"

    parts = _PLACE.split(template)
    texts = [re.escape(part) for part in parts[::2]]
    holes = [hole(found) for found in _PLACE.finditer(template)]
    return re.compile("".join(f"{t}{h}" for t, h in zip(texts, [*holes, ""], strict=True)), re.DOTALL)


@cache
def _substances() -> dict[str, str]:
    return {each.code: each.name for each in substances.all_substances()}

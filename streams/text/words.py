"""The words of `deal_words.toml` in a text: deeds, people's places beside them, how surely it is said."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from schemas.reference.lexicon import Lexicon
from streams.text.findings import Found


class Word(Found, frozen=True, kw_only=True):
    """A word of the list in a text; `roles` are the lists that have it."""

    text: str
    roles: frozenset[str]


@cache
def _roles() -> dict[str, frozenset[str]]:
    """Word → the lists that have it."""
    file = resources.files("streams.text").joinpath("deal_words.toml")
    lists: dict[str, list[str]] = tomllib.loads(file.read_text(encoding="utf-8"))["words"]
    found: dict[str, set[str]] = {}
    for role, words in lists.items():
        for word in words:
            found.setdefault(word, set()).add(role)
    return {word: frozenset(roles) for word, roles in found.items()}


@cache
def _lexicon() -> Lexicon:
    return Lexicon(_roles())


def find_words(text: str) -> list[Word]:
    """The longest words from left to right in a folded text, without overlaps.

    >>> [(word.text, sorted(word.roles)) for word in find_words("没有卖给")]
    [('没有', ['not']), ('卖给', ['sell'])]
    """
    roles = _roles()
    return [
        Word(start=start, end=end, text=word, roles=roles[word]) for start, end, word in _lexicon().find(text)
    ]

"""Short and pet forms of given names in English, for tables: which may be one person's.

A form of several names (`ted` of Edward and of Theodore) goes with each of them, and they do not go together.
"""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def _names() -> dict[str, frozenset[str]]:
    """Of each form the names that it is short for; a name is its own."""
    found: dict[str, set[str]] = {}
    text = resources.files("streams.tables").joinpath("nicknames.txt").read_text("utf-8")
    for line in text.splitlines()[1:]:
        name, *forms = line.split()
        for form in (name, *forms):
            found.setdefault(form, set()).add(name)
    return {form: frozenset(names) for form, names in found.items()}


def may_be_one(left: str, right: str) -> bool:
    """Whether two given names may be forms of one.

    >>> may_be_one("bob", "robert"), may_be_one("ted", "teddy"), may_be_one("edward", "theodore")
    (True, True, False)
    """
    none: frozenset[str] = frozenset()
    return not _names().get(left, none).isdisjoint(_names().get(right, none))

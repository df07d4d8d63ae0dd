"""The characters and words of `name_words.toml`, read once."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources

from msgspec import Struct

from schemas.reference import surnames


class NameWords(Struct, frozen=True, kw_only=True):
    """What tells a name from what only looks like one; the file says of each what it is for."""

    families: frozenset[str]
    """Surnames that may begin a name in running text."""
    doubtful: frozenset[str]
    """Those among them that are more often something else."""
    never_given: frozenset[str]
    transcribed: frozenset[str]
    not_names: frozenset[str]
    before: frozenset[str]
    behind: frozenset[str]
    grammar: str
    not_nicknames: frozenset[str]


@cache
def name_words() -> NameWords:
    """The lists of the file and of the surnames.

    >>> words = name_words()
    >>> "时间" in words.not_names, "向" in words.families, "欧阳" in words.families
    (True, False, True)
    """
    file = resources.files("streams.text").joinpath("name_words.toml")
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    doubtful = frozenset(read["surnames"]["both"])
    return NameWords(
        families=frozenset(surnames.family_names()) - set(read["surnames"]["rather_words"]) | doubtful,
        doubtful=doubtful,
        never_given=frozenset(read["names"]["never_given"]),
        transcribed=frozenset(read["names"]["transcribed"]),
        not_names=frozenset(read["names"]["not_names"].split()),
        before=frozenset(read["beside"]["before"]),
        behind=frozenset(read["beside"]["behind"]),
        grammar=read["nicknames"]["grammar"],
        not_nicknames=frozenset(read["nicknames"]["not_nicknames"].split()),
    )

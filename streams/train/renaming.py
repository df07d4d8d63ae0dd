"""Annotated texts once more under other names, so that the tagger learns what a name looks like, not whose.

Most names of judgments are masked (李某某); every person of a copy gets a drawn name instead, often an
unmasked one, from the shares of surnames and given names of the population.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from schemas.ids import hash64
from schemas.reference import surnames
from streams.text.reader.mentions import Mention
from streams.train.annotated import Annotated, apart

_MASKS = "某×＊*XxＸ"
_UNMASKED, _NEW_SURNAME, _SINGLE = 0.45, 0.7, 0.3
"""Of masked names the share that becomes a full name, that and the one that only gets another surname; the
rest keeps a given character behind 某. Of full names the share with one given character."""
_LONGEST_FULL = 3


def renamed(each: Annotated) -> Annotated:
    """The text with other people's names, the same text always with the same ones; without relations."""
    draw = _Draw(Random(hash64("names", each.text)))  # noqa: S311  no secret
    names: dict[str, str] = {}
    parts: list[str] = []
    mentions: list[Mention] = []
    at = size = 0
    for mention in apart(each.mentions):
        name = each.text[mention.start : mention.end]
        if mention.kind == "person":
            name = names.setdefault(name, draw.instead_of(name))
        parts += (each.text[at : mention.start], name)
        size += mention.start - at
        mentions.append(Mention(start=size, end=size + len(name), kind=mention.kind))
        size, at = size + len(name), mention.end
    return Annotated("".join((*parts, each.text[at:])), tuple(mentions), frozenset())


class _Draw:
    """Draws names."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._family = [(name, surnames.share(name)) for name in surnames.family_names()]
        self._given = [(char, surnames.given_share(char)) for char in surnames.given_chars()]
        self._families = frozenset(name for name, _ in self._family)

    def instead_of(self, name: str) -> str:
        """Another name of the same make; nicknames stay."""
        family, kind = self._one(self._family), self._chance.random()
        if any(mask in name for mask in _MASKS):
            if kind < _UNMASKED:
                return family + self._several(1 if self._chance.random() < _SINGLE else 2)
            return family + name[1:] if kind < _NEW_SURNAME else f"{family}某{self._one(self._given)}"
        if len(name) <= _LONGEST_FULL and name[:1] in self._families:
            return family + self._several(len(name) - 1)
        return name

    def _several(self, count: int) -> str:
        return "".join(self._one(self._given) for _ in range(count))

    def _one(self, shares: Sequence[tuple[str, float]]) -> str:
        names, weights = zip(*shares, strict=True)
        return str(self._chance.choices(names, weights)[0])

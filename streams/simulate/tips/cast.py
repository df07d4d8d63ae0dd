"""The people of a tip and how it names them: in full, masked, by nickname, with an alias."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from streams.simulate.people import Person, Registry
from streams.simulate.tips.parts import Styles

_PRONOUNS = {"he": "", "this": "该人", "qi": "其"}


@dataclass(slots=True)
class Figure:
    """One person of a text: how they are named first and how afterwards.

    `first` holds pieces of text, each with whether it is a name.
    """

    key: str
    first: list[tuple[str, bool]]
    later: str
    pronoun: str
    phone: str
    met: bool = False

    def names(self) -> list[tuple[str, bool]]:
        """The pieces for the next time the person is named."""
        if self.met:
            return [(self.later, True)]
        self.met = True
        return self.first

    def pronounced(self, how: str) -> str:
        """他 or 她, 该人, 其."""
        return _PRONOUNS[how] or self.pronoun


def cast(rng: Random, registry: Registry, styles: Styles) -> dict[str, Figure]:
    """Four people of different surnames and nicknames, `A` to `D`."""
    people: list[Person] = []
    taken: set[str] = set()
    while len(people) < 4:
        person = registry.person()
        chars = set(person.name.replace("·", ""))
        if not chars & taken:
            taken |= chars
            people.append(person)
    return {key: _figure(rng, key, person, styles) for key, person in zip("ABCD", people, strict=True)}


def _figure(rng: Random, key: str, person: Person, styles: Styles) -> Figure:
    name, draw = person.name, rng.random()
    nick = _nickname(rng, person, styles)
    first, later = [(name, True)], name
    if person.surname and draw < 0.12:
        later = f"{person.surname}{'某' * len(person.given)}"
        first = [(later, True)]
    elif draw < 0.3:
        first, later = [(nick, True)], nick
    elif draw < 0.42:
        first = _with_alias(rng.choice(styles.aliases), name, nick)
        later = rng.choice((name, nick))
    pronoun = "他" if person.gender == "male" else "她"
    return Figure(key, first, later, pronoun, person.phone)


def _nickname(rng: Random, person: Person, styles: Styles) -> str:
    form = rng.choice(styles.nicknames)
    if not person.surname:
        return f"阿{person.given[0]}"
    return form.format(x=person.given[-1], s=person.surname[0])


def _with_alias(form: str, name: str, nick: str) -> list[tuple[str, bool]]:
    """The pieces of a naming with an alias."""
    names = {"n": (name, True), "k": (nick, True)}
    parts = form.replace("{n}", "\0n\0").replace("{k}", "\0k\0").split("\0")
    return [names.get(part, (part, False)) for part in parts if part]

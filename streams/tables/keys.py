"""Under which keys a profile meets others: several, so that an error in one field does not keep two apart.

A key joins things that one error leaves alone: the sound of a word of the name with a part of the date, with
a postcode or place, the longest words of an address, the mailbox of an e-mail. Words of the name stand for
themselves, whether given or family, so swapped names meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations

from schemas.ids import hash64
from streams.tables.comparisons import TAIL
from streams.tables.features import Column, Table
from streams.tables.words import UNKNOWN, sound

STRONG = "="
"""Begins the key of an identifier, an e-mail or a phone, which few share."""


class Keys:
    """Makes the keys of each profile of a table."""

    def __init__(self, table: Table) -> None:
        self._names = table.of("given_name", "family_name")
        self._dates = table.of("date")
        self._identifiers = table.of("identifier")
        self._emails = table.of("email")
        self._phones = table.of("phone")
        self._postcodes = table.of("postcode")
        self._places = table.of("suburb", "city", "place", "region", "occupation")
        self._addresses = table.of("address")
        self._texts = table.of("organisation", "text")

    def of(self, profile: int) -> set[tuple[bool, int]]:
        """The keys of a profile, each with whether it is a strong one."""
        return {(parts[0] == STRONG, hash64(*parts)) for parts in self._of(profile)}

    def strong(self, profile: int) -> set[tuple[bool, int]]:
        """Those of its keys that few share, which are told much sooner than all."""
        return {(True, hash64(*parts)) for parts in self._strong(profile) if parts[0] == STRONG}

    def _of(self, profile: int) -> Iterator[tuple[str, ...]]:
        name = _words(self._names, profile)
        sounds = sorted({code for word in name if (code := sound(word))})
        date = next(_texts(self._dates, profile), "")
        yield from self._strong(profile)
        yield from _name(name, [each.text(profile).split() for each in self._names])
        yield from _date(date, sounds)
        yield from self._places_of(profile, date, sounds)
        yield from _address(_words(self._addresses, profile), sounds)
        for text in _texts(self._texts, profile):
            yield from _text(text.split())
        yield from (("sound", code) for code in sounds)

    def _strong(self, profile: int) -> Iterator[tuple[str, ...]]:
        for column in self._identifiers:
            if text := column.text(profile):
                yield STRONG, column.feature.name, text
        for text in _texts(self._emails, profile):
            yield STRONG, "email", text
            mailbox, at, _ = text.partition("@")
            if at:
                yield "mailbox", mailbox
        for numbers in _texts(self._phones, profile):
            for number in numbers.split():
                yield STRONG, "phone", number[-TAIL:]

    def _places_of(self, profile: int, date: str, sounds: list[str]) -> Iterator[tuple[str, ...]]:
        for column in (*self._postcodes, *self._places):
            if text := column.text(profile):
                yield from ((column.feature.name, code, text) for code in sounds)
        for text in _texts(self._postcodes, profile):
            yield "postcode", text
            if len(date) == 8:
                yield "postcode-year", text, date[:4]
                yield "postcode-day", text, date[4:]


def _texts(columns: Iterable[Column], profile: int) -> Iterator[str]:
    return (text for column in columns if (text := column.text(profile)))


def _words(columns: Iterable[Column], profile: int) -> list[str]:
    return [word for text in _texts(columns, profile) for word in text.split()]


def _name(words: list[str], sides: list[list[str]]) -> Iterator[tuple[str, ...]]:
    if len(words) > 1:
        yield "words", *sorted(words)
        yield "sounds", *sorted(map(sound, words))
    if len(sides) == 2 and all(sides):
        yield "first-last", *sorted((sound(sides[0][0]), sound(sides[1][-1])))


def _date(date: str, sounds: list[str]) -> Iterator[tuple[str, ...]]:
    if not date:
        return
    year, month, day = date[:4], date[4:6], date[6:]
    if day and UNKNOWN not in date:
        yield "date", date
        yield "date", year + day + month
    for code in sounds:
        yield "year", code, year
        if day:
            yield "month-day", code, month + day
            yield "decade-day", code, year[:3], day


def _text(words: list[str]) -> Iterator[tuple[str, ...]]:
    yield "text", *sorted(words)
    longest = sorted(set(words), key=lambda word: (-len(word), word))[:3]
    yield from (("text", *pair) for pair in combinations(longest, 2))


def _address(words: list[str], sounds: list[str]) -> Iterator[tuple[str, ...]]:
    if not words:
        return
    longest = sorted(words, key=lambda word: (-len(word), word))[:2]
    yield "address", *longest
    number = next((word for word in words if word.isdigit()), None)
    if number is not None:
        yield from (("number", number, word) for word in longest)
    yield from (("street", sound(longest[0]), code) for code in sounds)

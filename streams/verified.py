"""What people said about deliveries that texts tell without being sure: kept, and what of it stands.

A word is about one claim of one text: it counts whenever a record with that text lives, whichever of the two
came first. The last word that nobody took back is the one that stands.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator

from schemas.decisions import Verification

_WORDS = "SELECT record, key, text, verdict, by, because, at FROM verification ORDER BY n"


class Verifications:
    """The words in force; `words` as they came."""

    def __init__(self, words: Iterable[Verification]) -> None:
        self._words: defaultdict[tuple[str, str], dict[str, list[Verification]]] = defaultdict(dict)
        for word in words:
            self.say(word)

    def say(self, word: Verification) -> None:
        """Take one word; `undone` takes back the last about the same claim of the same text."""
        about = self._words[word.record, word.text].setdefault(word.key, [])
        if word.verdict != "undone":
            about.append(word)
        elif about:
            about.pop()

    def counting(self, record: str, text: str, key: str) -> Verification | None:
        """The word that counts about a claim; None when nothing stands."""
        words = self._words.get((record, text), {}).get(key)
        return words[-1] if words else None

    def confirmed(self, record: str, text: str) -> tuple[Verification, ...]:
        """The words by which claims of a record's text are to be drawn, by their keys."""
        last = (words[-1] for words in self._words.get((record, text), {}).values() if words)
        return tuple(
            sorted((word for word in last if word.verdict == "confirmed"), key=lambda word: word.key)
        )

    def records(self) -> set[str]:
        """The names of the records of which anybody ever spoke."""
        return {record for record, _ in self._words}

    def about(self, record: str, key: str) -> list[Verification]:
        """The words that stand about a claim of this name, in whatever texts the record had."""
        found = (words.get(key) for (name, _), words in self._words.items() if name == record)
        return [each[-1] for each in found if each]


def keep(db: sqlite3.Connection, word: Verification, tx: int) -> None:
    """Write what a person said, in the running transaction `tx`."""
    db.execute(
        "INSERT INTO verification (record, key, text, verdict, by, because, at, tx)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (word.record, word.key, word.text, word.verdict, word.by, word.because, word.at, tx),
    )


def verifications(db: sqlite3.Connection) -> Verifications:
    """What is in force in a store."""
    return Verifications(_words(db))


def _words(db: sqlite3.Connection) -> Iterator[Verification]:
    for record, key, text, verdict, by, because, at in db.execute(_WORDS):
        yield Verification(record=record, key=key, text=text, verdict=verdict, by=by, because=because, at=at)

"""`bench console`: what an investigator waits for, at a million deliveries.

Asked over HTTP of `suyuan serve` in a process of its own, by investigators who are signed in, have said a
purpose and see the region of all records: each question is checked for what may be seen and is in the audit
before it is answered. Searched for is what people type (see `streams.bench.find`). Expanded and traced are
people picked at random and, as many, ends of deliveries picked at random, by which hubs come as often as
their business.

Fifty at once ask a mix of the three, and think between their questions, as people do: from nothing to a
second, at random. `unrested` is the same without thinking, which fifty programs would do, not fifty people:
then everybody waits for everybody, and what it says is the throughput.

The page is weighed as it was built, and drawn in a Chromium without a graphics card: see
`streams.bench.page`.
"""

from __future__ import annotations

import random
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from itertools import cycle, islice
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from urllib.parse import quote

from graph.sqlite.reader import SqliteReader, open_reader
from schemas.errors import ServerError
from streams.bench import page
from streams.bench.find import typed
from streams.bench.made_store import REGION, make_store, name_of
from streams.bench.served import Person, add_people, served
from streams.bench.worlds import Tell, quiet

USERS = 50
_ALONE = 1000
"""Questions of each kind that one person asks."""
_TOGETHER = 40
"""Questions that each of many people asks."""
_THINKING = 1.0
"""The longest time somebody thinks, in seconds."""
_SAMPLE = 400
_KINDS = ("search", "expand", "trace")

Questions = Mapping[str, Sequence[str]]


def people_of(edges: int) -> int:
    """How many people there are for so many deliveries."""
    return max(20, edges // 5)


def run(  # noqa: PLR0913  the sizes of a small run, one by one
    edges: int = 1_000_000,
    *,
    alone: int = _ALONE,
    together: int = _TOGETHER,
    pictures: Sequence[int] = (200, 1000, 3000),
    seed: int = 1,
    tell: Tell = quiet,
) -> dict[str, Any]:
    """Milliseconds at p50 and p99 of each question, of fifty people at once, and the page's figures.

    Raises `ServerError` when the console does not start or does not answer.
    """
    with TemporaryDirectory() as folder:
        store = Path(folder) / "made.db"
        tell("making a store", 0, 1)
        make_store(store, people_of(edges), edges, seed)
        with open_reader(store) as reader:
            questions = _questions(reader, edges, seed)
            drawn = page.drawings(reader, pictures, seed)
        users = [f"user{number}" for number in range(USERS)]
        tell("making accounts", 0, 1)
        add_people(store, users, REGION[:2])
        with served(store) as (port, _), ExitStack() as opened:
            people = [opened.enter_context(closing(Person(port, user))) for user in users]
            return {
                "edges": edges,
                **_one_alone(people[0], questions, alone, tell),
                **_all_at_once(people, questions, together, seed, tell),
                **page.measured(port, people[0], drawn, tell),
            }


def _questions(reader: SqliteReader, edges: int, seed: int) -> Questions:
    """The addresses of questions of each kind."""
    chance = random.Random(seed)  # noqa: S311  a sample
    people = people_of(edges)
    some = reader.entities(chance.choices(range(1, people + 1), k=_SAMPLE))
    searched = [text for person in some for text in typed(person).values() if text]
    ends = [person.id for person in some]
    for record in chance.choices(range(people + 1, people + edges + 1), k=_SAMPLE):
        ends += [chance.choice((one.source, one.target)) for one in reader.edges_in({name_of(record)})]
    chance.shuffle(searched)
    chance.shuffle(ends)
    return {
        "search": [f"/api/search?q={quote(text)}" for text in searched],
        "expand": [f"/api/entities/{one}/neighbours" for one in ends],
        "trace": [f"/api/trace?who={one}" for one in ends],
    }


def _one_alone(person: Person, questions: Questions, asked: int, tell: Tell) -> dict[str, Any]:
    figures = {}
    for kind in _KINDS:
        taken = []
        for number, path in enumerate(islice(cycle(questions[kind]), asked)):
            tell(f"{kind}, alone", number, asked)
            started = time.perf_counter()
            person.get(path)
            taken.append(time.perf_counter() - started)
        figures[f"{kind}_ms"] = _spread(taken)
    return figures


def _all_at_once(
    people: Sequence[Person], questions: Questions, asked: int, seed: int, tell: Tell
) -> dict[str, Any]:
    """Of all people at once, who think between their questions, and who do not."""
    figures: dict[str, Any] = {"users": len(people)}
    for name, thinking in (("together", _THINKING), ("unrested", 0.0)):
        crowd = [
            _OneOfMany(person, questions, asked, thinking, seed + number)
            for number, person in enumerate(people)
        ]
        started = time.perf_counter()
        for each in crowd:
            each.start()
        for number, each in enumerate(crowd):
            tell(f"{len(crowd)} people, {name}", number, len(crowd))
            each.join()
        seconds = time.perf_counter() - started
        taken = [one for each in crowd for one in each.taken]
        figures[f"{name}_ms"] = _spread(taken)
        figures[f"{name}_a_second"] = round(len(taken) / seconds, 1)
        figures[f"{name}_errors"] = sum(each.errors for each in crowd)
    return figures


class _OneOfMany(Thread):
    """Somebody who asks and thinks by turns, in a thread of their own; `taken` is in seconds."""

    def __init__(self, person: Person, questions: Questions, asked: int, thinking: float, seed: int) -> None:
        super().__init__(daemon=True)
        chance = random.Random(seed)  # noqa: S311  a sample
        kinds = chance.choices(_KINDS, k=asked)
        self._asked = [(chance.random() * thinking, chance.choice(questions[kind])) for kind in kinds]
        self._person = person
        self.taken: list[float] = []
        self.errors = 0

    def run(self) -> None:
        for thinking, path in self._asked:
            time.sleep(thinking)
            started = time.perf_counter()
            try:
                self._person.get(path)
            except ServerError:
                self.errors += 1
            self.taken.append(time.perf_counter() - started)


def _spread(seconds: Sequence[float]) -> dict[str, float]:
    """Milliseconds at p50 and p99."""
    ordered = sorted(seconds)
    return {
        name: round(1000 * ordered[int((len(ordered) - 1) * share)], 1)
        for name, share in (("p50", 0.5), ("p99", 0.99))
    }

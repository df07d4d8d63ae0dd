"""Made-up people for tables: each with several records, in which what somebody typed went wrong."""

from __future__ import annotations

from random import Random


def _words(text: str) -> list[str]:
    return text.split()


GIVEN = _words(
    "anna boris clara dmitri elena felix greta hugo irene jonas karla leon marta niklas olga pavel "
)
FAMILY = _words(
    "abelmann brockhaus cassirer dorfmeister eisenlohr falkenrath gersdorff hohenstein immermann "
    "jessenius kaltenborn lindqvist morgenroth nachtigall oberndorf pfannkuch quastberg rothermund "
    "sonnleitner tannhuber "
)
TOWNS = _words("altdorf birkental cronau dornach eichfeld ")
FIELDS = {
    "first": "given_name",
    "last": "family_name",
    "born": "date",
    "town": "city",
    "mail": "email",
}


def person(chance: Random, number: int) -> dict[str, str]:
    first, last = chance.choice(GIVEN), chance.choice(FAMILY) + chance.choice(("", "er", "in", "ow"))
    born = f"{chance.randint(1940, 2005)}-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"
    return {
        "first": first,
        "last": last,
        "born": born,
        "town": chance.choice(TOWNS),
        "mail": f"{first}.{last}{number}@post.example",
    }


def mistyped(chance: Random, text: str) -> str:
    if len(text) < 4:
        return text
    at = chance.randrange(1, len(text) - 1)
    return chance.choice(
        (text[:at] + text[at + 1 :], text[: at - 1] + text[at] + text[at - 1] + text[at + 1 :], text)
    )


def spoilt(chance: Random, record: dict[str, str]) -> dict[str, str]:
    """One to three things wrong: mistyped, left out, swapped."""
    record = dict(record)
    for _ in range(chance.randint(1, 3)):
        field = chance.choice(list(record))
        record[field] = "" if chance.random() < 0.3 else mistyped(chance, record[field])
    if chance.random() < 0.1:
        record["first"], record["last"] = record["last"], record["first"]
    return record


def world(people: int, seed: int = 1) -> tuple[list[tuple[str, dict[str, str]]], dict[str, str]]:
    """Rows with their ids, and the person of each."""
    chance = Random(seed)
    rows, truth = [], {}
    for number in range(people):
        one = person(chance, number)
        for copy in range(chance.randint(1, 5)):
            id_ = f"r{chance.getrandbits(60):015x}"
            rows.append((id_, spoilt(chance, one) if copy else one))
            truth[id_] = f"p{number}"
    chance.shuffle(rows)
    return rows, truth

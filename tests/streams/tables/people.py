"""Made-up people for tables: each with several records, in which what somebody typed went wrong."""

from __future__ import annotations

import csv
from pathlib import Path
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


HUB_FIELDS = {
    "name": "name",
    "born": "date",
    "phone": "phone",
    "id": "identifier",
    "address": "address",
}


def _known(chance: Random) -> dict[str, str]:
    """Somebody with a phone, a number and an address."""
    said = person(chance, 0)
    return {
        "name": f"{said['first']} {said['last']}",
        "born": said["born"],
        "phone": f"1{chance.randint(10**9, 10**10 - 1)}",
        "id": f"X{chance.randint(10**8, 10**9 - 1)}",
        "address": _address(chance),
    }


def _address(chance: Random) -> str:
    return f"{chance.randint(1, 99)} {chance.choice(FAMILY)}weg {chance.choice(TOWNS)}"


def hubs(
    records: int, guests: int, seed: int = 1, crowd: int = 400
) -> tuple[list[tuple[str, dict[str, str]]], dict[str, str]]:
    """A crowd, in it somebody in so many records under thirty spellings (`busy`), and guests of a hotel who
    all give its phone; cells are empty here and there."""
    chance = Random(seed)
    rows, truth = [], {}

    def seen(said: dict[str, str], who: str) -> None:
        id_ = f"r{len(rows):05d}"
        gaps = {column for column in said if column != "name" and chance.random() < 0.15}
        rows.append((id_, {column: "" if column in gaps else value for column, value in said.items()}))
        truth[id_] = who

    for number in range(crowd):
        one = _known(chance)
        for _ in range(chance.randint(1, 3)):
            seen(one, f"p{number}")
    busy = _known(chance)
    spellings = {busy["name"]}
    while len(spellings) < 30:
        again = chance.random() < 0.1  # of a short name there are not so many with one mistake
        spellings.add(mistyped(chance, chance.choice(sorted(spellings)) if again else busy["name"]))
    addresses = [_address(chance) for _ in range(40)]
    for _ in range(records):
        spelt = chance.choice(sorted(spellings))
        seen({**busy, "name": spelt, "address": chance.choice(addresses)}, "busy")
    hotel = _known(chance)["phone"]
    for number in range(guests):
        seen({**_known(chance), "phone": hotel}, f"g{number}")
    chance.shuffle(rows)
    return rows, truth


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


def write(folder: Path, people: int) -> None:
    """A table of these people with its fields and its truth, as the benchmarks take them."""
    rows, truth = world(people)
    with (folder / "people.csv").open("w", encoding="utf-8", newline="") as file:
        lines = csv.DictWriter(file, ["record_id", *FIELDS])
        lines.writeheader()
        lines.writerows({"record_id": id_, **row} for id_, row in rows)
    (folder / "people.truth.csv").write_text(
        "record_id,entity_id\n" + "".join(f"{id_},{who}\n" for id_, who in truth.items()), encoding="utf-8"
    )
    fields = "".join(f'{column} = "{kind}"\n' for column, kind in FIELDS.items())
    (folder / "people.fields.toml").write_text(f"[fields]\n{fields}", encoding="utf-8")

"""A large store made row by row, for measuring readers without the pipeline that fills one.

Everybody in it is made up. Supply runs through five layers (makers, wholesalers, agents, dealers,
street), each much wider than the one above, with a tenth of the deliveries inside a layer; a few in each
layer do most of the business.
"""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Iterator
from importlib import resources
from pathlib import Path

import msgspec

from graph.sqlite.format import APPLICATION_ID, VERSION
from graph.sqlite.view import LIVE
from graph.tokens import tokens_of_features
from schemas.claims import Features, Identifier
from schemas.ids import hash64

DAY = 86_400_000_000
_LAYERS = (0.001, 0.01, 0.05, 0.2, 1.0)
"""Up to which share of the people each layer reaches, from the makers to the street."""
_YEARS = 5
_CHUNK = 10_000
REGION, SOURCE = "460100", "460100-110"
"""Where all records come from."""
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡林郭何高罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘田董袁于余叶蒋杜"
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文斌辉鑫波宁玲飞雪梅琳云峰倩晨龙凤"
_SUBSTANCES = (None, "nitrous_oxide", "ketamine")


def make_store(path: Path, people: int, edges: int, seed: int = 1) -> None:
    """Writes a store with so many people and deliveries (of at least 20 people), one record
    each; made anew when it is there."""
    path.unlink(missing_ok=True)
    chance = random.Random(seed)  # noqa: S311  made-up data
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA journal_mode = OFF")
    db.execute("PRAGMA synchronous = OFF")
    db.execute("PRAGMA cache_size = -500000")
    for name in ("schema.sql", "alerts.sql"):
        db.executescript(resources.files("graph.sqlite").joinpath(name).read_text("utf-8"))
    db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    db.execute(f"PRAGMA user_version = {VERSION}")
    db.execute("BEGIN")
    _write_people(db, people, chance)
    _write_deliveries(db, people, edges, chance)
    db.execute("COMMIT")
    db.close()


def _write_people(db: sqlite3.Connection, people: int, chance: random.Random) -> None:
    """Each person has a profile, and one record that names them, so that everyone is live."""
    encode = msgspec.msgpack.encode
    for start in range(1, people + 1, _CHUNK):
        numbers = range(start, min(start + _CHUNK, people + 1))
        features = [_person(number, chance) for number in numbers]
        db.executemany(
            "INSERT INTO profile VALUES (?, 'person', ?, ?)",
            [(number, number, encode(one)) for number, one in zip(numbers, features, strict=True)],
        )
        db.executemany(
            "INSERT INTO search (rowid, tokens) VALUES (?, ?)",
            [(n, tokens_of_features(one, "person")) for n, one in zip(numbers, features, strict=True)],
        )
        tx = _insert_records(db, numbers)
        db.executemany(
            "INSERT INTO mention VALUES (?, ?, ?, 'p', NULL, NULL, 'unknown', NULL)",
            [(number, number, number) for number in numbers],
        )
        db.executemany("INSERT INTO assign VALUES (?, ?, ?, ?, ?)", [(n, n, n, tx, LIVE) for n in numbers])


def _person(number: int, chance: random.Random) -> Features:
    name = chance.choice(SURNAMES) + "".join(chance.choices(GIVEN, k=chance.choice((1, 2, 2, 2))))
    identifiers = []
    if chance.random() < 0.7:
        head = chance.choice(("138", "139", "150", "159", "187", "199"))
        identifiers.append(Identifier("phone", f"{head}{number % 10**8:08d}"))
    if chance.random() < 0.4:
        born = f"{chance.randint(1960, 2001)}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}"
        place = chance.choice(("460100", "460106", "460200", "440825", "440800", "460400"))
        identifiers.append(Identifier("id_number", f"{place}{born}{number % 10**4:04d}"))
    return Features(name=name, identifiers=tuple(sorted(identifiers)))


def _insert_records(db: sqlite3.Connection, numbers: range) -> int:
    """Records with these keys, received in a transaction of their own; its number."""
    (tx,) = db.execute("SELECT coalesce(max(tx), 0) + 1 FROM tx").fetchone()
    db.execute("INSERT INTO tx VALUES (?, ?, NULL, NULL)", (tx, tx))
    db.executemany(
        "INSERT INTO record (rec, hash, name, kind, revision, reported, source, region, lead, digest, opened,"
        f" closed) VALUES (?, ?, ?, 'tip', 1, ?, '{SOURCE}', '{REGION}', 1, x'', ?, ?)",
        [(n, hash64(name_of(n)), name_of(n), n, tx, LIVE) for n in numbers],
    )
    db.executemany("INSERT INTO log VALUES (?, ?, '{}', NULL, NULL)", [(n, tx) for n in numbers])
    return int(tx)


def name_of(number: int) -> str:
    """The name of a record: first one for each person, then one for each delivery, counted from 1."""
    return f"{SOURCE}/{number}"


def _write_deliveries(db: sqlite3.Connection, people: int, edges: int, chance: random.Random) -> None:
    pairs = _pairs(people, edges, chance)
    for start in range(people + 1, people + edges + 1, _CHUNK):
        numbers = range(start, min(start + _CHUNK, people + edges + 1))
        _insert_records(db, numbers)
        mentions, rows = [], []
        for rec, (source, target) in zip(numbers, pairs, strict=False):
            first = 2 * rec
            mentions += [(first + people, rec, source, "s"), (first + people + 1, rec, target, "t")]
            day = chance.randrange(365 * _YEARS)
            earliest = None if chance.random() < 0.1 else day * DAY
            rows.append(
                (
                    rec, rec, source, target, first + people, first + people + 1, earliest,
                    (day + chance.choice((0, 1, 3, 30))) * DAY, chance.choice(_SUBSTANCES),
                    chance.choice((0.98, 0.9, 0.7, 0.5, 0.1)),
                )
            )  # fmt: skip
        db.executemany(
            "INSERT INTO mention VALUES (?, ?, ?, ?, NULL, NULL, 'unknown', NULL)",
            mentions,
        )
        db.executemany(
            "INSERT INTO edge VALUES (?, ?, 'relations/0', 'supplied', ?, ?, ?, ?, ?, ?, 'relation', ?, NULL,"
            " NULL, NULL, ?)",
            rows,
        )


def _pairs(people: int, edges: int, chance: random.Random) -> Iterator[tuple[int, int]]:
    """Suppliers and receivers (profiles), by layers."""
    bounds = [max(2 * layer + 2, int(share * people)) for layer, share in enumerate(_LAYERS)]
    starts = [0, *bounds[:-1]]
    for _ in range(edges):
        layer = chance.choices((1, 2, 3, 4), (1, 4, 15, 80))[0]
        above = layer if chance.random() < 0.1 else layer - 1
        target = chance.randrange(starts[layer], bounds[layer])
        width = bounds[above] - starts[above]
        source = starts[above] + int(width * chance.random() ** 2)
        if source == target:
            source = starts[above]
            target += target == source
        yield source + 1, min(target, people - 1) + 1

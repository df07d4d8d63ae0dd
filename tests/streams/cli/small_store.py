"""A few records whose answers are known, and the command to ask for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from typer.testing import CliRunner, Result

from streams.cli.main import app

REPORTER = "13900009999"
SELLER, SENDER, BUYER = "林小满", "周远航", "韩一鸣"


def _record(kind: str, name: str, **more: Any) -> dict[str, Any]:
    source, _, source_id = name.partition("/")
    day = more.pop("day")
    stated = {"kind": kind, "source": source, "source_id": source_id, "region": "460106"}
    return {**stated, "reported_at": f"{day}T12:00:00+08:00", **more}


def _person(ref: str, name: str, **more: Any) -> dict[str, Any]:
    return {"ref": ref, "name": name, **more}


SELLER_ID, NAMESAKE_ID = "460106199003070013", "460106196505120013"
RECORDS = [
    _record(
        "tip",
        "460100-110/t-1",
        day="2019-06-04",
        text=f"有人在酒吧卖气弹，我的电话{REPORTER}",
        persons=[_person("p1", SELLER, phones=["13800001234"], id_number=SELLER_ID)],
        reporter={"name": "某甲", "phone": REPORTER},
    ),
    _record(
        "interception",
        "460100-xyg/c-88",
        day="2019-06-09",
        checkpoint="haikou-xiuying",
        outcome="seized",
        persons=[_person("d", SENDER, phones=["13700005678"]), _person("r", SELLER, phones=["13800001234"])],
        parcels=[{"ref": "box", "tracking_no": "SF1020304050607", "sender": "d", "recipient": "r"}],
        lots=[{"ref": "l1", "substance": "笑气", "quantity": 280, "unit": "支", "found_in": "box"}],
    ),
    _record(
        "seizure",
        "460100-jd/s-5",
        day="2019-06-15",
        case="2019-551",
        persons=[_person("u", BUYER, role="user"), _person("v", SELLER, phones=["13800001234"])],
        lots=[{"ref": "l1", "substance": "笑气", "quantity": 20, "unit": "支", "held_by": "u"}],
        relations=[{"from": "v", "to": "u", "kind": "supplied", "substance": "笑气", "at": "2019-06-15"}],
    ),
    _record(
        "interception",
        "460100-xyg/c-90",
        day="2019-07-01",
        persons=[_person("p1", SELLER, id_number=NAMESAKE_ID)],
    ),
]
TWINS = "李爱春"
RECORDS += [
    _record(
        "interception",
        f"460100-xyg/c-9{n}",
        day=f"2019-08-0{n}",
        persons=[_person("p", TWINS, birth_date="1985", gender="female", hukou=hukou)],
    )
    for n, hukou in ((1, "460106"), (2, "440825"))
]
LINES = [json.dumps(record, ensure_ascii=False) for record in RECORDS]
REFUSED = '{"kind": "tip", "source": "460100-110", "source_id": "t-9", "purpose": "health"}'


class Suyuan:
    """The command with a store of its own."""

    def __init__(self, store: Path) -> None:
        self.store = store

    def __call__(self, *words: str, stdin: str | bytes | None = None) -> Result:
        env = {"SUYUAN_STORE": str(self.store), "COLUMNS": "200", "TERM": "dumb"}
        return CliRunner().invoke(app, list(words), input=stdin, env=env)

    def text(self, *words: str) -> str:
        """What a command prints that must work."""
        done = self(*words)
        assert done.exit_code == 0, done.output
        return done.stdout

    def lines(self, *words: str) -> list[Any]:
        """The JSON documents that a command prints, one a line."""
        return [json.loads(line) for line in self.text(*words, "--json").splitlines()]

    def one(self, *words: str) -> Any:
        """The one JSON document that a command prints."""
        (document,) = self.lines(*words)
        return document

"""Lines of the demonstration that cannot be used, each for one of the contract's reasons."""

from __future__ import annotations

from typing import Any

import msgspec

from streams.simulate.case551 import Ring
from streams.simulate.cell import Maker
from streams.simulate.clock import at


def refused_lines(maker: Maker, lines: list[bytes], ring: Ring) -> tuple[list[bytes], dict[str, int]]:
    """The lines with bad ones among them, and how many there are of each reason."""
    bad = [
        ("purpose", _rehabilitation(maker, ring, "rehabilitation")),
        ("purpose", _rehabilitation(maker, ring, "supervision")),
        ("json", lines[40][: len(lines[40]) // 2]),
        ("json", b'{"kind":"tip","kind":"tip","source":"460100-110","source_id":"R-twice"}'),
        ("reference", _tip(maker, "R-nowhere", relations=[{"from": "a", "to": "b", "kind": "met"}])),
        ("time", _tip(maker, "R-thirteenth", reported_at="2019-13-41T25:00:00+08:00")),
        ("time", _tip(maker, "R-before", occurred="1908-02")),
        ("schema", _tip(maker, "R-kind", kind="rumour")),
        ("encoding", "来信举报，字迹不清。".encode("gb18030")),
    ]
    made = list(lines)
    counts: dict[str, int] = {}
    step = len(lines) // (len(bad) + 1)
    for number, (reason, line) in enumerate(bad, 1):
        made.insert(number * step, line)
        counts[reason] = counts.get(reason, 0) + 1
    made.append(_conflicting(next(line for line in lines if line.startswith(b'{"kind":"interception"'))))
    counts["conflict"] = 1
    return made, counts


def _tip(maker: Maker, source_id: str, **fields: Any) -> bytes:
    record = maker.record("tip", "460100-110", "460100", at(2019, 11, 5, 9))
    return msgspec.json.encode(record | {"source_id": source_id, "text": "有人夜里吵闹。"} | fields)


def _rehabilitation(maker: Maker, ring: Ring, purpose: str) -> bytes:
    """A record of a rehabilitation office (戒毒) that would point at a stranger if it were used."""
    user = ring.roles["user"][3]
    stranger = maker.registry.person()
    return _tip(
        maker,
        f"R-{purpose}",
        purpose=purpose,
        text="戒毒人员谈话记录。",
        persons=[
            {"ref": "a", "name": stranger.name, "phones": [stranger.phone]},
            {"ref": "b", "name": user.name, "id_number": user.id_number},
        ],
        relations=[{"from": "a", "to": "b", "kind": "supplied", "at": "2019-11-02"}],
    )


def _conflicting(line: bytes) -> bytes:
    """The same name and revision with other content."""
    record = msgspec.json.decode(line, type=dict[str, Any])
    return msgspec.json.encode(record | {"text": "内容与首次报送不一致。"})

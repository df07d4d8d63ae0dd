"""Made worlds at any size, streamed in the order of arrival, with their truth.

`write_world` is what `suyuan simulate` does; `simulate` gives the records to tests and benches.
Memory grows with what is on its way at one time, not with the whole world.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from streams.simulate.cell import Draft, Maker, Truth, mend
from streams.simulate.clock import DAY, at
from streams.simulate.hubs import hub
from streams.simulate.innocents import complaint, correspondents, household, neighbours
from streams.simulate.networks import network
from streams.simulate.noise import Noise
from streams.simulate.truth import tell
from streams.simulate.variants import choose_fate, expand, forwarded

_BIGGEST_HUB = 5_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a world is made of: shares of its lines, rates, and the days between which things happen.

    The rest of the lines are travellers. `repair` is the part of otherwise unrecognisable mentions
    that get a detail which ties them to their person. `noise` is how badly names and numbers are written,
    where not as usual; its people have names of more kinds.
    """

    parcels: float = 0.17
    complaints: float = 0.09
    networks: float = 0.14
    hubs: float = 0.05
    namesakes: float = 0.04
    copies: float = 0.2
    repair: float = 0.9
    hub_size: int | None = None
    noise: Noise | None = None
    start: int = at(2018, 1, 1)
    days: int = 900


def _ignore(_: Truth) -> None:
    return None


class _World:
    """The state of one world being made: what is on its way, ordered by arrival."""

    def __init__(
        self, seed: int, records: int, options: Options, tell_truth: Callable[[Truth], None]
    ) -> None:
        self.options = options
        self.total = records
        self.maker = Maker(Random(f"suyuan world {seed}"), options.namesakes, options.repair, options.noise)
        self.made = 0
        self._lines: dict[str, int] = {}
        self._tell = tell_truth
        self._way: list[tuple[int, int, bytes]] = []
        self._encode = msgspec.json.Encoder().encode

    def now(self) -> int:
        """When the next cell begins: the share of lines made, on the world's calendar."""
        return self.options.start + int(self.made / self.total * self.options.days * DAY)

    def lines(self) -> Iterator[bytes]:
        """All records as lines of JSON, in the order of arrival."""
        way = self._way
        while self.made < self.total:
            now = self.now()
            while way and way[0][0] < now:
                yield heapq.heappop(way)[2]
            self._cell(now)
        while way:
            yield heapq.heappop(way)[2]
        self._tell({"counts": self.counts()})

    def counts(self) -> dict[str, int]:
        """How much there is of everything, difficulties among it."""
        made = {"records": self.made, **self.maker.counts, **self.maker.scribe.counts}
        made["namesakes"] = self.maker.registry.namesakes
        made["reissued_plates"] = self.maker.registry.reissued
        return dict(sorted(made.items()))

    def _hub_size(self) -> int:
        return self.options.hub_size or max(40, min(_BIGGEST_HUB, self.total // 200))

    def _kind(self, left: int) -> str:
        """The kind of cell whose share of the lines lags most behind."""
        if left < 30:
            return "single"
        o = self.options
        shares = {"parcels": o.parcels, "complaints": o.complaints}
        if left > 300:
            shares["networks"] = o.networks
        if left > 2 * self._hub_size() + 100:
            shares["hubs"] = o.hubs
        shares["travellers"] = 1 - sum(shares.values())
        return max(shares, key=lambda kind: shares[kind] * (self.made + 400) - self._lines.get(kind, 0))

    def _cell(self, now: int) -> None:
        left = self.total - self.made
        kind = self._kind(left)
        drafts, sent = self._finish(self._drafts(kind, now), varied=kind != "single")
        for truth in tell(drafts, self.maker):
            self._tell(truth)
        for draft in sent:
            self.made += 1
            self.maker.count(draft.record["kind"])
            heapq.heappush(self._way, (draft.arrival, self.made, self._encode(draft.record)))
        self._lines[kind] = self._lines.get(kind, 0) + len(sent)

    def _drafts(self, kind: str, now: int) -> list[Draft]:
        maker = self.maker
        end = self.options.start + self.options.days * DAY
        if kind == "networks":
            return network(maker, now)
        if kind == "hubs":
            return hub(maker, now, max(end, now + 60 * DAY), self._hub_size())
        if kind == "single":
            return [complaint(maker, now)]
        makers = {"travellers": household, "parcels": correspondents, "complaints": neighbours}
        return makers[kind](maker, now)

    def _finish(self, drafts: list[Draft], *, varied: bool) -> tuple[list[Draft], list[Draft]]:
        """The drafts that count, copies included, and all lines to send; the last few lines that
        fill a world up are not varied."""
        maker = self.maker
        for draft in drafts if varied else ():
            choose_fate(draft, maker, self.options.copies if draft.record["kind"] == "tip" else 0.0)
        mend(drafts, maker)
        copies = [again for draft in drafts for again in forwarded(draft, maker)]
        sent = [line for draft in drafts for line in expand(draft, maker)]
        return drafts + copies, sent + copies


def simulate_lines(
    seed: int,
    records: int,
    options: Options | None = None,
    truth: Callable[[Truth], None] | None = None,
) -> Iterator[bytes]:
    """Exactly `records` lines of contract JSON without line ends, in the order of arrival.

    The same seed, size and options give the same bytes. `truth` is called with every line of the
    truth as soon as it is known, the counts last.
    """
    return _World(seed, records, options or Options(), truth or _ignore).lines()


def simulate(
    seed: int,
    records: int,
    options: Options | None = None,
    truth: Callable[[Truth], None] | None = None,
) -> Iterator[dict[str, Any]]:
    """The records of `simulate_lines` as dicts.

    >>> first = next(simulate(7, 100))
    >>> {"kind", "source", "source_id", "reported_at"} <= set(first)
    True
    """
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    return map(decode, simulate_lines(seed, records, options, truth))


def write_world(
    seed: int,
    records: int,
    out: Path,
    options: Options | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, int]:
    """Writes `records.jsonl` and `truth.jsonl` into the folder `out`, and gives the counts.

    `progress` is told every thousand lines how many there are. Raises OSError when the folder
    cannot be written to.
    """
    out.mkdir(parents=True, exist_ok=True)
    encode = msgspec.json.Encoder().encode
    counts: dict[str, int] = {}
    with (out / "records.jsonl").open("wb") as lines, (out / "truth.jsonl").open("wb") as truths:

        def keep(line: Truth) -> None:
            truths.write(encode(line) + b"\n")
            counts.update(line.get("counts", {}))

        for number, line in enumerate(simulate_lines(seed, records, options, keep), 1):
            lines.write(line + b"\n")
            if progress is not None and number % 1000 == 0:
                progress(number)
    return counts

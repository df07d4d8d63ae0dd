"""A waterfall of evidence in the terminal: a bar a feature, each begins where the last one ended.

It says the same without colour: what speaks for is solid, what speaks against is shaded. Blocks are whole
cells, so that ends and beginnings stand under each other.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Iterator, Sequence
from math import floor
from typing import TYPE_CHECKING

from msgspec import Struct
from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from schemas.explanations import PairExplanation, Step
from streams.cli.output import plain, print_text
from streams.explain.scale import scale_of
from streams.explain.words import feature, reason_en, signed

if TYPE_CHECKING:
    from streams.explain.scale import Scale

_LEAST, _MOST = 60, 120
_NAMES, _BITS = 11, 6
_STEPS = (0.25, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 10.0)
"""Bits that one block may stand for."""
_FOR, _AGAINST, _THIN = "█", "░", "▏"
_ZERO, _ASK, _JOIN = "│", "┊", "╎"


def terminal_width() -> int:
    """Columns to write in: the terminal's (or `COLUMNS`), 80 in a pipe; never too few for a bar."""
    return min(max(shutil.get_terminal_size((80, 24)).columns, _LEAST), _MOST)


class _Ruler(Struct, frozen=True):
    """Sums as columns: `per` bits to a block, `first` the block in column 0."""

    scale: Scale
    per: float
    first: int

    def at(self, bits: float) -> int:
        return floor(self.scale.cut(bits) / self.per + 0.5) - self.first


def _ruler(scale: Scale, columns: int) -> _Ruler:
    """The finest ruler whose blocks, and a mark behind the last, fit into so many columns."""
    for per in _STEPS:
        first = floor(scale.low / per + 0.5)
        if floor(scale.high / per + 0.5) - first < columns:
            return _Ruler(scale, per, first)
    raise AssertionError("no scale is that long")


def print_waterfall(found: PairExplanation) -> None:
    """The features of a pair line by line, then the sum, with both thresholds marked."""
    if found.bits is None:
        return
    for line in waterfall(found, terminal_width()):
        print_styled(line)


def waterfall(found: PairExplanation, width: int) -> Iterator[Text]:
    """The lines of a waterfall, none wider than `width` columns."""
    room = width - 2 - _NAMES - 1 - _BITS - 2 - 2
    bars = room // 2
    ruler = _ruler(scale_of(found), bars)
    marks = {
        ruler.at(0.0): _ZERO,
        ruler.at(found.review_from): _ASK,
        ruler.at(found.link_from): _JOIN,
    }
    for step in found.evidence:
        bar = _bar(step, ruler, marks, bars)
        yield from _row(feature(step.feature).en, signed(step.bits), bar, reason_en(step.why), room - bars)
    total = Text(_marked(marks, bars, {ruler.at(found.bits or 0.0): "◆"}), "bold")
    yield from _row("sum", signed(found.bits), total, _blocks(ruler), room - bars)
    labels = {"0": 0.0, f"{found.review_from:g}": found.review_from, f"{found.link_from:g}": found.link_from}
    yield _under([(ruler.at(bits), label) for label, bits in labels.items()])
    yield _under([(ruler.at(found.review_from), "ask"), (ruler.at(found.link_from), "join")])


def _blocks(ruler: _Ruler) -> str:
    return f"{_FOR} = {ruler.per:g} bit{'' if ruler.per == 1 else 's'}"


def _row(name: str, bits: str, bar: Text, why: str, room: int) -> Iterator[Text]:
    """A line of the table; a long reason goes on below, in its own column."""
    first, *more = wrap(why, room)
    head = f"  {set_cell_size(name, _NAMES)} {bits:>{_BITS}}  "
    yield Text.assemble(head, bar, "  ", first)
    for line in more:
        yield Text(" " * (len(head) + cell_len(bar.plain) + 2) + line)


def _marked(marks: dict[int, str], columns: int, more: dict[int, str]) -> str:
    shown = marks | more
    return "".join(shown.get(at, " ") for at in range(columns))


def _bar(step: Step, ruler: _Ruler, marks: dict[int, str], columns: int) -> Text:
    """The bar of a feature; one that is shorter than half a block is a thin line, one of nothing a dot."""
    start, end = ruler.at(step.start), ruler.at(step.end)
    block, style = (_FOR, "green") if step.bits > 0 else (_AGAINST, "red")
    filled = dict.fromkeys(range(min(start, end), max(start, end)), block)
    if start == end:
        filled = {start: _THIN if step.bits else "·"}
    if step.end < ruler.scale.low:
        filled[0] = "<"
    bar = Text(_marked(marks, columns, filled))
    bar.stylize(style, min(filled), max(filled) + 1)
    return bar


def _under(labels: Sequence[tuple[int, str]]) -> Text:
    """Labels that begin under their marks, or behind the label before."""
    line = ""
    offset = 2 + _NAMES + 1 + _BITS + 2
    for at, label in sorted(labels):
        line = line.ljust(max(offset + at, len(line) + 1 if line else 0)) + label
    return Text(line)


def wrap(text: str, columns: int) -> list[str]:
    """Text in lines of at most so many columns, Chinese characters taking two.

    >>> wrap("same phone 手机号相同", 10)
    ['same phone', '手机号相同']
    """
    console = Console(width=columns, color_system=None)
    lines = Text(plain(text)).wrap(console, columns)
    return [line.plain.rstrip() for line in lines] or [""]


def print_wrapped(text: str, indent: str = "") -> None:
    """A sentence in the width of the terminal, each line behind `indent`."""
    for line in wrap(text, terminal_width() - cell_len(indent)):
        print_text(indent + line)


def print_styled(line: Text) -> None:
    """A line in colour where the terminal has colours."""
    tty = sys.stdout.isatty()
    console = Console(width=_MOST + 1, force_terminal=tty, legacy_windows=False)
    with console.capture() as drawn:
        console.print(line, end="", soft_wrap=True)
    print_text(drawn.get().rstrip())

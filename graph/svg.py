"""A supply chain as a picture: tiers from the source (left) to the street (right).

Plain SVG without scripts or outside references: it opens in a browser, prints, and goes into a file. All
text is escaped. Colours keep a contrast of at least 4.5 to 1 on white.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from msgspec import Struct

from graph.drawing import (
    INK,
    LINE,
    SOFT,
    STRONG,
    Point,
    columns_of,
    cut,
    notice,
    opening,
    say,
    wrapped,
)
from graph.layout import Layout, Node, arrange, tiers_of
from graph.whole import whole_file
from graph.xml import escape
from schemas.entities import NOTICE, Chain, Entity, Hop, Trace
from schemas.reference.words import substance, word

_MOST_CHAINS = 24
"""More chains make no picture; the strongest are drawn, the number of the others is written."""
_BOX = (176, 58)
_COLUMN = 372
_ROW = 104
_STAND_IN_ROW = 62
_MARGIN, _HEAD, _FOOT = 36, 116, 96
_LABEL_HEIGHT = 50
_COLOURS = {
    "person": "#1d5fa8",
    "organisation": "#5b3f99",
    "vehicle": "#8a5a00",
    "parcel": "#a03c1f",
    "venue": "#1f7a4d",
}
_OTHER_COLOUR = "#4a5560"
_HALO = ' text-anchor="middle" paint-order="stroke" stroke="#ffffff" stroke-width="4" stroke-linejoin="round"'
"""The arrow runs between the lines of its label; a white rim keeps them legible where it bends."""


class _Arrow(Struct, frozen=True):
    """All hops of the chains from one entity to another."""

    source: str
    target: str
    hops: tuple[Hop, ...]
    best: bool


class _Picture(Struct, frozen=True):
    trace: Trace
    entities: dict[str, Entity]
    arrows: tuple[_Arrow, ...]
    layout: Layout
    place: dict[Node, Point]
    size: Point
    left_out: int


def chain_svg(trace: Trace) -> str:
    """The chains of a trace as an SVG document.

    Arrows show when, what, on which basis, how sure, and the records; the most confident chain is red.
    A trace without chains gives its origin and its note.
    """
    picture = _compose(trace)
    parts = [
        *opening(picture.size, f"{trace.origin.label} 供应链 — {NOTICE}", _markers()),
        *_head(picture),
        *_bands(picture),
        *_arrows(picture),
        *(_box(picture, id_) for id_ in picture.entities),
        *_foot(picture),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def write_svg(trace: Trace, path: Path) -> None:
    """The chains as an SVG file; a drawing that cannot be written leaves the one that stood there."""
    with whole_file(path) as file:
        file.write(chain_svg(trace).encode())


def _compose(trace: Trace) -> _Picture:
    chains = trace.chains[:_MOST_CHAINS]
    entities = {trace.origin.id: trace.origin}
    for hop in (hop for chain in chains for hop in chain.hops):
        entities[hop.source.id] = hop.source
        entities[hop.target.id] = hop.target
    orders = [_ids(chain) for chain in chains] or [[trace.origin.id]]
    tier = tiers_of(orders, from_end=trace.direction == "up")
    arrows = _gather(chains)
    layout = arrange(tier, [(arrow.source, arrow.target) for arrow in arrows])
    place, size = _places(layout)
    wide = max(size[0], 2 * _MARGIN + 620)
    return _Picture(trace, entities, arrows, layout, place, (wide, size[1]), len(trace.chains) - len(chains))


def _ids(chain: Chain) -> list[str]:
    return [chain.hops[0].source.id, *(hop.target.id for hop in chain.hops)]


def _gather(chains: Sequence[Chain]) -> tuple[_Arrow, ...]:
    hops: dict[tuple[str, str], dict[Hop, None]] = {}
    for chain in chains:
        for hop in chain.hops:
            hops.setdefault((hop.source.id, hop.target.id), {}).setdefault(hop)
    best = set(pairwise(_ids(chains[0]))) if chains else set()
    return tuple(
        _Arrow(source, target, tuple(between), (source, target) in best)
        for (source, target), between in sorted(hops.items())
    )


def _places(layout: Layout) -> tuple[dict[Node, Point], Point]:
    heights = [sum(map(_room, column)) for column in layout.tiers]
    tallest = max([*heights, _ROW])
    place: dict[Node, Point] = {}
    for column, (nodes, height) in enumerate(zip(layout.tiers, heights, strict=True)):
        x = _MARGIN + column * _COLUMN + _BOX[0] / 2
        y = _HEAD + (tallest - height) / 2
        for node in nodes:
            place[node] = (x, y + _room(node) / 2)
            y += _room(node)
    width = 2 * _MARGIN + (len(layout.tiers) - 1) * _COLUMN + _BOX[0]
    return place, (width, _HEAD + tallest + _FOOT)


def _room(node: Node) -> float:
    return _ROW if isinstance(node, str) else _STAND_IN_ROW


def _markers() -> str:
    heads = (
        f'<marker id="{name}" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="11" '
        'markerHeight="11" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0 L10 5 L0 10 z" fill="{colour}"/></marker>'
        for name, colour in (("head", LINE), ("best", STRONG))
    )
    return f"<defs>{''.join(heads)}</defs>"


def _head(picture: _Picture) -> Iterator[str]:
    trace = picture.trace
    way = "上溯来源" if trace.direction == "up" else "下查去向"
    title = f"{cut(trace.origin.label, 40)} · {way}"
    yield say((_MARGIN, 42), title, 21, INK, ' font-weight="700"')
    chains = len(trace.chains)
    known = f"知识截至 {trace.as_of[:19].replace('T', ' ')}" if trace.as_of else "当前所知"
    facts = [f"{chains} 条链", known, *(["已达最大层数，未到尽头"] if trace.truncated else [])]
    if picture.left_out:
        facts.append(f"另有 {picture.left_out} 条未画出")
    yield say((_MARGIN, 66), " · ".join(facts), 13, SOFT)
    yield notice(picture.size[0] - _MARGIN, 40)


def _bands(picture: _Picture) -> Iterator[str]:
    """A heading over each tier."""
    last = len(picture.layout.tiers) - 1
    for column in range(last + 1):
        x = _MARGIN + column * _COLUMN + _BOX[0] / 2
        name = "源头方向" if column == 0 else "街面方向" if column == last else f"第 {column + 1} 层"
        if last == 0:
            name = "起点"
        yield say((x, _HEAD - 14), name, 12, SOFT, ' text-anchor="middle" letter-spacing="2"')
    if not picture.trace.chains:
        note = picture.trace.note or "没有找到供应链"
        for line, text in enumerate(wrapped(note, 60)):
            yield say((_MARGIN + _BOX[0] + 24, _HEAD + 40 + 19 * line), text, 13, SOFT)


def _arrows(picture: _Picture) -> Iterator[str]:
    """Lines below, then their labels, moved apart where they would lie on each other."""
    wanted: list[tuple[Point, _Arrow]] = []
    for arrow in sorted(picture.arrows, key=lambda arrow: arrow.best):
        points = _points(picture, arrow)
        yield _curve(points, arrow)
        wanted.append((_label_point(picture, arrow, points), arrow))
    for (x, y), arrow in _apart(wanted):
        yield _label(x, y, arrow)


def _points(picture: _Picture, arrow: _Arrow) -> list[Point]:
    start, end = picture.place[arrow.source], picture.place[arrow.target]
    forward = start[0] < end[0]
    stand_ins = picture.layout.route[arrow.source, arrow.target]
    middle = [picture.place[node] for node in (stand_ins if forward else reversed(stand_ins))]
    half = _BOX[0] / 2
    if start[0] == end[0]:  # within a tier, in a loop: out and back on the right
        return [
            (start[0] + half, start[1]),
            (start[0] + half + 70, (start[1] + end[1]) / 2),
            (end[0] + half, end[1]),
        ]
    side = half if forward else -half
    return [(start[0] + side, start[1]), *middle, (end[0] - side, end[1])]


def _curve(points: list[Point], arrow: _Arrow) -> str:
    path = f"M{points[0][0]:g} {points[0][1]:g}"
    for (x1, y1), (x2, y2) in pairwise(points):
        bend = (x2 - x1) / 2
        path += f" C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    confidence = max(hop.confidence for hop in arrow.hops)
    colour, head = (STRONG, "best") if arrow.best else (LINE, "head")
    dash = "" if confidence >= 0.5 else ' stroke-dasharray="7 5"'
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{1 + 2.2 * confidence:.2f}"{dash} '
        f'marker-end="url(#{head})"/>'
    )


def _label_point(picture: _Picture, arrow: _Arrow, points: list[Point]) -> Point:
    """Near the end where fewer arrows meet: there is more room."""
    into = sum(other.target == arrow.target for other in picture.arrows)
    out = sum(other.source == arrow.source for other in picture.arrows)
    (x1, y1), (x2, y2) = (points[0], points[1]) if into >= out else (points[-2], points[-1])
    share = 0.5 if into == out else 0.42 if into > out else 0.58
    eased = share * share * (3 - 2 * share)
    return x1 + (x2 - x1) * 0.5, y1 + (y2 - y1) * eased


def _apart(wanted: Iterable[tuple[Point, _Arrow]]) -> Iterator[tuple[Point, _Arrow]]:
    columns: dict[int, list[tuple[Point, _Arrow]]] = {}
    for point, arrow in wanted:
        columns.setdefault(round(point[0] / (_COLUMN / 2)), []).append((point, arrow))
    for column in columns.values():
        column.sort(key=lambda each: (each[0][1], each[1].source, each[1].target))
        free = float("-inf")
        placed = []
        for (x, y), arrow in column:
            free = max(free + _LABEL_HEIGHT, y)
            placed.append((x, free, arrow))
        drift = sum(at - y for (_, at, _), ((_, y), _) in zip(placed, column, strict=True)) / len(placed)
        for x, at, arrow in placed:
            yield (x, at - drift), arrow


def _label(x: float, y: float, arrow: _Arrow) -> str:
    surest = max(arrow.hops, key=lambda hop: hop.confidence)
    records = sorted({record for hop in arrow.hops for record in hop.records})
    lines = (
        f"{when(surest)} · {substance(surest.substance)}",
        f"{word('basis', surest.kind)} · 可信度 {surest.confidence:.2f}",
        _few(records),
    )
    colour = STRONG if arrow.best else INK
    texts = "".join(
        say((x, y + below), line, 11, colour if below < 0 else SOFT, _HALO)
        for line, below in zip(lines, (-7, 16, 30), strict=True)
    )
    title = "\n".join([f"{surest.source.label} → {surest.target.label}", *records])
    return f"<g><title>{escape(title)}</title>{texts}</g>"


def _few(records: Sequence[str]) -> str:
    more = f" 等 {len(records)} 条" if len(records) > 1 else ""
    return cut(records[0], 28) + more


def when(hop: Hop) -> str:
    """The time of a hop in few characters; days in +08:00 as the trace gives them."""
    latest = hop.latest[:10] if hop.latest else None
    if hop.earliest is None:
        return f"不晚于 {latest}" if latest else "时间不明"
    earliest = hop.earliest[:10]
    if latest in (None, earliest):
        return earliest
    return f"{earliest} 至 {latest[5:] if latest and latest[:4] == earliest[:4] else latest}"


def _box(picture: _Picture, id_: str) -> str:
    entity = picture.entities[id_]
    x, y = picture.place[id_]
    colour = _COLOURS.get(entity.type, _OTHER_COLOUR)
    origin = id_ == picture.trace.origin.id
    left, top = x - _BOX[0] / 2, y - _BOX[1] / 2
    records = len({mention.record for mention in entity.mentions})
    edge = f'stroke="{STRONG}" stroke-width="2.5"' if origin else f'stroke="{colour}" stroke-width="1.2"'
    return (
        f"<g><title>{escape(f'{entity.label} ({entity.id})')}</title>"
        f'<rect x="{left:g}" y="{top:g}" width="{_BOX[0]}" height="{_BOX[1]}" rx="8" fill="#f7f9fc" {edge}/>'
        f'<rect x="{left:g}" y="{top + 8:g}" width="5" height="{_BOX[1] - 16}" rx="2" fill="{colour}"/>'
        + say((left + 16, top + 25), cut(entity.label, 20), 15, INK, ' font-weight="700"')
        + say((left + 16, top + 45), f"{word('type', entity.type)} · {records} 条记录", 12, colour)
        + "</g>"
    )


def _foot(picture: _Picture) -> Iterator[str]:
    width, height = picture.size
    y = height - 52
    yield f'<line x1="{_MARGIN}" y1="{y - 22:g}" x2="{width - _MARGIN:g}" y2="{y - 22:g}" stroke="#d5dce4"/>'
    x = float(_MARGIN)
    for type_ in dict.fromkeys(entity.type for entity in picture.entities.values()):
        name, colour = word("type", type_), _COLOURS.get(type_, _OTHER_COLOUR)
        yield f'<rect x="{x:g}" y="{y - 10:g}" width="12" height="12" rx="2" fill="{colour}"/>'
        yield say((x + 18, y), name, 12)
        x += 34 + 7 * columns_of(name)
    for colour, dash, name in (
        (STRONG, "", "最可信的链"),
        (LINE, "", "其他链"),
        (LINE, "7 5", "可信度低于 0.5"),
    ):
        style = f' stroke-dasharray="{dash}"' if dash else ""
        yield (
            f'<line x1="{x:g}" y1="{y - 4:g}" x2="{x + 26:g}" y2="{y - 4:g}" stroke="{colour}" '
            f'stroke-width="2.5"{style}/>'
        )
        yield say((x + 32, y), name, 12)
        x += 48 + 7 * columns_of(name)
    said = f"{NOTICE}。箭头由供方指向收方；每一箭头都有记录为据，记录撤回即随之撤销。"
    yield say((_MARGIN, y + 26), said, 12, SOFT)

"""Why two are one or not, as a picture: each feature's bar begins where the last one ended.

It says what `suyuan explain A B` says and nothing more of the people. What speaks for is solid, what speaks
against is hatched, so that it reads in print; thresholds are dashed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from graph.drawing import INK, LINE, SOFT, STRONG, cut, folded, notice, opening, say
from graph.whole import whole_file
from graph.xml import escape
from schemas.entities import NOTICE
from schemas.explanations import Join, PairExplanation, Step
from streams.explain.scale import Scale, scale_of
from streams.explain.words import deed_zh, feature, guard_figures, reason_zh, signed_zh, words_zh

_WIDTH, _MARGIN, _HEAD, _ROW = 980, 36, 142, 36
_BITS_AT, _BARS, _WHY_AT = 214, (240, 660), 684
_BAR, _LINE_HEIGHT, _COLUMNS = 18, 22, 116
_FOR, _AGAINST = "#1f7a4d", "#a03c1f"
_SOLID, _HATCHED = f'fill="{_FOR}"', f'fill="url(#against)" stroke="{_AGAINST}"'
_JOINS = 6
"""Joins of the way from one to the other that are written; of more, their number."""
_HATCH = (
    '<defs><pattern id="against" width="6" height="6" patternUnits="userSpaceOnUse" '
    'patternTransform="rotate(45)"><rect width="6" height="6" fill="#ffffff"/>'
    f'<rect width="2.5" height="6" fill="{_AGAINST}"/></pattern></defs>'
)


class _Picture(Struct, frozen=True):
    found: PairExplanation
    scale: Scale
    verdict: tuple[str, ...]
    joins: tuple[str, ...]

    @property
    def bottom(self) -> float:
        """Where the waterfall ends, or where it would begin."""
        return _HEAD + (len(self.found.evidence) + 1) * _ROW if self.found.bits is not None else _HEAD - 34

    def x(self, bits: float) -> float:
        left, right = _BARS
        share = (self.scale.cut(bits) - self.scale.low) / (self.scale.high - self.scale.low)
        return round(left + share * (right - left), 2)


def waterfall_svg(found: PairExplanation) -> str:
    """The waterfall of a pair as an SVG document, with what decides in words below."""
    verdict = tuple(folded(words_zh(found), _COLUMNS))
    picture = _Picture(found, scale_of(found), verdict, tuple(_joins(found)))
    height = picture.bottom + 40 + (len(verdict) + len(picture.joins)) * _LINE_HEIGHT + 70
    parts = [
        *opening((_WIDTH, height), f"{_heading(found)} — {NOTICE}", _HATCH, _description(found)),
        *_head(found),
        *(_thresholds(picture) if found.bits is not None else ()),
        *(_step(picture, step, row) for row, step in enumerate(found.evidence)),
        *(_sum(picture) if found.bits is not None else ()),
        *_foot(picture, height),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def write_waterfall(found: PairExplanation, path: Path) -> None:
    """The waterfall as an SVG file; one that cannot be written leaves what stood there."""
    with whole_file(path) as file:
        file.write(waterfall_svg(found).encode())


# --- text -------------------------------------------------------------------------------------------------


def _heading(found: PairExplanation) -> str:
    one, other = (cut(each.label, 30) for each in found.entities)
    return f"{one} 与 {other}：{'同一' if found.same else '不同'}"


def _description(found: PairExplanation) -> str:
    """All that the picture shows, for those who hear it."""
    steps = [
        f"{feature(step.feature).zh} {signed_zh(step.bits)}，{reason_zh(step.why)}" for step in found.evidence
    ]
    total = [] if found.bits is None else [f"合计 {signed_zh(found.bits)} 比特"]
    return "；".join([*steps, *total, words_zh(found), *_joins(found)])


def _joins(found: PairExplanation) -> Iterator[str]:
    """The joins behind what decides, in lines that fit."""
    joins = found.path if found.same else (found.attempt,) if found.attempt else ()
    for number, join in enumerate(joins[:_JOINS], 1):
        yield from folded(f"{number}. {join.a} ＋ {join.b}：{_held(join, found.link_from)}", _COLUMNS)
    if len(joins) > _JOINS:
        yield f"另有 {len(joins) - _JOINS} 次合并未列出"


def _held(join: Join, link: float) -> str:
    if join.judgement is not None:
        return f"人工判定（{deed_zh(join.judgement)}）"
    if join.best is None:
        return "人工判定"
    figures = guard_figures(join)
    if join.mean is None:
        return f"关联 {figures['best']} 比特"
    sign = "≥" if join.outcome == "joined" else "＜"
    return f"½·{figures['best']} + ½·{figures['mean']} = {figures['value']} {sign} {link:g}"


# --- drawing ----------------------------------------------------------------------------------------------


def _head(found: PairExplanation) -> Iterator[str]:
    yield say((_MARGIN, 42), _heading(found), 21, INK, ' font-weight="700"')
    for (y, mention), entity in zip(((68, found.best[0]), (88, found.best[1])), found.entities, strict=True):
        yield say((_MARGIN, y), cut(f"{mention}　{entity.id}", 100), 13, SOFT)
    yield notice(_WIDTH - _MARGIN, 40)


def _thresholds(picture: _Picture) -> Iterator[str]:
    """Nothing, and what it takes to ask a person and to join."""
    found = picture.found
    top, bottom = _HEAD - 8, picture.bottom + 4
    for bits, label, dash in (
        (0.0, "0", ""),
        (found.review_from, f"复核 {found.review_from:g}", "2 4"),
        (found.link_from, f"关联 {found.link_from:g}", "8 4"),
    ):
        x = picture.x(bits)
        style = f' stroke-dasharray="{dash}"' if dash else ""
        anchor = "end" if bits == found.review_from else "start" if bits else "middle"
        yield f'<line x1="{x:g}" y1="{top}" x2="{x:g}" y2="{bottom:g}" stroke="{LINE}"{style}/>'
        nudge = {"end": 4, "start": -4, "middle": 0}[anchor]
        yield say((x + nudge, top - 6), label, 12, INK, f' text-anchor="{anchor}"')


def _step(picture: _Picture, step: Step, row: int) -> str:
    top = _HEAD + row * _ROW
    middle = top + _ROW / 2
    start, end = picture.x(step.start), picture.x(step.end)
    style = _SOLID if step.bits > 0 else _HATCHED if step.bits else f'fill="{LINE}"'
    name, why = feature(step.feature).zh, reason_zh(step.why)
    wide = max(abs(end - start), 1.5)
    bar = (
        f'<rect x="{min(start, end):g}" y="{middle - _BAR / 2:g}" width="{wide:g}" height="{_BAR}" {style}/>'
    )
    beyond = say((end - 14, middle + 5), "◀", 13, _AGAINST) if step.end < picture.scale.low else ""
    following = (
        f'<line x1="{end:g}" y1="{middle + _BAR / 2:g}" x2="{end:g}" y2="{middle + _ROW - _BAR / 2:g}" '
        f'stroke="{INK}" stroke-width="1"/>'
    )
    return (
        f"<g><title>{escape(f'{name} {signed_zh(step.bits)}，{why}')}</title>"
        + say((_MARGIN, middle + 5), cut(name, 16), 14)
        + say((_BITS_AT, middle + 5), signed_zh(step.bits), 14, INK, ' text-anchor="end"')
        + bar
        + beyond
        + following
        + say((_WHY_AT, middle + 5), cut(why, 36), 13, SOFT)
        + "</g>"
    )


def _sum(picture: _Picture) -> Iterator[str]:
    bits = picture.found.bits
    middle = picture.bottom - _ROW / 2
    x = picture.x(bits or 0.0)
    yield _rule(middle - _ROW / 2)
    bold = ' font-weight="700"'
    yield say((_MARGIN, middle + 5), "合计", 14, INK, bold)
    yield say((_BITS_AT, middle + 5), signed_zh(bits), 14, INK, f'{bold} text-anchor="end"')
    yield (
        f'<path d="M{x:g} {middle - 8:g} l8 8 l-8 8 l-8 -8 z" fill="#ffffff" stroke="{INK}" '
        'stroke-width="2.5"/>'
    )
    yield say((_WHY_AT, middle + 5), "比特（bit）", 13, SOFT)


def _foot(picture: _Picture, height: float) -> Iterator[str]:
    y = picture.bottom + 40
    for line, more in (
        *((line, ' font-weight="700"') for line in picture.verdict),
        *((line, "") for line in picture.joins),
    ):
        yield say((_MARGIN, y), line, 14, INK, more)
        y += _LINE_HEIGHT
    y = height - 44
    yield _rule(y - 22)
    x = float(_MARGIN)
    for name, style in (("支持同一", _SOLID), ("反对同一", _HATCHED)):
        yield f'<rect x="{x:g}" y="{y - 11:g}" width="22" height="12" {style}/>'
        yield say((x + 28, y), name, 12)
        x += 104
    said = f"{NOTICE}。每一比特使“同一”的几率加倍或减半；记录撤回，结论随之重算。"
    yield say((_MARGIN, y + 24), said, 12, STRONG)


def _rule(y: float) -> str:
    return f'<line x1="{_MARGIN}" y1="{y:g}" x2="{_WIDTH - _MARGIN}" y2="{y:g}" stroke="#d5dce4"/>'

"""Substances in text, what speaks for slang meaning a drug, and which quantity is whose."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, TypeVar

from msgspec.structs import replace

from schemas.reference import substances
from streams.text.findings import Found, FoundAmount, FoundQuantity, FoundSubstance
from streams.text.measures import WEAK_UNITS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from streams.text.identifiers import Ground

_UNSPECIFIED = re.compile(
    r"(?:疑似|可疑)?(?:毒品|违禁品)(?:可疑物)?"
    r"|(?:白|淡?黄|红|绿|灰|褐|黑|棕|透明)色?(?:透明)?(?:结?晶[体状]|粉末|颗粒|药丸|药片|片剂|块状)(?:状)?(?:物质?|毒品)?"
)
_HOUSEHOLD = re.compile(
    r"菜市|市场|超市|肉铺|肉摊|菜摊|摊位|厨房|饭店|餐馆|火锅|[炖烤炒煮蒸]|吃饭|做菜|饮料|可乐|啤酒|奶茶|集邮|寄信|邮局|生日|婚礼|幼儿园|树上|落叶|药店|处方"
)
"""Speaks for the everyday sense: then trade alone (买、卖、元) does not make slang of it."""
_DRUG_CUE = re.compile(
    r"毒|贩|吸[食了过的]?|出货|拿货|进货|放货|散货|供货|货源|上家|下家|零包|嗑|溜|飞叶|上头|针筒|注射"
    r"|锡纸|冰壶|打药|过瘾|上瘾|致幻|试货|验货|走货"
)
_TRADE_CUE = re.compile(
    r"[卖买售购运藏]|出手|交易|收货|发货|送货|邮寄|代理|批发|倒腾|带货|接头|来一[口点]|要货"
)
_Measure = TypeVar("_Measure", bound=Found)
_CLAUSE_END = re.compile(r"[。；;！!？?\n]")
_PAUSE = re.compile(r"[，,、。；;：:！!？?\s]")
_NEAR = 15  # characters between slang and what supports it
_BESIDE = 3  # characters between a counter and the substance it counts


def find_substances(
    text: str, ground: Ground, amounts: Sequence[FoundAmount], quantities: Sequence[FoundQuantity]
) -> list[FoundSubstance]:
    """Substances of a folded text in order of place, each slang word with or without support."""
    named = [item for item in substances.find_in(text) if ground.free(item[0], item[1])]
    plain = any(not is_slang for *_, is_slang in named)
    found = [
        FoundSubstance(
            start=start,
            end=end,
            code=code,
            is_slang=is_slang,
            supported=not is_slang or plain or _is_supported(text, start, end, amounts, quantities),
        )
        for start, end, code, is_slang in named
    ]
    _add_unspecified(text, found)
    return found


def quantities_of(
    text: str, quantities: Sequence[FoundQuantity], found: Sequence[FoundSubstance]
) -> list[FoundQuantity]:
    """The quantities that count, each with the nearest substance of its clause.

    A counter of anything (个 条 张 …) counts only beside a substance.
    """
    starts = [item.start for item in found]
    kept = []
    for quantity in quantities:
        nearest = _nearest(text, quantity, found, starts)
        beside = nearest is not None and _is_beside(text, quantity, found[nearest])
        if quantity.unit in WEAK_UNITS and not beside:
            continue
        kept.append(quantity if nearest is None else replace(quantity, of=nearest))
    return kept


def _nearest(
    text: str, quantity: FoundQuantity, found: Sequence[FoundSubstance], starts: Sequence[int]
) -> int | None:
    """The nearest substance in the same clause, a supported one; behind beats before when equal."""
    after = bisect_left(starts, quantity.end)
    near = [
        (_gap(quantity, found[index]), index)
        for index in (after, after - 1)
        if 0 <= index < len(found) and found[index].supported
    ]
    for gap, index in sorted(near, key=lambda pair: pair[0]):
        if gap <= _NEAR:
            left, right = sorted((quantity, found[index]), key=lambda item: item.start)
            if _CLAUSE_END.search(text, left.end, right.start) is None:
                return index
    return None


def _is_beside(text: str, quantity: FoundQuantity, item: FoundSubstance) -> bool:
    """Whether a counter counts the substance: 两个冰毒, 冰毒两个, but not 冰毒，两个人."""
    if item.start < quantity.end:
        return _gap(quantity, item) == 0
    between = text[quantity.end : item.start]
    return len(between) <= _BESIDE and _PAUSE.search(between) is None


def _gap(quantity: FoundQuantity, item: FoundSubstance) -> int:
    """Characters between the two; 0 when they touch or overlap."""
    return max(0, item.start - quantity.end, quantity.start - item.end)


def _is_supported(
    text: str,
    start: int,
    end: int,
    amounts: Sequence[FoundAmount],
    quantities: Sequence[FoundQuantity],
) -> bool:
    """Whether the words around slang speak of drugs: one cue of theirs, or trade in no household."""
    left, right = _clause(text, start, end)
    if _DRUG_CUE.search(text, left, start) or _DRUG_CUE.search(text, end, right):
        return True
    if _HOUSEHOLD.search(text, left, right):
        return False
    measured = any(each.unit not in WEAK_UNITS for each in _within(quantities, left, right))
    counted = measured or bool(_within(amounts, left, right))
    return counted or bool(_TRADE_CUE.search(text, left, start) or _TRADE_CUE.search(text, end, right))


def _clause(text: str, start: int, end: int) -> tuple[int, int]:
    """The part of the sentence near a place: at most `_NEAR` characters to both sides."""
    left, right = max(0, start - _NEAR), min(len(text), end + _NEAR)
    for stop in _CLAUSE_END.finditer(text, left, right):
        if stop.end() <= start:
            left = stop.end()
        elif stop.start() >= end:
            right = stop.start()
            break
    return left, right


def _within(items: Sequence[_Measure], left: int, right: int) -> list[_Measure]:
    """The items (in order) that lie in a stretch of text."""
    at = bisect_left(items, left, key=lambda item: item.start)
    out = []
    while at < len(items) and items[at].end <= right:
        out.append(items[at])
        at += 1
    return out


def _add_unspecified(text: str, found: list[FoundSubstance]) -> None:
    """Adds words for some drug or other where no named substance stands."""
    spans = [item.span for item in found]
    for match in _UNSPECIFIED.finditer(text):
        at = bisect_left(spans, match.span())
        before_ends = spans[at - 1][1] if at else 0
        next_starts = spans[at][0] if at < len(spans) else len(text)
        if before_ends <= match.start() and match.end() <= next_starts:
            found.append(FoundSubstance(start=match.start(), end=match.end(), code=None))
    found.sort(key=lambda item: item.start)

"""Places by GB/T 2260 codes (行政区划代码), with the dates between which a code and name were valid.

Own gazetteer: published parsers read 陵水县 as a county of Chongqing. A code of a person's ID
number may have ended long ago, so former codes and names are kept with their successors.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache

from msgspec import Struct

from schemas.reference import tables
from schemas.reference.trie import longest_of

_SUFFIXES = re.compile(
    r"(?:[^省市县区]{0,6}族)?自治[州县旗区]$|特别行政区$|地区$|新区$|林区$|[省市县区州盟旗]$"
)
_PEOPLES = re.compile(
    "(?:维吾尔|蒙古|朝鲜|哈萨克|柯尔克孜|塔吉克|鄂温克|鄂伦春|达斡尔|仫佬|仡佬|毛南|布依|土家|纳西|"
    "傈僳|拉祜|景颇|哈尼|布朗|独龙|普米|东乡|保安|撒拉|裕固|锡伯|各|黎|苗|壮|回|藏|彝|侗|瑶|满|畲|"
    "傣|佤|怒|白|羌|土|水)(?:族)?"
)
_STEM_COUNTIES = ("4690", "4604", "4408")
"""Where counties are also known by their short name: Hainan, and Zhanjiang across the strait."""
_EVERYDAY = frozenset(
    "东方 赤坎 霞山 坡头 麻章 朝阳 吉安 保安 通化 白山 大同 长治 临沧 普洱 和平 永安 "
    "海东 定西 平凉 资阳 安康 商洛 遂宁 广安 巴中 来宾 黄山 金华 巢湖 鞍山 中卫 固原 "
    "昌吉 海南州".split()
)
"""Short names left out: everyday words, or names borne by too many other things."""


class Region(Struct, frozen=True):
    """A place and how long this code meant it; months as `YYYY-MM`, `until` is the first without.

    `since` is empty for what the oldest revision (1980-12) already held; `now` is the code the same
    place has today, for a code that ended (empty: not known).
    """

    code: str
    name: str
    since: str = ""
    until: str = ""
    now: str = ""


@cache
def _table() -> dict[str, list[Region]]:
    table: dict[str, list[Region]] = defaultdict(list)
    for row in tables.rows("regions.tsv"):
        table[row[0]].append(Region(*row))
    return dict(table)


def known(code: str) -> bool:
    """Whether a code is or ever was in the standard.

    >>> known("460027"), known("460100"), known("469999")
    (True, True, False)
    """
    return code in _table()


def region(code: str, on: str | None = None) -> Region | None:
    """The region a code meant on a day (`2001-05`, `2001-05-12`), or means most lately.

    >>> region("460001", "1995-01").name, region("460001").name, region("460400", "2010-01")
    ('通什市', '五指山市', None)
    """
    spans = _table().get(code)
    if spans is None:
        return None
    if on is None:
        return spans[-1]
    month = on[:7]
    for span in spans:
        if span.since <= month and (not span.until or month < span.until):
            return span
    return None


def name(code: str) -> str:
    """The latest name of a code, or the code itself when it is unknown.

    >>> name("441900"), name("469999")
    ('东莞市', '469999')
    """
    spans = _table().get(code)
    return spans[-1].name if spans else code


def full_name(code: str) -> str:
    """The name with those of the province and prefecture above it.

    >>> full_name("440825"), full_name("469028")
    ('广东省湛江市徐闻县', '海南省陵水黎族自治县')
    """
    parts = dict.fromkeys(
        name(part) for part in (code[:2] + "0000", code[:4] + "00", code) if known(part)
    )
    return "".join(parts) or code


def current(code: str, on: str | None = None) -> str:
    """The code that a place has now; `on` is the time the code was used, because codes are re-used.

    >>> current("460003"), current("469003"), current("460100")
    ('460400', '460400', '460100')
    >>> current("469025", "2005-01"), current("469025")
    ('469021', '469025')
    """
    span = region(code, on) or region(code)
    return span.now if span is not None and span.until and span.now else code


def _root(code: str) -> str:
    return code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code


def within(inner: str, outer: str) -> bool:
    """Whether a place lies in another (or is it), former codes counted as their successors.

    >>> within("469003", "460400"), within("440825", "440800"), within("460100", "440000")
    (True, True, False)
    """
    if inner == outer or inner.startswith(_root(outer)):
        return True
    return current(inner).startswith(_root(current(outer)))


def compatible(left: str, right: str) -> bool:
    """Whether two codes may speak of one place: equal, one inside the other, or successors.

    >>> compatible("460000", "460106"), compatible("460100", "460200")
    (True, False)
    """
    return within(left, right) or within(right, left)


def stem(place: str) -> str:
    """The short name people use: without 省, 市, 县, or the peoples of an autonomous county.

    >>> stem("陵水黎族自治县"), stem("海口市"), stem("琼中黎族苗族自治县")
    ('陵水', '海口', '琼中')
    """
    short = _SUFFIXES.sub("", place)
    if "自治" in place:
        short = place.split("自治")[0]
        while (cut := _PEOPLES.sub("", short, count=0)) != short and len(cut) >= 2:
            short = cut
    return short if len(short) >= 2 else place


@cache
def _names() -> tuple[dict[str, tuple[str, ...]], re.Pattern[str]]:
    """Every full and short name with the codes it may mean, the current ones first."""
    names: dict[str, dict[str, None]] = defaultdict(dict)
    spans = [span for group in _table().values() for span in group]
    for span in sorted(spans, key=lambda s: (bool(s.until), s.code)):
        for form in _forms(span):
            names[form][(span.until and span.now) or span.code] = None
    return {form: tuple(codes) for form, codes in names.items()}, longest_of(names)


def _forms(span: Region) -> list[str]:
    forms = [span.name]
    short = stem(span.name)
    if "自治" in span.name:
        forms.append(short + span.name[-1])
    county = not span.code.endswith("00")
    if short in _EVERYDAY or (county and not span.code.startswith(_STEM_COUNTIES)):
        return forms
    if county and span.name.endswith("区"):
        return forms
    return [*forms, short]


def find_in(text: str, near: str | None = None) -> list[tuple[int, int, str]]:
    """Places named in a text as (start, end, current code), longest names first, in linear time.

    A name that several places bear (朝阳区) counts only when a place named before it in the text,
    or `near` (a code), holds exactly one of them.

    >>> find_in("从广东省湛江市徐闻县运到海口")
    [(1, 4, '440000'), (4, 7, '440800'), (7, 10, '440825'), (12, 14, '460100')]
    >>> find_in("鼓楼区"), find_in("鼓楼区", near="320100")
    ([], [(0, 3, '320106')])
    """
    names, pattern = _names()
    found: list[tuple[int, int, str]] = []
    for match in pattern.finditer(text):
        code = _choose(names[match[0]], [c for _, _, c in found[-3:]], near)
        if code is not None:
            found.append((match.start(), match.end(), code))
    return found


def _choose(codes: tuple[str, ...], before: list[str], near: str | None) -> str | None:
    if len(codes) == 1:
        return codes[0]
    for outer in (*reversed(before), *_around(near)):
        inside = [code for code in codes if within(code, outer)]
        if len(inside) == 1:
            return inside[0]
    return None


def _around(near: str | None) -> tuple[str, ...]:
    return (near, near[:4] + "00", near[:2] + "0000") if near else ()


def resolve(text: str, near: str | None = None) -> str | None:
    """The most precise current code a place name or address speaks of, or a code given as such.

    For a person's `hukou`: a code is returned when it is known (the current one), a name is looked
    up. None when nothing, or nothing definite, is named.

    >>> resolve("海南省陵水县"), resolve("469028"), resolve("火星")
    ('469028', '469028', None)
    """
    stripped = text.strip()
    if len(stripped) == 6 and stripped.isascii() and stripped.isdecimal():
        return current(stripped) if known(stripped) else None
    best: str | None = None
    for _, _, code in find_in(stripped, near):
        if best is not None and not within(code, best):
            break
        best = code
    return best

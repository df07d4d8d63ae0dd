"""Places by GB/T 2260 codes (行政区划代码), with the dates between which a code and name were valid.

Own gazetteer: published parsers read 陵水县 as a county of Chongqing. A code of a person's ID
number may have ended long ago, so former codes and names are kept with their successors.
"""

from __future__ import annotations

import re
from collections import defaultdict
from functools import cache, lru_cache

from msgspec import Struct

from schemas.reference import tables
from schemas.reference.lexicon import Lexicon

_SUFFIXES = re.compile(r"特别行政区$|地区$|新区$|林区$|[省市县区州盟旗]$")
_PROVINCES = {"广西壮族自治区": "广西", "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆"}
_PEOPLES = re.compile(
    "(?:维吾尔|蒙古|朝鲜|哈萨克|柯尔克孜|塔吉克|鄂温克|鄂伦春|达斡尔|仫佬|仡佬|毛南|布依|土家|纳西|"
    "傈僳|拉祜|景颇|哈尼|布朗|独龙|普米|东乡|保安|撒拉|裕固|锡伯|各|黎|苗|壮|回|藏|彝|侗|瑶|满|畲|"
    "傣|佤|怒|白|羌|土|水|蒙古)族"
)
_STEM_COUNTIES = ("4690", "4604", "4408")
"""Where counties are also known by their short name: Hainan, and Zhanjiang across the strait."""
_EVERYDAY = frozenset(
    {"东方", "朝阳", "吉安", "通化", "白山", "大同", "长治", "海东", "定西", "平凉", "安康", "遂宁"}
    | {"广安", "来宾", "黄山", "金华", "固原", "昌吉", "和田", "丽水", "保山", "玉树", "陇南", "红河"}
)
"""Short names left out: everyday words, or names borne by too many other things."""
_GENERIC = frozenset(
    {"城区", "郊区", "矿区", "东区", "西区", "南区", "北区", "市郊区", "新市区", "东市区", "中市区"}
)
"""District names that any text uses of any town."""
_ENDINGS = "省市县区州盟旗"
_STREETS = ("路", "街", "大道", "大街", "巷", "公园", "广场", "大厦", "大酒店", "酒店", "宾馆", "大桥", "桥")


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
    parts = dict.fromkeys(name(part) for part in (code[:2] + "0000", code[:4] + "00", code) if known(part))
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
    if "自治" in place:
        short = _PEOPLES.sub("", place.partition("自治")[0])
        short = _PROVINCES.get(place, short)
    else:
        short = _SUFFIXES.sub("", place)
    return short if len(short) >= 2 else place


@cache
def _names() -> tuple[dict[str, tuple[str, ...]], Lexicon]:
    """Every full and short name with the current codes it may mean.

    Ended codes of unknown whereabouts give way to living ones, and a short name means the widest
    place that bears it (海南 the province, not the prefecture in Qinghai).
    """
    full: dict[str, dict[str, None]] = defaultdict(dict)
    short: dict[str, dict[str, None]] = defaultdict(dict)
    spans = [span for group in _table().values() for span in group]
    for span in sorted(spans, key=lambda s: (bool(s.until and not s.now), s.code)):
        forms = (full, _full_forms(span)), (short, _short_forms(span))
        for names, words in forms:
            for word in words:
                if not (span.until and not span.now and names[word]):
                    names[word][span.now if span.until and span.now else span.code] = None
    own = {word: _bearers(word, codes) for word, codes in full.items() if word not in _GENERIC}
    return (found := {word: _widest(word, codes) for word, codes in short.items()} | own), Lexicon(found)


def _bearers(word: str, codes: dict[str, None]) -> tuple[str, ...]:
    """Those that bear the name today, or all of them when none does."""
    return tuple(code for code in codes if word in _full_forms(region(code))) or tuple(codes)


def _widest(word: str, codes: dict[str, None]) -> tuple[str, ...]:
    today = [code for code in codes if stem(name(code)) == word] or list(codes)
    top = min(map(_level, today))
    return tuple(code for code in today if _level(code) == top)


def _level(code: str) -> int:
    """0 provinces, 1 prefecture-level cities, 2 autonomous prefectures and the like, 3 counties."""
    if code.endswith("0000"):
        return 0
    if code.endswith("00"):
        return 1 if name(code).endswith("市") else 2
    return 3


def _full_forms(span: Region | None) -> list[str]:
    if span is None:
        return []
    return [span.name, stem(span.name) + span.name[-1]] if "自治" in span.name else [span.name]


def _short_forms(span: Region) -> list[str]:
    short = stem(span.name)
    county = _level(span.code) == 3
    district = span.name.endswith("区") and "自治区" not in span.name
    if short in _EVERYDAY or (county and (district or not span.code.startswith(_STEM_COUNTIES))):
        return []
    return [short] if short != span.name else []


def find_in(text: str, near: str | None = None) -> list[tuple[int, int, str]]:
    """Places named in a text as (start, end, current code), longest names first, in linear time.

    A name that several places bear (朝阳区) counts only when a place named before it in the text,
    or `near` (a code), holds exactly one of them. Street names (中山路) are no places.

    >>> find_in("从广东省湛江市徐闻县运到海口")
    [(1, 4, '440000'), (4, 7, '440800'), (7, 10, '440825'), (12, 14, '460100')]
    >>> find_in("鼓楼区"), find_in("鼓楼区", near="320100")
    ([], [(0, 3, '320106')])
    """
    names, lexicon = _names()
    found: list[tuple[int, int, str]] = []
    for start, end, term in lexicon.find(text):
        if term[-1] not in _ENDINGS and text.startswith(_STREETS, end):
            continue
        code = _choose(names[term], [c for _, _, c in found[-3:]], near)
        if code is not None:
            found.append((start, end, code))
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


@lru_cache(maxsize=4096)
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

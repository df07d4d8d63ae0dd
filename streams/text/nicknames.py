"""Ways of naming people other than by surname and given name: masks, nicknames, aliases, pronouns."""

from __future__ import annotations

import re
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemas.reference import surnames
from streams.text.findings import FoundPerson, PersonKind
from streams.text.name_words import name_words

if TYPE_CHECKING:
    from collections.abc import Callable

_HAN = "\u4e00-\u9fff"
_MASKS = r"(?:某{1,2}[甲乙丙丁戊1-9A-Z]|某{1,3}|[*×●■]{1,3}(?![0-9*×]))"
_OF_PLACES = "区路街门房车店江湖海河沙山石"
"""Surnames that hide a place rather than a person where 某 follows: 某区某路."""
_LOOKS = "光头|刀疤|胖子|瘦子|黑子|麻子|疯子|瘸子|眼镜|矮子|豁牙|独眼龙"
_KIN = "哥|姐|仔|弟|妹|嫂|叔|婶|姨|爷|少|佬|头|总|老大|老板|师傅|老师"
_CALLED = re.compile(
    r"(?:绰号|外号|花名|小名|诨号|人称|又名|别名|网名|昵称|名叫|名字叫|大家叫|都叫|化名|叫做)(?:叫|是|为|:|：)?\s?"
    rf"[“\"‘'「《]?(?P<name>[{_HAN}A-Za-z]{{1,4}}?)(?=[”\"’'」》，。,、）)；;\s]|的|$)"
)
_BRACKETED = re.compile(rf"[（(](?P<name>[{_HAN}]{{2,3}})[）)]")
_BETWEEN = re.compile(
    r"[（(，, ]?(?:绰号|外号|花名|小名|诨号|人称|又名|别名|网名|昵称|大家叫|都叫|也叫|化名)?"
    r"(?:叫|是|为|:|：)?[“\"‘'「]?"
)
_BEFORE_NAME = re.compile(r"[”\"’'」]?的")
_PRONOUN = re.compile(
    r"(?:该|此)人|(?:这|那)个?人(?!家)|他们|她们|二人|两人|三人|上述(?:人员|二人|两人|三人|人)|他|她|其(?![实他中它余次间])"
)
_NO_PRONOUN = frozenset("其尤极与任何吉")
_HIDDEN = re.compile(r"[某*×●■]|[XxＸ]{1,3}$")
_QUOTES = ("“", '"', "‘", "「", "『", "《")
_LONGEST_BETWEEN = 8
_NO_ALIAS = frozenset("，, 是叫为")
NICKNAME_FORM = "a nickname's form"
_CALLED_SO = "said to be called so"


@cache
def _family() -> str:
    return "".join(sorted(name for name in surnames.family_names() if len(name) == 1))


@cache
def _mask() -> re.Pattern[str]:
    compound = "|".join(sorted(name for name in surnames.family_names() if len(name) > 1))
    single = "".join(char for char in _family() if char not in _OF_PLACES)
    return re.compile(rf"(?:{compound}|[{single}](?<!某.)){_MASKS}")


@cache
def _surname_only() -> re.Pattern[str]:
    return re.compile(rf"姓[{_family()}]的|[{_family()}]姓(?:男子|女子|男|女)")


@cache
def _nickname() -> re.Pattern[str]:
    char = rf"[{_HAN}](?<![{name_words().grammar}])"
    return re.compile(
        rf"阿{char}|[老小大](?:[{_family()}]|[二三四五六七八九幺])"
        rf"|(?:光头|刀疤|眼镜|独眼|[肥胖矮黑瘦疯麻细豹虎龙花鬼烂瘸])?{char}(?:{_KIN})"
        rf"|[A-Z](?:哥|姐|仔|总)|{_LOOKS}"
    )


def form_of(text: str, start: int, end: int) -> PersonKind:
    """How a place of a folded text names the person it is known to name.

    >>> text = "王强卖给陈某某、“老猫”、阿强"
    >>> form_of(text, 0, 2), form_of(text, 4, 7), form_of(text, 9, 11), form_of(text, 13, 15)
    ('name', 'masked', 'nickname', 'nickname')
    """
    said = text[start:end]
    if _mask().fullmatch(said) or _HIDDEN.search(said):
        return "masked"
    if _surname_only().fullmatch(said):
        return "surname"
    quoted = text[start - 1 : start] in _QUOTES
    return "nickname" if quoted or _nickname().fullmatch(said) else "name"


def find_masked(text: str, right: Callable[[int], float]) -> list[FoundPerson]:
    """陈某某, 王*, 林某甲, 王某强; 姓陈的, 陈姓男子."""
    found = []
    for match in _mask().finditer(text):
        start, end = match.span()
        following = text[end : end + 1]
        if match[0].count("某") == 1 == match[0].find("某") and right(end) <= 0 < right(end + 1):
            end += "\u4e00" <= following <= "\u9fff" and following not in name_words().never_given
        found.append(FoundPerson(start=start, end=end, kind="masked", score=0.9, rule="a masked name"))
    found += [
        FoundPerson(start=match.start(), end=match.end(), kind="surname", score=0.8, rule="a surname alone")
        for match in _surname_only().finditer(text)
    ]
    return found


def find_nicknames(
    text: str, left: Callable[[int], float], right: Callable[[int], float]
) -> list[FoundPerson]:
    """阿强, 老王, 强哥 between ends that fit, and what stands behind 绰号, 人称, 名叫 or in brackets."""
    found = []
    for match in _nickname().finditer(text):
        start, end = match.span()
        around = left(start) + right(end)
        if match[0] in name_words().not_nicknames or around < 0:
            continue
        score = 0.7 if around >= 4 else 0.6
        found.append(FoundPerson(start=start, end=end, kind="nickname", score=score, rule=NICKNAME_FORM))
    for match in _CALLED.finditer(text):
        start, end = match.span("name")
        found.append(FoundPerson(start=start, end=end, kind="nickname", score=0.9, rule=_CALLED_SO))
    for match in _BRACKETED.finditer(text):
        start, end = match.span("name")
        if _nickname().fullmatch(match["name"]):
            found.append(FoundPerson(start=start, end=end, kind="nickname", score=0.85, rule="in brackets"))
    return found


def find_pronouns(text: str, taken: list[tuple[int, int]]) -> list[FoundPerson]:
    """他, 该人, 其, 二人 outside names."""
    inside = {place for start, end in taken for place in range(start, end)}
    return [
        FoundPerson(start=match.start(), end=match.end(), kind="pronoun", score=0.8, rule="a pronoun")
        for match in _PRONOUN.finditer(text)
        if match.start() not in inside
        and not (match[0] == "其" and text[match.start() - 1 : match.start()] in _NO_PRONOUN)
    ]


def paired_with_names(text: str, people: list[FoundPerson]) -> list[FoundPerson]:
    """Says of a nickname in brackets or behind 绰号 whose it is: 陈强（绰号“阿强”）, 外号“阿强”的陈强."""
    paired = list(people)
    for number, (one, two) in enumerate(pairwise(people)):
        between = text[one.end : two.start]
        if not between or len(between) > _LONGEST_BETWEEN or "pronoun" in (one.kind, two.kind):
            continue
        if two.kind == "nickname" and between not in _NO_ALIAS and _BETWEEN.fullmatch(between):
            paired[number + 1] = replace(two, alias_of=one.span)
        elif one.rule == _CALLED_SO and _BEFORE_NAME.fullmatch(between):
            paired[number] = replace(one, alias_of=two.span)
    return paired

"""Names that a text repeats: one that was recognised once is recognised wherever it stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from functools import cache
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemas.reference import substances, surnames
from streams.text.reader.mentions import Mention
from streams.text.reader.words import any_of

if TYPE_CHECKING:
    from collections.abc import Sequence

_REPEATED = ("person", "substance")
_FEWEST = 2  # characters of a name
_GIVEN = 0.3  # per mille of the characters of given names
_LONGEST_CUT = 2  # characters of a name that may lack its last one
_MOST_NAMES = 200
"""A text with more names is no report of a case; the search would no longer be linear."""
_NO_NAME = frozenset(
    "的在从向与和及将被到处等家某身以于系均因驾为贩购吸容出租打电约使用提供交给携持藏逃进前来去走抓当住所有位正该又再"
    "多次主明知欲欠找让叫要称说是经商此对其同先后也已还就并由把拿买卖伙随便没不未上下中男女某甲乙丙丁"
)
"""Never the last character of a name, or one that follows names too often to tell."""
_VERBS = ("贩卖", "吸食", "吸毒", "购买", "购得", "出售", "容留", "贩毒", "电话", "联系")
_STEMS = "甲乙丙丁戊己庚辛壬癸"
_MASKS = "某×XxＸ＊*"
_BEHIND = "处等背"
_SUFFIX = re.compile(
    rf"(?<=[{_MASKS}])(?:[{_MASKS}]{{1,8}}[{_STEMS}]?|[{_STEMS}]|[A-Z](?![A-Za-z])|[1-9](?=身上))"
)
_NOT_IN_NAMES = re.compile(r"[0-9０-９]+[.．克].*|[（(，。、；：\s]+$", re.DOTALL)
_BEFORE_NAMES = re.compile(r".*[市县区镇乡村省、，](?=.)")
_BEHIND_NAMES = re.compile(
    rf"(?<=[{_MASKS}])[{''.join(sorted(_NO_NAME - set('某甲乙丙丁')))}卖以为采]$|(?<=..)[处等]$"
)
_MASKED = re.compile(r"[\u3400-\u9fff]某某(?![某路号弄城街公店苑村区])")
_PLAIN = re.compile(rf"[\u3400-\u9fff][{_MASKS}]{{1,3}}")
"""The usual masked name, which needs no care."""
_LETTER = re.compile(rf"[\u3400-\u9fff{_MASKS}]")
_LONGEST = 20
_SLANG = ("K粉", "k粉", "Ｋ粉", "K 粉", "k 粉", "Ｋ 粉")
"""The one name of a substance that stands in capitals, small letters and quotes alike."""
_NO_DRUG = ("试剂", "检测", "类", "丸", "片")
"""Behind the name of a substance: what is named is another thing."""
_NOBODY = ("宾馆", "储蓄", "酒店", "支付宝", "电子称", "电子秤")
"""Words that a name is no part of."""


def repeated(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions and those places where a name of theirs stands outside of them, in order."""
    sound = [kept for m in mentions if (kept := _sound(text, m)) is not None]
    mentions = _completed(text, sorted((*sound, *_masked(text, sound)), key=lambda mention: mention.start))
    kinds = {text[m.start : m.end]: m.kind for m in mentions if m.kind in _REPEATED}
    names = [name for name in kinds if len(name) >= _FEWEST]
    if len(names) > _MOST_NAMES:
        return list(mentions)
    taken = _taken(text, mentions)
    found = list(mentions)
    last = 0
    for start, end in sorted(_places(text, names), key=lambda place: (place[0], -place[1])):
        if start >= last:
            last = end
            if taken.find(1, start, end) < 0:
                kind = kinds.get(text[start:end], "substance")
                found.append(Mention(start=start, end=end, kind=kind))
    return sorted(found, key=lambda mention: mention.start)


def _places(text: str, names: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where names stand, and substances under names of their own."""
    for name in names:
        at = text.find(name)
        while at >= 0:
            yield at, at + len(name)
            at = text.find(name, at + 1)
    for match in _drugs().finditer(text):
        if not text.startswith(_NO_DRUG, match.end()):
            yield match.span()


@cache
def _drugs() -> re.Pattern[str]:
    every = {name for each in substances.all_substances() for name in (each.name, *each.aliases)}
    return re.compile(any_of((*(name for name in every if len(name) > 1), *_SLANG)))


def _taken(text: str, mentions: Sequence[Mention]) -> bytearray:
    """1 for each character of a mention."""
    taken = bytearray(len(text))
    for mention in mentions:
        taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return taken


def _masked(text: str, mentions: Sequence[Mention]) -> Iterator[Mention]:
    """Surnames with 某某 that no mention touches: people, where no street or house goes on behind."""
    taken = _taken(text, mentions)
    for match in _MASKED.finditer(text):
        if surnames.share(match[0][0]) and taken.find(1, *match.span()) < 0:
            yield Mention(start=match.start(), end=match.end(), kind="person")


def _sound(text: str, mention: Mention) -> Mention | None:
    """A person's name without a weight or bracket behind it; None when no name is left."""
    if mention.kind != "person":
        return mention
    if (clear := _clear_of_words(text, mention)) is None:
        return None
    mention = clear
    name = text[mention.start : mention.end]
    if _PLAIN.fullmatch(name):
        return mention
    name = _NOT_IN_NAMES.sub("", name)
    start = mention.start + (before.end() if (before := _BEFORE_NAMES.match(name)) else 0)
    name = _BEHIND_NAMES.sub("", name[start - mention.start :])
    if not name or len(name) > _LONGEST or not _LETTER.search(name):
        return None
    return replace(mention, start=start, end=start + len(name))


def _clear_of_words(text: str, mention: Mention) -> Mention | None:
    """The name without the end of a word before it (宾馆王强); None where it is part of such a word."""
    begin = max(mention.start - 1, 0)
    for word in _NOBODY:
        at = text.find(word, begin, mention.end + 1)
        if at >= 0:
            behind = at + len(word)
            if at > mention.start or mention.end - behind < _FEWEST:
                return None
            return replace(mention, start=behind)
    return mention


def _completed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """People's names in full: as another place has it, and with the last character that was cut off."""
    people = [m for m in mentions if m.kind == "person"]
    names = {text[m.start : m.end] for m in people}
    short = {name for name in names if len(name) <= _LONGEST_CUT and len(names) <= _MOST_NAMES}
    longer = {name for name in short if (name_end := _one_end(text, name)) and _ends_name(name_end)}
    starts = {m.start for m in mentions}
    return [
        _mended(text, m, names, longer, starts) if m.kind == "person" and m.end not in starts else m
        for m in mentions
    ]


def _one_end(text: str, name: str) -> str:
    """The character that follows a name wherever it stands, if it stands twice or more."""
    ends = {text[at : at + 1] for at in _ends_of(text, name)}
    return ends.pop() if len(ends) == 1 and text.count(name) > 1 else ""


def _ends_of(text: str, name: str) -> Iterator[int]:
    at = text.find(name)
    while at >= 0:
        yield at + len(name)
        at = text.find(name, at + 1)


def _ends_name(char: str) -> bool:
    return char not in _NO_NAME and surnames.given_share(char) >= _GIVEN


def _mended(
    text: str, mention: Mention, names: AbstractSet[str], longer: AbstractSet[str], starts: AbstractSet[int]
) -> Mention:
    """A name without the verb it swallowed the head of, and with what tells namesakes apart."""
    start, end = mention.span
    if text[end - 1 : end + 1] in _VERBS and end - start > _FEWEST:
        return replace(mention, end=end - 1)
    if text[end - 1] in _BEHIND and text[start : end - 1] in names and end - start > _FEWEST:
        return replace(mention, end=end - 1)
    behind = text[end : end + 1]
    if behind and text[start : end + 1] in names and not behind.isdigit() and behind not in _NO_NAME:
        return replace(mention, end=end + 1)
    if text[start:end] in longer:
        return replace(mention, end=end + 1)
    if match := _SUFFIX.match(text, end):
        end = match.end()
        return replace(mention, end=end) if not starts & set(range(start + 1, end)) else mention
    return mention

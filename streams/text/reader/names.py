"""Names that a text repeats: one that was recognised once is recognised wherever it stands."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from msgspec.structs import replace

from schemas.reference import surnames
from streams.text.reader.mentions import Mention

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
_SUFFIX = re.compile(rf"(?<=[{_MASKS}])(?:[{_STEMS}]|[A-Z](?![A-Za-z]))")
_NOT_IN_NAMES = re.compile(r"[0-9０-９]+[.．克].*|[（(，。、；：\s]+$", re.DOTALL)
_LETTER = re.compile(rf"[\u3400-\u9fff{_MASKS}]")
_LONGEST = 20
_SLANG = re.compile(r"[KkＫ]\s?粉")
"""The one name of a substance that stands in capitals, small letters and quotes alike."""


def repeated(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """The mentions and those places where a name of theirs stands outside of them, in order."""
    mentions = _completed(text, [kept for m in mentions if (kept := _sound(text, m)) is not None])
    kinds = {text[m.start : m.end]: m.kind for m in mentions if m.kind in _REPEATED}
    names = sorted((n for n in kinds if len(n) >= _FEWEST), key=lambda name: (-len(name), name))
    if len(names) > _MOST_NAMES:
        return list(mentions)
    taken = bytearray(len(text))
    for mention in mentions:
        taken[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    found = list(mentions)
    for match in re.finditer("|".join((*map(re.escape, names), _SLANG.pattern)), text):
        start, end = match.span()
        if not any(taken[start:end]):
            found.append(Mention(start=start, end=end, kind=kinds.get(match[0], "substance")))
    return sorted(found, key=lambda mention: mention.start)


def _sound(text: str, mention: Mention) -> Mention | None:
    """A person's name without a weight or bracket behind it; None when no name is left."""
    if mention.kind != "person":
        return mention
    name = _NOT_IN_NAMES.sub("", text[mention.start : mention.end])
    if not name or len(name) > _LONGEST or not _LETTER.search(name):
        return None
    return replace(mention, end=mention.start + len(name))


def _completed(text: str, mentions: Sequence[Mention]) -> list[Mention]:
    """A short name that the same character always follows has lost its last one: 符某 of 符某海."""
    after: dict[str, list[str]] = defaultdict(list)
    for m in mentions:
        if m.kind == "person" and m.end - m.start <= _LONGEST_CUT:
            after[text[m.start : m.end]].append(text[m.end : m.end + 1])
    cut = {name for name, ends in after.items() if len(ends) > 1 and _one_name_character(ends)}
    starts = {m.start for m in mentions}
    return [_mended(text, m, cut) if m.kind == "person" and m.end not in starts else m for m in mentions]


def _mended(text: str, mention: Mention, cut: set[str]) -> Mention:
    """A name without the verb it swallowed the head of, and with the suffix that tells namesakes apart."""
    end = mention.end
    if text[end - 1 : end + 1] in _VERBS and end - mention.start > _FEWEST:
        return replace(mention, end=end - 1)
    if text[mention.start : end] in cut or _SUFFIX.match(text, end):
        return replace(mention, end=end + 1)
    return mention


def _one_name_character(ends: Sequence[str]) -> bool:
    return len(set(ends)) == 1 and ends[0] not in _NO_NAME and surnames.given_share(ends[0]) >= _GIVEN

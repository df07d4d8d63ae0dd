"""What speaks for and against a deal between two of a scene, as strings that can be shown.

甲 stands for the first of the two, 乙 for the second, 人 for any other person, 毒 for a drug. No clue holds a
name. `→` is 甲 before 乙, `←` the other way round.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from streams.text.tips.scene import DRUG, PERSON, Scene, Thing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_BEFORE, _BEHIND, _HALF, _WHOLE = 10, 12, 14, 12
_NEXT, _LAST = 40, 30
_AROUND = (8, 14)
_LONGEST = 4
_HEDGES = frozenset(("not", "deny", "false", "hearsay", "plan", "ask", "certain", "but", "witness", "speech"))
_KIN = re.compile(
    r"的?(?:老婆|妻子|老公|丈夫|媳妇|[弟哥]{2}|姐姐|妹妹|[表堂][哥弟姐妹]|父亲|母亲|爸|妈|儿子|女儿|侄子|外甥|姐夫|妹夫|小舅子|司机"
    r"|[男女]朋友|[男女]友|前[妻夫]|前[男女]友|朋友|同学|同事|邻居|室友|徒弟|手下|马仔|小弟|老乡|亲戚|家人|房东|老板)"
)


def deal_clues(scene: Scene, one: Thing, two: Thing, pairs: Sequence[tuple[int, int]]) -> set[str]:
    """The clues about what 甲 did to 乙, from the places where both are near each other."""
    found: set[str] = set()
    text = _told(scene, one, two)
    for pair in pairs:
        _add_signs(found, text, pair)
        _add_words(found, scene, text, pair)
        _add_setting(found, scene, text, (one, two), pair)
    _add_cast(found, scene, one, two)
    _add_rules(found, scene, one, two)
    return found


def status_clues(scene: Scene, one: Thing, two: Thing, pair: tuple[int, int]) -> set[str]:
    """The clues about how surely it is told: in its sentence, in those beside it, in the whole text."""
    found: set[str] = set()
    text = _told(scene, one, two)
    left, right = min(pair), max(pair)
    start = scene.sentence.index(scene.sentence[left])
    end = right + 1
    while end < len(text) and scene.sentence[end] == scene.sentence[right]:
        end += 1
    _add_grams(found, "S<", text[start:left])
    _add_grams(found, "S=", text[left + 1 : right])
    _add_grams(found, "S>", text[right + 1 : end])
    found.update((f"S^{text[start : start + 2]}", f"S^{text[start : start + 3]}", f"S${text[end - 3 : end]}"))
    _add_grams(found, "N", text[end : end + _NEXT], 2)
    _add_grams(found, "P", text[max(0, start - _LAST) : start], 2, 3)
    _add_grams(found, "T", text, 2, 3)
    for word in scene.words:
        at = word.start
        zone = "P" if at < start else "<" if at < left else "=" if at < right else ">" if at < end else "N"
        found.update(f"R{zone}{role}" for role in word.roles & _HEDGES)
    if text[end - 1 : end] == "?":
        found.add("S?")
    found.update(
        clue for each in scene.tellings if (each.subject, each.object) == (one[1], two[1])
        for clue in (f"rule {each.status}", f"rule plain {each.plain}")
    )  # fmt: skip
    return found


def _told(scene: Scene, one: Thing, two: Thing) -> str:
    """The signs of the scene with 甲 and 乙 for the two."""
    return "".join(
        "甲" if thing == one else "乙" if thing == two else sign
        for sign, thing in zip(scene.text, scene.things, strict=True)
    )


def _add_grams(found: set[str], tag: str, text: str, least: int = 1, most: int = _LONGEST) -> None:
    for size in range(least, most + 1):
        found.update([f"{tag}{text[at : at + size]}" for at in range(len(text) - size + 1)])


def _add_signs(found: set[str], text: str, pair: tuple[int, int]) -> None:
    """The signs between, before and behind the two."""
    way, left, right = _way(pair)
    between = text[left + 1 : right]
    if len(between) <= _WHOLE:
        found.add(f"{way}全{between}")
    short = between if len(between) <= _HALF else f"{between[:_HALF]}…{between[-_HALF:]}"
    _add_grams(found, f"{way}中", short)
    _add_grams(found, f"{way}前", text[max(0, left - 6) : left], 1, 3)
    _add_grams(found, f"{way}后", text[right + 1 : right + 1 + _BEHIND])
    for size in range(1, _LONGEST + 1):
        found.update((
            f"{way}左<{text[max(0, left - size) : left]}", f"{way}左>{text[left + 1 : left + 1 + size]}",
            f"{way}右<{text[max(0, right - size) : right]}", f"{way}右>{text[right + 1 : right + 1 + size]}",
        ))  # fmt: skip
    for one in (1, 2):
        after = text[left + 1 : left + 1 + one]
        for two in (1, 2):
            found.update((
                f"{way}左{text[max(0, left - two) : left]}_{after}",
                f"{way}右{text[max(0, right - two) : right]}_{text[right + 1 : right + 1 + one]}",
            ))  # fmt: skip
        before = text[max(0, right - one) : right]
        found.update((f"{way}双{after}_{before}", f"{way}双后{before}_{text[right + 1 : right + 1 + one]}"))


def _way(pair: tuple[int, int]) -> tuple[str, int, int]:
    one, two = pair
    return ("→", one, two) if one < two else ("←", two, one)


def _add_words(found: set[str], scene: Scene, text: str, pair: tuple[int, int]) -> None:
    """What the words of the list may do, in their order with the people and drugs."""
    way, left, right = _way(pair)
    told = list(_roles(scene, text, max(0, left - _AROUND[0]), min(len(text), right + _AROUND[1])))
    core = [each for each in told if each not in ",:"]
    for tag, row in (("r", told), ("c", core)):
        for size in range(1, _LONGEST + 1):
            for at in range(len(row) - size + 1):
                gram = row[at : at + size]
                if size == 1 or "甲" in gram or "乙" in gram:
                    found.add(f"{way}{tag}{' '.join(gram)}")


def _roles(scene: Scene, text: str, start: int, end: int) -> Iterator[str]:
    for at in range(start, end):
        if scene.things[at] is not None:
            yield text[at] if text[at] in "甲乙" else scene.things[at][0]  # type: ignore[index]
        elif role := scene.role(at):
            yield role
        elif text[at] in ",.;:?钱量":
            yield text[at]


def _add_setting(
    found: set[str], scene: Scene, text: str, both: tuple[Thing, Thing], pair: tuple[int, int]
) -> None:
    """How far apart the two are, who else stands between, where drugs and money are, and whose kin it is."""
    way, left, right = _way(pair)
    others = sum(
        thing is not None and thing[0] == PERSON and thing not in both
        for thing in scene.things[left + 1 : right]
    )
    clauses = scene.clause[right] - scene.clause[left]
    first, last = scene.sentence[left], scene.sentence[right]
    found.update((
        f"{way}隔{min(clauses, 4)}", f"{way}句{min(last - first, 3)}", f"{way}人{min(others, 3)}",
        f"{way}隔{min(clauses, 3)}人{min(others, 2)}",
        f"{way}代{sum(sign in '他她其' for sign in text[left + 1 : right])}",
    ))  # fmt: skip
    found.update(f"{way}{name}代" for name, at in zip("甲乙", pair, strict=True) if at in scene.pronouns)
    drugs = [at for thing, places in scene.where.items() if thing[0] == DRUG for at in places]
    inside = any(left < at < right for at in drugs)
    beside = any(first <= scene.sentence[at] <= last for at in drugs)
    found.add(f"毒{'间' if inside else '句' if beside else '文' if drugs else '无'}")
    money = [at for at, sign in enumerate(text) if sign == "钱" and scene.things[at] is None]
    paid = any(first <= scene.sentence[at] <= last for at in money)
    found.add(f"钱{'间' if any(left < at < right for at in money) else '句' if paid else '无'}")
    for name, at in zip("甲乙", pair, strict=True):
        kin = _KIN.match(text, at + 1, at + 6)
        found.update((f"后{name}亲", f"后{name}{kin[0]}") if kin else ())
        found.update((f"前{name}亲",) if _KIN.search(text, max(0, at - 5), at) else ())


def _add_cast(found: set[str], scene: Scene, one: Thing, two: Thing) -> None:
    """How many people there are, and which of them the two are in order of first mention."""
    count, first, second = len(scene.rank), min(scene.rank.get(one, 3), 3), scene.rank.get(two)
    place = f"位{first}{'' if second is None else min(second, 3)}"
    found.update((f"数{min(count, 5)}", place, f"数{min(count, 4)}{place}"))


def _add_rules(found: set[str], scene: Scene, one: Thing, two: Thing) -> None:
    """What the rules read of the two, and of each with others."""
    for each in scene.tellings:
        if (each.subject, each.object) == (one[1], two[1]):
            found.update(
                (f"rule {each.kind}", f"rule {each.kind} {each.status}", f"rule {each.kind} {each.plain}")
            )
        elif (each.subject, each.object) == (two[1], one[1]):
            found.add(f"rule back {each.kind}")
        elif each.subject == one[1]:
            found.add(f"rule 甲 {each.kind}")
        elif each.object == two[1]:
            found.add(f"rule 乙 {each.kind}")

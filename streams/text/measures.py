"""Amounts of money and quantities of goods in text, read in one pass over numbers with a unit."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from streams.text import numerals
from streams.text.findings import FoundAmount, FoundQuantity

if TYPE_CHECKING:
    from streams.text.identifiers import Ground

UNITS = {
    **dict.fromkeys(("克", "公克", "g", "G"), "克"),
    **dict.fromkeys(("毫克", "mg", "MG", "㎎"), "毫克"),
    **dict.fromkeys(("微克", "ug", "μg", "㎍"), "微克"),
    **dict.fromkeys(("千克", "公斤", "kg", "KG", "Kg", "㎏"), "千克"),
    **dict.fromkeys(("斤", "市斤"), "斤"),
    **dict.fromkeys(("吨", "公吨"), "吨"),
    **dict.fromkeys(("升", "公升", "L", "l"), "升"),
    **dict.fromkeys(("毫升", "ml", "ML", "mL", "㎖"), "毫升"),
    **{unit: unit for unit in "两粒颗片支包袋瓶罐箱盒枚丸板桶"},
    "盎司": "盎司",
    "立方米": "立方米",
    "零包": "包",
    "钢瓶": "瓶",
    "气瓶": "瓶",
}
"""Units that are read anywhere, to their common spelling."""
WEAK_UNITS = frozenset("个块条张份管根只件株棵套")
"""Counters of anything: they make a quantity only beside the name of a substance."""
_YUAN = frozenset(("人民币", "块钱", "元", "RMB", "rmb"))
_PIECE_OR_YUAN = "块"
_LEAST_YUAN = 10
"""From here on 块 without 钱 is money: nobody counts ten blocks (块) of a drug in a tip."""

_D = "0-9OolI"
_C = numerals.CHINESE
_ABOUT = "余多几来"
_NOT_A_UNIT = (
    r"支(?:队|付|部|书|撑|行|持|援)|片(?:区|段|面|警|子)|包(?:厢|房|间|括|含|裹|工|办|庄|夜)|升(?:级|高|起|降|任)"
    r"|克(?:拉|隆|罗|里|扣)|元(?:旦|宵|月|素|首|件|里|桥|老)|斤斤|[gGLlmM](?![mMlLgG])(?=[A-Za-z0-9])"
    r"|两(?:个|次|天|人|名|年|月|日|家|地|车|小|千|万|百|种|者|侧|边|口|旁|位|会|岸|[包粒点袋瓶颗片支箱盒罐克斤条张])"
    r"|G(?=网|手机|流|卡|内存|信号|基站|套餐|版|运存)|板(?:房|块)|条(?:件|例)|个(?:人|月|小时|星期|多)|箱(?:包|子)"
    r"|块(?:状|头)|件(?:事)|张某|只(?:有|是|要|能|见|好)|根(?:据|本)|套(?:房|间)|瓶颈|盒子|枚举"
)
_UNIT = "|".join(sorted({*UNITS, *WEAK_UNITS, *_YUAN, _PIECE_OR_YUAN}, key=lambda unit: (-len(unit), unit)))
_MEASURE = re.compile(
    rf"(?P<number>[{_D}{_C}](?<![{_D}{_C}.第].)[{_D}{_C},.]{{0,20}})"
    rf"(?P<about>[{_ABOUT}])?(?P<scale>[百千万亿]{{0,3}})(?P<more>[{_ABOUT}])? ?"
    rf"[小大中整]?(?!{_NOT_A_UNIT})(?P<unit>{_UNIT})(?P<tail>[余多半](?![次名人个种少]))?"
)
_BARE_YUAN = re.compile(
    r"(?:人民币|RMB|rmb|¥)[:： ]?"
    r"(?P<number>[0-9]{1,12}(?:,[0-9]{3}){0,4}(?:\.[0-9]{1,2})?)(?![0-9])(?P<scale>[百千万亿]{0,3})"
)
_ARABIC = re.compile(rf"([{_D}]{{1,12}}(?:,[0-9]{{3}}){{0,4}}(?:\.[{_D}]{{1,8}})?)([百千万亿]{{0,3}})$")
_CHINESE = re.compile(rf"[{_C}]{{1,16}}$")
_NEIGHBOURS = re.compile(r"([一二两三四五六七八])[二两三四五六七八九]")
_FROM = re.compile(rf"([0-9]{{1,9}}(?:\.[0-9]{{1,4}})?|[{_C}]{{1,4}})[\-~～—至到]$")
_ABOUT_BEFORE = re.compile(r"(?:约|近|大概|大约|差不多|至少|超过|上)\s?$")
_ABOUT_AFTER = re.compile(r"左右|上下|以上|以下")


class _Measured(NamedTuple):
    start: int
    end: int
    value: float
    unit: str
    approximate: bool


def find_measures(text: str, ground: Ground) -> tuple[list[FoundAmount], list[FoundQuantity]]:
    """Amounts and quantities of a folded text outside identifiers, in order of place.

    Quantities with a weak unit are still among them: `goods.quantities_of` keeps those that
    stand beside a substance.
    """
    amounts: list[FoundAmount] = []
    quantities: list[FoundQuantity] = []
    after = 0
    for match in _MEASURE.finditer(text):
        measured = _measured(text, match, after)
        if measured is None or not ground.free(measured.start, measured.end):
            continue
        start, end, value, unit, approximate = measured
        after = end
        if unit in _YUAN or (unit == _PIECE_OR_YUAN and value >= _LEAST_YUAN):
            amounts.append(FoundAmount(start=start, end=end, yuan=value, approximate=approximate))
        else:
            unit = UNITS.get(unit, unit)
            quantities.append(
                FoundQuantity(start=start, end=end, value=value, unit=unit, approximate=approximate)
            )
    _add_bare_amounts(text, ground, amounts)
    return amounts, quantities


def _measured(text: str, match: re.Match[str], after: int) -> _Measured | None:
    """The measure of a match; the lower end of a range is looked for from `after` on."""
    read = _number(match["number"])
    if read is None:
        return None
    skipped, value, vague = read
    start, end, tail = match.start() + skipped, match.end(), match["tail"]
    value = numerals.scaled(value, match["scale"])
    approximate = vague or bool(match["about"] or match["more"] or (tail and tail != "半"))
    if tail == "半":
        value += 0.5
    earlier = _FROM.search(text, max(after, start - 12), start)
    if earlier is not None and not skipped:
        least = numerals.arabic(earlier[1]) or numerals.chinese(earlier[1])
        if least is not None and least < value:
            start, value, approximate = earlier.start(), least, True
    approximate = approximate or _is_about(text, start, end)
    return _Measured(start, end, value, match["unit"], approximate)


def _is_about(text: str, start: int, end: int) -> bool:
    before = _ABOUT_BEFORE.search(text, max(0, start - 4), start)
    return before is not None or _ABOUT_AFTER.match(text, end) is not None


def _number(text: str) -> tuple[int, float, bool] | None:
    """The value of the numeral at the end of `text`, how much in front is not of it, and if it is vague.

    Two neighbours (两三百) say "about the first".
    """
    arabic = _ARABIC.search(text)
    if arabic is not None:
        value = numerals.arabic(arabic[1])
        return None if value is None else (arabic.start(), numerals.scaled(value, arabic[2]), False)
    chinese = _CHINESE.search(text)
    if chinese is None:
        return None
    value = numerals.chinese(chinese[0])
    if value is not None:
        return chinese.start(), value, False
    value = numerals.chinese(_NEIGHBOURS.sub(r"\1", chinese[0], count=1))
    return None if value is None else (chinese.start(), value, True)


def _add_bare_amounts(text: str, ground: Ground, amounts: list[FoundAmount]) -> None:
    """Amounts that name the currency in front of the number: 人民币5000, ¥300."""
    starts = {amount.start for amount in amounts}
    for match in _BARE_YUAN.finditer(text):
        value = numerals.arabic(match["number"])
        start = match.start("number")
        if value is None or start in starts or not ground.free(start, match.end()):
            continue
        yuan = numerals.scaled(value, match["scale"])
        amounts.append(FoundAmount(start=start, end=match.end(), yuan=yuan))
    amounts.sort(key=lambda amount: amount.start)

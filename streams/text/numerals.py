"""Numbers as people write them in Chinese: 3,000, 十二, 两百五, 伍佰, 1.5万."""

from __future__ import annotations

import re

DIGITS = {
    **dict(zip("〇零一二三四五六七八九", (0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖两俩幺", (1, 2, 3, 4, 5, 6, 7, 8, 9, 2, 2, 1), strict=True)),
    "弍": 2,
    "貳": 2,
}
SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
LARGE = {"万": 10_000, "亿": 100_000_000}
CHINESE = "".join([*DIGITS, *SMALL, *LARGE, "半"])
"""Every character a Chinese numeral may hold, for character classes."""

_MISREAD = str.maketrans("OolI", "0011")
_MULTIPLIERS = {**SMALL, **LARGE}
_CODE = re.compile(rf"[{''.join(DIGITS)}]+")


def arabic(text: str) -> float | None:
    """The value of plain digits with `,` and `.`; O and l beside digits are misread 0 and 1.

    >>> arabic("3,000"), arabic("O.08"), arabic("l.5"), arabic("Ol")
    (3000.0, 0.08, 1.5, None)
    """
    if not any("0" <= char <= "9" for char in text):
        return None
    try:
        return float(text.translate(_MISREAD).replace(",", ""))
    except ValueError:
        return None


def chinese(text: str) -> float | None:
    """The value of a Chinese numeral; None when it is none, or says two numbers at once (两三).

    After 百, 千 or 万 a last digit counts the next smaller unit (三百五 is 350). Digits without
    units are read in a row (二〇一九).

    >>> chinese("一百零五"), chinese("两千三"), chinese("三万二"), chinese("半"), chinese("伍佰")
    (105.0, 2300.0, 32000.0, 0.5, 500.0)
    >>> chinese("二〇一九"), chinese("两三"), chinese("万")
    (2019.0, None, None)
    """
    if text == "半":
        return 0.5
    if len(text) > 1 and _CODE.fullmatch(text):
        return _row(text)
    half = text.endswith("半")
    value = _sum(text[:-1] if half else text)
    return value + 0.5 if value is not None and half else value


def _row(text: str) -> float | None:
    if len(text) == 2 and "零" not in text and "〇" not in text:
        return None
    return float("".join(str(DIGITS[char]) for char in text))


def _sum(text: str) -> float | None:
    """Adds up digits × units; None when they do not follow each other as in a numeral."""
    if not text or text[0] in "百佰千仟万亿":
        return None
    total = section = 0.0
    digit: int | None = None
    last_unit = 0
    for char in text:
        if char in DIGITS:
            if digit:
                return None
            digit = DIGITS[char]
            last_unit = 0 if digit == 0 else last_unit
        elif char in SMALL:
            section += (1 if digit is None else digit) * SMALL[char]
            digit, last_unit = None, SMALL[char]
        elif char in LARGE:
            section = (section + (digit or 0)) * LARGE[char]
            total = (total * LARGE[char] if char == "亿" else total) + section
            section, digit, last_unit = 0.0, None, LARGE[char]
        else:
            return None
    if digit and last_unit >= 100:
        digit *= last_unit // 10
    return total + section + (digit or 0)


def scaled(value: float, units: str) -> float:
    """A value times the units written after it: `scaled(1.5, "万")` is 15000.

    >>> scaled(1.5, "万"), scaled(3, "百万"), scaled(7, "")
    (15000.0, 3000000, 7)
    """
    for unit in units:
        value *= _MULTIPLIERS.get(unit, 1)
    return value

"""Regular expressions that find any of many words fast."""

from __future__ import annotations

import re
from collections.abc import Iterable


def any_of(words: Iterable[str]) -> str:
    """A pattern for the longest of the words that stands at a place.

    Words share their beginnings, so that few alternatives are tried at a place.

    >>> any_of(["卖", "卖出", "买"])
    '买|卖(?:出)?'
    """
    behind: dict[str, list[str]] = {}
    for word in words:
        behind.setdefault(word[0], []).append(word[1:])
    return "|".join(f"{re.escape(first)}{_rest(rests)}" for first, rests in sorted(behind.items()))


def _rest(rests: Iterable[str]) -> str:
    more = [rest for rest in rests if rest]
    if not more:
        return ""
    return f"(?:{any_of(more)}){'?' if '' in rests else ''}"

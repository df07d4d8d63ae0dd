"""Characters by their shape: variant forms (异体字) folded, look-alikes (形近字) told.

Half of the errors in typed Chinese names are of shape (Liu 2010: 48 %, of which most sound alike too).
A fold is for comparison only, never for display: whoever writes 喆 is not called 哲.
"""

from __future__ import annotations

from functools import cache, lru_cache

from schemas.identifiers.names import key
from schemas.reference import surnames, tables


@cache
def _forms() -> tuple[dict[str, str], dict[str, str]]:
    """Form → standard form: of characters anywhere, and of surnames."""
    anywhere: dict[str, str] = {}
    family: dict[str, str] = {}
    for standard, forms, where in tables.rows("variants.tsv"):
        (family if where == "surname" else anywhere).update(dict.fromkeys(forms, standard))
    return anywhere, family


@lru_cache(maxsize=1 << 14)
def variant_key(name: str) -> str:
    """The name's key with variant forms folded, in the surname also those of family names (傅 as 付).

    >>> variant_key("傅喆"), variant_key("付哲"), variant_key("李傅"), variant_key("锺嘉昇")
    ('付哲', '付哲', '李傅', '钟嘉升')
    """
    plain = key(name)
    anywhere, families = _forms()
    folded = "".join(anywhere.get(char, char) for char in plain)
    family = families.get(folded[:1])
    return family + folded[1:] if family and surnames.split(family + folded[1:])[0] == family else folded


@cache
def _alike() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for _, group in tables.rows("lookalikes.tsv"):
        for char in group:
            found.setdefault(char, set()).update(group)
    return {char: frozenset(others - {char}) for char, others in found.items()}


def look_alikes(char: str) -> frozenset[str]:
    """The simplified characters that a simplified character is mistaken for by eye.

    >>> "炜" in look_alikes("伟"), "巳" in look_alikes("己"), look_alikes("x")
    (True, True, frozenset())
    """
    return _alike().get(char, frozenset())


def look_alike(left: str, right: str) -> bool:
    """Whether two names differ in one character, whose two forms look alike. Symmetric.

    >>> look_alike("符伟强", "符炜强"), look_alike("符伟强", "符伟强"), look_alike("陈明", "阵朋")
    (True, False, False)
    """
    if len(left) != len(right):
        return False
    pairs = [(a, b) for a, b in zip(variant_key(left), variant_key(right), strict=True) if a != b]
    return len(pairs) == 1 and pairs[0][1] in look_alikes(pairs[0][0])

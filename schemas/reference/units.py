"""Quantities: what a raw number and unit amount to in grams, when that is certain.

The raw value is always kept. Pieces (片, 颗, 支) become grams only through a measured unit mass,
which no register can know, so never here. Litres become grams only for nitrous oxide *as a gas*:
0.54 L per gram at 15 °C and 1 bar; a cylinder's capacity says nothing of its content.
"""

from __future__ import annotations

from functools import cache, lru_cache

from schemas.identifiers.parsed import fold
from schemas.reference import substances, tables


@cache
def _table(name: str) -> dict[str, float]:
    return {_fold(unit): float(size) for unit, size in tables.toml("units.toml")[name].items()}


@cache
def _forms() -> tuple[frozenset[str], frozenset[str], float]:
    """Words for gas, words for a container's capacity, and the usual small deal in grams."""
    table = tables.toml("units.toml")
    gas, capacity = table["forms"]["gas"], table["forms"]["capacity"]
    return frozenset(gas), frozenset(capacity), float(table["small_deal"]["grams"])


def _fold(unit: str) -> str:
    return fold(unit).casefold().rstrip(".")


def is_mass(unit: str) -> bool:
    """Whether a unit is one of mass.

    >>> is_mass("公斤"), is_mass("片")
    (True, False)
    """
    return _fold(unit) in _table("grams")


def is_volume(unit: str) -> bool:
    """Whether a unit is one of volume."""
    return _fold(unit) in _table("litres")


@lru_cache(maxsize=4096)
def to_grams(
    quantity: float | None, unit: str | None, substance: str | None = None, form: str | None = None
) -> float | None:
    """The mass in grams when the conversion is certain, else None (also for negative amounts).

    `substance` is a code of the register, `form` the record's word for the form (气体, 钢瓶).

    >>> to_grams(2, "公斤"), to_grams(3, "片", "methamphetamine"), to_grams(5, "钱")
    (2000.0, None, None)
    >>> to_grams(54, "L", "nitrous_oxide", "气体"), to_grams(40, "L", "nitrous_oxide", "钢瓶")
    (100.0, None)
    """
    if quantity is None or unit is None or not 0 <= quantity < float("inf"):
        return None
    plain = _fold(unit)
    mass = _table("grams").get(plain)
    if mass is not None:
        return float(f"{quantity * mass:.12g}")
    litres = _table("litres").get(plain)
    if litres is None or substance is None or not _is_gas(form):
        return None
    density = _litres_per_gram(substance)
    return None if density is None else float(f"{quantity * litres / density:.12g}")


def _is_gas(form: str | None) -> bool:
    """Only when the form says gas and names no container, whose capacity might be meant."""
    if not form:
        return False
    gas, capacity, _ = _forms()
    plain = _fold(form)
    return any(word in plain for word in gas) and not any(word in plain for word in capacity)


def _litres_per_gram(code: str) -> float | None:
    return substances.substance(code).gas_litres_per_gram if substances.known(code) else None


def is_small(grams: float | None, substance: str | None = None) -> bool:
    """Whether an amount is that of a small deal (零包): policy, set in `units.toml`.

    A substance may have a threshold of its own in `substances.toml`. An unknown amount is not small.

    >>> is_small(0.8, "heroin"), is_small(80, "heroin"), is_small(None, "heroin")
    (True, False, False)
    """
    if grams is None or grams <= 0:
        return False
    own = substances.substance(substance).small_grams if substances.known(substance) else None
    return grams <= (own if own is not None else _forms()[2])

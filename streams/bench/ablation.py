"""What each thing that the resolver of tables does is worth (`suyuan bench ablation`): F1 without it.

The product has no switches for this. A name of a module is put in another's place for the time of a run, as
`ABLATIONS` says, so that what helps nobody is seen, and goes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from math import inf
from pathlib import Path
from statistics import mean
from sys import maxsize
from typing import Any
from unittest.mock import patch

import numpy as np
from msgspec import Struct, structs

from streams.bench.evaluate import pairwise
from streams.bench.resolve import Known, known_tables
from streams.bench.worlds import Tell, quiet
from streams.tables import clusters, comparisons, features, fit, keys, model, pairs, resolving, units, words
from streams.tables.comparisons import COMPARISONS, Comparison

Patch = tuple[Any, str, Any]
"""A module or class, a name in it, and what stands there instead."""


class Ablation(Struct, frozen=True):
    """One thing that is switched off: its name, what is done instead, and how."""

    name: str
    instead: str
    patches: tuple[Patch, ...]


def run(folder: Path, *, tell: Tell = quiet) -> dict[str, Any]:
    """F1 of the whole by table, then by how many points (F1 × 100) it differs without each of `ABLATIONS`;
    `mean` is over the tables, and `pairs` the part of the whole's pairs that are still compared.

    Raises as `known_tables` does.
    """
    tables = list(known_tables(folder))
    steps = len(ABLATIONS) + 1
    tell("the whole", 0, steps)
    whole = [_measured(known) for known in tables]
    names = [known.name for known in tables]
    figures = {
        "whole": _row(names, [f1 for f1, _ in whole], 4) | {"pairs": 1.0},
    }
    for step, ablation in enumerate(ABLATIONS, start=1):
        tell("without each thing", step, steps)
        with without(ablation):
            rest = [_measured(known) for known in tables]
        points = [100.0 * (f1 - before) for (f1, _), (before, _) in zip(rest, whole, strict=True)]
        pairs = sum(count for _, count in rest) / max(sum(count for _, count in whole), 1)
        figures[ablation.name] = _row(names, points, 2) | {"pairs": round(pairs, 3)}
    return figures


@contextmanager
def without(ablation: Ablation) -> Iterator[None]:
    """Switches a thing off in this process; afterwards all is as before."""
    with ExitStack() as patched:
        for place, name, instead in ablation.patches:
            patched.enter_context(patch.object(place, name, instead))
        yield


def _measured(known: Known) -> tuple[float, int]:
    """F1 of a table, and how many pairs of it were compared."""
    found = resolving.resolve(known.rows, known.fields)
    return pairwise(known.truth, found.entities()).f1, found.resolution.compared


def _row(names: list[str], values: list[float], places: int) -> dict[str, float]:
    by_name = {name: round(value, places) for name, value in zip(names, values, strict=True)}
    return by_name | {"mean": round(mean(values), places)}


def _never(*_: object) -> bool:
    return False


def _each_its_own(table: features.Table) -> np.ndarray:
    return np.arange(len(table))


def _with(kind: str, **changed: Any) -> tuple[Patch, ...]:
    """A kind compared in another way."""
    others: dict[str, Comparison] = {**COMPARISONS, kind: structs.replace(COMPARISONS[kind], **changed)}
    return (features, "COMPARISONS", others), (model, "COMPARISONS", others)


def _equal_or_not(kind: str) -> Ablation:
    def levels(left: comparisons.Texts, _right: comparisons.Texts) -> comparisons.Levels:
        return np.zeros(len(left), np.int8)

    return Ablation(f"levels of {kind}", "equal, or it does not agree", _with(kind, levels=levels))


def _without_keys(name: str, skipped: Callable[[tuple[str, ...]], bool]) -> Ablation:
    every = keys.Keys._of  # noqa: SLF001  what is left of its keys

    def kept(self: keys.Keys, profile: int) -> Iterator[tuple[str, ...]]:
        return (parts for parts in every(self, profile) if not skipped(parts))

    return Ablation(f"key: {name}", "left out", ((keys.Keys, "_of", kept),))


def _without_key(name: str, *kinds: str) -> Ablation:
    return _without_keys(name, lambda parts: parts[0] in (kinds or (name,)))


def _groups_by(name: str, value: Callable[[float, float], float]) -> Ablation:
    """Two groups become one by something else than half their best link and half the mean."""
    return Ablation(f"groups by the {name} link", f"the {name} alone", ((clusters, "value", value),))


def _generation_unsaid(names: list[str]) -> tuple[list[str], str]:
    """A name without the word for its generation, which counts for nothing."""
    return (names[:-1] if len(names) > 1 and names[-1] in features.GENERATIONS else names), ""


_KEYS = (
    "mailbox", "words", "sounds", "first-last", "date", "year", "month-day", "decade-day", "postcode",
    "postcode-year", "postcode-day", "address", "number", "street", "text", "sound",
)  # fmt: skip
"""What the keys of `streams.tables.keys` begin with, those of a place with a sound (by its column) aside."""
_FUZZY = ("name", "date", "identifier", "email", "postcode", "category", "text", "phones")

ABLATIONS: tuple[Ablation, ...] = (
    Ablation("term frequency", "every value as rare", ((fit, "RAREST", 0.0), (fit, "COMMONEST", 0.0))),
    Ablation("swapped names", "compared in place only", ((model, "SWAP_GAIN", inf),)),
    Ablation("household", "all that a family shares counts", ((model, "CONTACTS", frozenset()),)),
    Ablation("one place", "every part of a place counts whole", ((model, "FOLLOWING", 1.0),)),
    Ablation("second fit", "one fit", ((resolving, "_FITS", 1),)),
    Ablation("fitting", "what experts expect stays", ((fit, "ROUNDS", 0),)),
    Ablation("experts on levels", "a pseudo-count of 0.01", ((fit, "PRIOR_WEIGHT", 0.01),)),
    Ablation("experts on chance", "a pseudo-count of 0.01", ((fit, "SHARED_WEIGHT", 0.01),)),
    Ablation("odds of a link", "as likely one as two", ((model, "ODDS", 1.0),)),
    Ablation(
        "equal rows need bits",
        "they are always one",
        ((resolving, "one_when_equal", lambda table, _: np.ones(len(table), bool)),),
    ),
    Ablation("a few for a unit", "all its profiles", ((units, "FEW", maxsize), (pairs, "FEW", maxsize))),
    Ablation("one name, one number", "values count by profile", ((resolving, "alike", _each_its_own),)),
    Ablation("who is there often", "every pair counts", ((fit, "OFTEN", inf),)),
    _groups_by("mean", lambda _, mean: mean),
    _groups_by("best", lambda best, _: best),
    Ablation("nicknames", "names of their own", ((comparisons, "may_be_one", _never),)),
    Ablation("short forms", "no initials, no nicknames", ((comparisons, "_short_forms", _never),)),
    Ablation("sound level", "letters only", ((comparisons, "sound", lambda word: word),)),
    Ablation(
        "part of the other", "all words of a name count", ((comparisons, "_part_of_the_other", _never),)
    ),
    Ablation("two scripts", "they say nothing", ((comparisons, "_romanised", lambda *_: -1),)),
    Ablation("generation", "father and son alike", ((features, "_without_generation", _generation_unsaid),)),
    Ablation("digits of a mailbox", "letters like others", ((comparisons, "_digits", lambda _: ""),)),
    Ablation("mailboxes of a body", "somebody's own", ((words, "_ROLES", frozenset()),)),
    *(_equal_or_not(kind) for kind in _FUZZY),
    _without_key("identifier, e-mail, phone", keys.STRONG),
    _without_key("all of a name alone", "words", "sounds", "first-last", "sound"),
    _without_key("all of a date", "date", "year", "month-day", "decade-day"),
    _without_key("all of an address", "address", "number", "street"),
    _without_key("all of a postcode alone", "postcode", "postcode-year", "postcode-day"),
    *(_without_key(kind) for kind in _KEYS),
    _without_keys("place, sound", lambda parts: parts[0] not in {keys.STRONG, *_KEYS}),
)

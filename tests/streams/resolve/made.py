"""Profiles made in one line."""

from __future__ import annotations

from typing import Any

from schemas.claims import Features, Identifier
from streams.resolve.profiles import Profile


def person(name: str = "", order: int = 0, **features: Any) -> Profile:
    return thing("person", order, name=name, **features)


def thing(kind: Any, order: int = 0, **features: Any) -> Profile:
    """Identifiers, masked numbers and contexts are given as `"kind:value"`."""
    for field in ("identifiers", "masked", "contexts"):
        if field in features:
            features[field] = tuple(sorted(Identifier(*each.split(":", 1)) for each in features[field]))
    return Profile(kind, Features(**features), order)

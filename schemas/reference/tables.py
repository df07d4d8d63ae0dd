"""Reading the reference files that ship inside this package: TSV with `#` comments, and TOML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from importlib.resources import files
from typing import Any


def rows(name: str) -> Iterator[list[str]]:
    """The rows of a TSV file of this package; lines that begin with `#` are its header."""
    text = (files("schemas.reference") / name).read_text("utf-8")
    return (line.split("\t") for line in text.splitlines() if line and not line.startswith("#"))


def toml(name: str) -> dict[str, Any]:
    """A TOML file of this package."""
    return tomllib.loads((files("schemas.reference") / name).read_text("utf-8"))

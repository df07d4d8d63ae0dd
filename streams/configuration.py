"""Reads the settings: which values are in force, and where each comes from.

Defaults, then the TOML file, then the environment, then the command line. A key nobody knows is an
error, so that a slip of the pen does not go unnoticed.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
from msgspec import Struct

from schemas.errors import UsageError
from streams.settings import DEFAULT_CONFIG, DEFAULT_STORE, Secret, Settings, read_settings
from streams.stages.refusals import expected_at

_OURS = "SUYUAN_"
_ELSEWHERE = {"SUYUAN_CACHE", "SUYUAN_CONFIG"}
"""Variables that are no settings: where `suyuan local` keeps jars, and where the settings are."""
_MADE = {"server"}
"""What is no setting but made from some."""
MASK = "•••"


class Value(Struct, frozen=True):
    """A setting in force: its key, its value (secrets masked), where it comes from."""

    key: str
    value: Any
    source: str


class Configuration(Struct, frozen=True):
    """The settings and the source of each that is not a default."""

    settings: Settings
    sources: Mapping[str, str]

    def values(self) -> Iterator[Value]:
        """All settings in the order of the types."""
        for key, _ in _keys(Settings):
            found: Any = self.settings
            for part in key.split("."):
                found = getattr(found, part)
            if key == "store" and self.settings.server is not None:
                found = self.settings.server.uri
            yield Value(key, _shown(found), self.sources.get(key, "default"))


def read_configuration(
    environ: Mapping[str, str], *, store: str | None = None, config: str | None = None
) -> Configuration:
    """The settings from the file `config` (else `SUYUAN_CONFIG`, else suyuan.toml when it is there), the
    environment, and the command line's `store`.

    Raises `UsageError` that names the key and what it has to be; never the value, which may be secret.
    """
    types = dict(_keys(Settings))
    given = _from_file(environ, config, types) | _from_environment(environ, types)
    if store is not None:
        given["store"] = (store, "command line")
    return Configuration(_settings(given), {key: source for key, (_, source) in given.items()})


_Given = dict[str, tuple[Any, str]]


def _keys(kind: type[Struct], before: str = "") -> Iterator[tuple[str, Any]]:
    """Dotted keys and their types, those of the tables inside included."""
    for name, hint in get_type_hints(kind, include_extras=True).items():
        if name in _MADE:
            continue
        if isinstance(hint, type) and issubclass(hint, Struct):
            yield from _keys(hint, f"{before}{name}.")
        else:
            yield f"{before}{name}", hint


def _settings(given: _Given) -> Settings:
    store = str(given["store"][0]) if "store" in given else DEFAULT_STORE
    files = ("vault", "vault_key", "workbench", "audit")
    named = (*files, "neo4j.user", "neo4j.password")
    made = read_settings(store, {_variable(key): _plain(given[key][0]) for key in named if key in given})
    tree: dict[str, Any] = {key: getattr(made, key) for key in ("store", *files, "server")}
    for key, (value, _) in given.items():
        table, _, name = key.rpartition(".")
        if table:
            tree.setdefault(table, {})[name] = value
        elif key not in tree:
            tree[key] = value
    return msgspec.convert(tree, Settings, dec_hook=_special)


def _from_file(environ: Mapping[str, str], config: str | None, types: Mapping[str, Any]) -> _Given:
    named = config or environ.get("SUYUAN_CONFIG")
    path = Path(named or DEFAULT_CONFIG)
    if named is None and not path.exists():
        return {}
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"the settings {path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise UsageError(f"{path} is not a TOML file in UTF-8: {_place(error)}") from None
    flat = dict(_flat(document))
    return {key: (value, str(path)) for key, value in _checked(flat, types, str(path)).items()}


def _place(error: ValueError) -> str:
    """Where a TOML file is wrong; its own words may quote a secret."""
    text = str(error)
    return text[text.rindex("(") :] if "(at " in text else "check its encoding"


def _flat(table: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value


def _variable(key: str) -> str:
    return _OURS + key.replace(".", "_").upper()


def _plain(value: Any) -> str:
    return value.value if isinstance(value, Secret) else str(value)


def _from_environment(environ: Mapping[str, str], types: Mapping[str, Any]) -> _Given:
    names = {_variable(key): key for key in types}
    flat, named = {}, {}
    for variable in sorted(environ):
        if not variable.startswith(_OURS) or variable in _ELSEWHERE or not environ[variable]:
            continue
        plain = variable.removesuffix("_FILE")
        known = names.get(variable) or (f"{names[plain]}_file" if plain in names else None)
        if known is None:
            raise UsageError(f"no setting is called {variable}: see `suyuan config`")
        flat[known] = environ[variable]
        named[known.removesuffix("_file")] = variable
    checked = _checked(flat, types, "the environment")
    return {key: (value, named[key]) for key, value in checked.items()}


def _checked(flat: Mapping[str, Any], types: Mapping[str, Any], source: str) -> dict[str, Any]:
    """The values, each of its type; `KEY_file` of a secret is replaced by what that file holds."""
    checked = {}
    for key, value in flat.items():
        secret = key.removesuffix("_file")
        if key != secret and key not in types and "Secret" in str(types.get(secret)):
            key, value = secret, _held(value, secret)
        if key not in types:
            raise UsageError(f"{source}: no setting is called {key}; see `suyuan config`")
        if isinstance(value, str) and str(types[key]).startswith("tuple["):
            value = [part.strip() for part in value.split(",") if part.strip()]
        try:
            msgspec.convert(value, types[key], strict=False, dec_hook=_special)
        except (msgspec.ValidationError, TypeError):
            # Not chained: the library quotes the value.
            raise UsageError(f"{source}: {key} has to be {_wanted(key, types[key])}") from None
        made = msgspec.convert(value, types[key], strict=False, dec_hook=_special)
        checked[key] = value if key == "store" else made  # which may be an address, and no path
    return checked


def _wanted(key: str, kind: Any) -> str:
    if "Path" in str(kind):
        return "the name of a file"
    return "text" if "Secret" in str(kind) else expected_at(Settings, key)


def _held(path: Any, key: str) -> str:
    """The secret in a file, without its line end."""
    try:
        return Path(str(path)).read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UsageError(f"the file that {key}_file names cannot be read: {why}") from error


def _special(kind: type, value: Any) -> Any:
    """Types that msgspec does not know, from text."""
    if isinstance(value, kind):
        return value
    if not isinstance(value, str):
        raise TypeError(kind.__name__)
    return kind(value)


def _shown(value: Any) -> Any:
    if isinstance(value, Secret):
        return MASK
    return str(value) if isinstance(value, Path) else value

"""Splink (https://moj-analytical-services.github.io/splink) on the tables of `suyuan bench resolve`.

It gets the rows as this project cleans them (cases, accents, the parts of names and dates), and is set up as
its documentation does it: comparisons of its own library with term frequencies, u from pairs at random, m by
expectation and maximisation over two blocking rules, connected components as clusters. One configuration
stands for every table; of what could be chosen in it, that stands which does best over all of them.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from msgspec import Struct

from streams.tables.comparisons import TAIL
from streams.tables.features import Feature, Row, features_of, values_of
from streams.tables.fields import Fields

THRESHOLD = 0.9
"""Probability of a match from which rows are linked: of 0.3 to 0.98 the one with the best mean F1 over all of
our tables. Each of them has another that is best for it; who has no labels cannot know it."""
_RECALL = 0.7
"""Part of the matches that the certain ones are taken for; the tutorials of Splink guess this."""
_RANDOM_PAIRS = 1_000_000.0
_SEED = 1
_TABLE = "said"
_ID = "unique_id"
INSTALL = "not installed: pip install -r deploy/requirements-bench.lock puts it beside"

Resolve = Callable[[list[tuple[str, Row]], Fields], dict[str, str]]
"""Rows, each with its id, and their fields: the entity of each row."""


class Compared(Struct, frozen=True):
    """A comparison of Splink's library, and what it is told beside the column; term frequencies where values
    can be counted."""

    name: str
    told: dict[str, Any] = {}
    counted: bool = True


_COMPARED = {
    "name": Compared("NameComparison"),
    "date": Compared(
        "DateOfBirthComparison", {"input_is_string": True, "datetime_format": "%Y-%m-%d"}, counted=False
    ),
    "identifier": Compared("DamerauLevenshteinAtThresholds", {"distance_threshold_or_thresholds": [1, 2]}),
    "email": Compared("EmailComparison"),
    # PostcodeComparison knows British ones only
    "postcode": Compared("DamerauLevenshteinAtThresholds", {"distance_threshold_or_thresholds": [1, 2]}),
    "category": Compared("ExactMatch"),
    "flag": Compared("ExactMatch"),
    "text": Compared("JaccardAtThresholds", {"score_threshold_or_thresholds": [0.9, 0.7]}),
    "phones": Compared("ArrayIntersectAtSizes", {"size_threshold_or_thresholds": [1]}, counted=False),
}
"""By kind of feature, as it does best over all tables: names in one comparison of both and dates by how rare
they are do worse. Generations are left out: the few that are named tell nothing of their weights."""


class Plan(Struct, frozen=True):
    """What Splink is told of a table.

    Columns with their comparisons; what two rows must have in common to be compared (columns, or expressions
    of SQL), lists of which one item is enough apart; conditions that hold for certain matches; the two rules
    under which m is learned.
    """

    columns: dict[str, Feature]
    comparisons: dict[str, Compared]
    blocking: tuple[tuple[str, ...], ...]
    lists: tuple[str, ...]
    certain: tuple[str, ...]
    training: tuple[tuple[str, ...], ...]


def plan(fields: Fields) -> Plan:
    """What Splink is told of a table with these fields."""
    columns = {f"{feature.field}_{at}": feature for at, feature in enumerate(features_of(fields))}

    def of(*kinds: str) -> list[str]:
        return [column for kind in kinds for column, feature in columns.items() if feature.field == kind]

    names, dates = of("given_name", "family_name"), of("date")
    alone = of("identifier", "email")
    near = [
        f"l.{name} = r.{name} and damerau_levenshtein(l.{d}, r.{d}) <= 1" for d in dates for name in names
    ]
    training = [tuple(names), *((each,) for each in (*dates, *of("postcode", "email", "address")))]
    comparisons = {
        column: _COMPARED[feature.kind] for column, feature in columns.items() if feature.kind in _COMPARED
    }
    return Plan(
        columns=columns,
        comparisons=comparisons,
        blocking=tuple(_blocking(names, dates, of)) or tuple((column,) for column in comparisons),
        lists=tuple(of("phone")),
        certain=(*near, *(f"l.{each} = r.{each}" for each in alone)),
        training=tuple(each for each in training if each)[:2],
    )


def _blocking(names: list[str], dates: list[str], of: Callable[..., list[str]]) -> Iterator[tuple[str, ...]]:
    if names:
        yield tuple(names)
    for date in dates:
        year = f"substr({date}, 1, 4)"
        yield (date,)
        yield from ((name, year) for name in names)
        if names:
            given, family = names
            yield f"substr({given}, 1, 1)", f"substr({family}, 1, 4)", year
    heads = [f"substr({postcode}, 1, 3)" for postcode in of("postcode")]
    yield from ((place, name) for place in (*of("postcode", "suburb", "city"), *heads) for name in names)
    yield from ((each,) for each in of("identifier", "email", "address", "organisation", "text"))
    yield from ((f"split_part({email}, '@', 1)",) for email in of("email"))


def said(rows: Iterable[tuple[str, Row]], fields: Fields, told: Plan) -> Iterator[list[Any]]:
    """The id and the values of each row as Splink takes them: unknown ones None, dates ISO 8601, lists."""
    features = tuple(told.columns.values())
    for id_, row in rows:
        values = values_of(row, fields, features)
        yield [id_, *(_as_taken(feature, value) for feature, value in zip(features, values, strict=True))]


def _as_taken(feature: Feature, value: str) -> Any:
    if feature.kind == "phones":
        return [number[-TAIL:] for number in value.split()] or None
    if feature.kind == "date":
        return f"{value[:4]}-{value[4:6]}-{value[6:]}" if len(value) == 8 and value.isdecimal() else None
    return value or None


def splink() -> Resolve | None:
    """Splink ready to resolve tables, loaded now; None when it is not installed."""
    if find_spec("splink") is None:
        return None
    for name in ("duckdb", "pandas", "splink.comparison_library"):
        import_module(name)
    return _resolve


def _resolve(rows: list[tuple[str, Row]], fields: Fields) -> dict[str, str]:
    with _quietly():
        told = plan(fields)
        linker = _linker(said(rows, fields, told), told)
        _train(linker, told)
        predicted = linker.inference.predict(threshold_match_probability=THRESHOLD)
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            predicted, threshold_match_probability=THRESHOLD
        )
        return {each[_ID]: each["cluster_id"] for each in clusters.as_record_dict()}


def _linker(values: Iterable[list[Any]], told: Plan) -> Any:
    """Splink's linker over a DuckDB in memory, on one core as all benchmarks are."""
    import duckdb  # noqa: PLC0415  of Splink
    import pandas as pd  # noqa: PLC0415  of Splink
    import splink.comparison_library as library  # noqa: PLC0415
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on  # noqa: PLC0415

    connection = duckdb.connect(config={"threads": 1})
    connection.execute("SET enable_progress_bar = false")
    types = {column: "VARCHAR[]" if column in told.lists else "VARCHAR" for column in (_ID, *told.columns)}
    given = pd.DataFrame(values, columns=list(types), dtype=object)
    connection.register("given", given)
    cast = ", ".join(f"{column}::{type_} AS {column}" for column, type_ in types.items())
    connection.execute(f"CREATE TABLE {_TABLE} AS SELECT {cast} FROM given")
    comparisons = []
    for column, each in told.comparisons.items():
        comparison = getattr(library, each.name)(column, **each.told)
        comparisons.append(
            comparison.configure(term_frequency_adjustments=True) if each.counted else comparison
        )
    settings = SettingsCreator(
        link_type="dedupe_only",
        comparisons=comparisons,
        blocking_rules_to_generate_predictions=[
            *(block_on(*rule) for rule in told.blocking),
            *(block_on(column, arrays_to_explode=[column]) for column in told.lists),
        ],
    )
    return Linker(_TABLE, settings, DuckDBAPI(connection=connection), set_up_basic_logging=False)


def _train(linker: Any, told: Plan) -> None:
    from splink import block_on  # noqa: PLC0415
    from splink.internals.exceptions import EMTrainingException  # noqa: PLC0415

    training = linker.training
    if told.certain:
        training.estimate_probability_two_random_records_match(list(told.certain), recall=_RECALL)
    training.estimate_u_using_random_sampling(max_pairs=_RANDOM_PAIRS, seed=_SEED)
    for rule in told.training:
        try:
            training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        except EMTrainingException:  # no rows agree so: what it begins with stays
            continue


@contextmanager
def _quietly() -> Iterator[None]:
    """What Splink and its libraries tell of their work is no figure."""
    log = logging.getLogger("splink")
    before = log.level
    log.setLevel(logging.CRITICAL)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        log.setLevel(before)

"""How the entities that a transaction touched are called after it, read no further than it takes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from graph.labels import settled_label
from graph.portraits import features_of, value_label
from graph.sqlite.identity import SqliteIdentities
from graph.sqlite.portraits import SqlitePortraits
from graph.sqlite.view import NODES, View
from schemas.changes import EntityKnown
from schemas.claims import Features

_FEATURES = f"""WITH {NODES} SELECT n.ent, p.features FROM node n CROSS JOIN profile p ON p.pid = n.node"""
_VALUES = """SELECT -v.v, v.kind, v.value FROM json_each(:keys) k CROSS JOIN value v ON v.v = -k.value"""


def known_entities(
    view: View, identities: SqliteIdentities, fresh: set[int], kept: set[int], reassigned: set[int]
) -> Iterator[EntityKnown]:
    """A row for each entity that began, by key, and for those that go on under a label that may be new.

    Whoever kept the same profiles, all of which use one name, is called what they were called: nothing is
    read of their records, of which a busy person has thousands.
    """
    ids, types = identities.ids(fresh | kept), identities.types(fresh | kept)
    yield from _values(view, ids, sorted(key for key in fresh if key < 0))
    features = _features(view, (key for key in fresh | kept if key > 0))
    labels = {key: settled_label(said) for key, said in features.items()}
    unsettled = {key for key, label in labels.items() if label is None}
    labels.update(SqlitePortraits(view, identities).labels(sorted(unsettled)))
    for key in sorted(features):
        if key in fresh or key in reassigned or key in unsettled:
            names = {name for each in features[key] for name in (each.name, *each.aliases) if name}
            numbers = {number.value for each in features[key] for number in each.identifiers}
            yield EntityKnown(
                key,
                ids[key],
                types[key],
                labels[key] or ids[key],
                tuple(sorted(names)),
                tuple(sorted(numbers)),
                key in fresh,
            )


def _values(view: View, ids: dict[int, str], keys: Iterable[int]) -> Iterator[EntityKnown]:
    types = SqliteIdentities(view).types(keys)
    for key, kind, value in view.rows_for(keys, _VALUES):
        label = value_label(kind, value)
        yield EntityKnown(key, ids[key], types[key], label, (), (value,), fresh=True, kind=kind, value=value)


def _features(view: View, keys: Iterable[int]) -> dict[int, list[Features]]:
    found: defaultdict[int, list[Features]] = defaultdict(list)
    for key, packed in view.rows_for(keys, _FEATURES):
        found[key].append(features_of(packed))
    return found

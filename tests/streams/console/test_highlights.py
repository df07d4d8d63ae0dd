"""Where a record states an edge: the field, the number, the clause of the text."""

from __future__ import annotations

import pytest

from graph.console.screens.highlights import Highlight, highlights
from graph.sqlite.reader import SqliteReader
from tests.streams.made_up import numbered, open_owner, tip

TEXT = "张大海把冰毒卖给李小河。王大山把冰毒卖给赵小江。"


@pytest.fixture
def reader(tmp_path):
    documents = [
        tip("told", text=TEXT),
        tip(
            "fields",
            persons=[
                {"ref": "a", "name": "周大年", "phones": ["13800000001"]},
                {"ref": "b", "name": "吴小月"},
            ],
            relations=[
                {"from": "b", "to": "a", "kind": "met"},
                {"from": "a", "to": "b", "kind": "supplied", "substance": "冰毒"},
            ],
            vehicles=[{"ref": "v", "plate": "琼A12345", "driver": "a", "passengers": ["b"]}],
        ),
    ]
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered(documents))
        yield SqliteReader(owner.connection)


def marked(reader, record, **fields):
    edges = [
        edge
        for edge in reader.edges_in({record})
        if all(getattr(edge, name) == v for name, v in fields.items())
    ]
    keys = reader.parts.identities.keys({end for edge in edges for end in (edge.source, edge.target)})
    called = {entity.id: {entity.label, *entity.aliases} for entity in reader.entities(list(keys.values()))}
    return [(called, edge, highlights(reader.record(record), [edge], called)) for edge in edges]


def test_of_two_deals_in_a_text_each_edge_marks_its_own(reader):
    found = {
        next(iter(called[edge.source])): [TEXT[one.start : one.end] for one in places]
        for called, edge, places in marked(reader, "made-up/told", type="supplied")
    }
    assert set(found) == {"张大海", "王大山"}
    assert all("李小河" in clause for clause in found["张大海"])
    assert all("赵小江" in clause for clause in found["王大山"])


@pytest.mark.parametrize(
    ("type_", "path"),
    [("supplied", "relations[1]"), ("met", "relations[0]"), ("drives", "vehicles[0].driver"),
     ("rides_in", "vehicles[0].passengers"), ("uses", "persons[0].phones")],
)  # fmt: skip
def test_an_edge_of_a_field_marks_just_that_field(reader, type_, path):
    ((_, _, places),) = marked(reader, "made-up/fields", type=type_)
    assert places == [Highlight(path)]

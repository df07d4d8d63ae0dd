"""The case 2019-551 on a real Neo4j: every reading command prints what it prints of the owner's store, and
the saved queries answer what an investigator asks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

import graph
from graph.neo4j.model import ENTITY_LABELS, was
from graph.sqlite.feed import Feed
from graph.sqlite.reader import open_reader
from graph.trace import trace
from streams.cli.main import app
from streams.embedded import Owner
from streams.inputs import read_lines
from streams.simulate.scenario import write_scenario
from tests.graph.stores import held

CYPHER = Path(next(iter(graph.__path__))) / "cypher"
QUERIES = sorted(CYPHER.glob("*.cypher"))


class Case:
    """The case in a store file and on the server."""

    def __init__(self, folder, shared, address):
        self.store, self.shared, self.address = folder / "case.db", shared, address
        self.origin = write_scenario(folder).origin
        with (
            Owner.open(self.store, clock=lambda: 1_700_000_000_000_000) as owner,
            read_lines(str(folder / "records.jsonl")) as lines,
        ):
            owner.ingest(lines)
            shared.projector.apply(shared.renamed(Feed(owner.connection).since(0)))

    def run(self, *words, store=None, **env):
        credentials = {
            "SUYUAN_NEO4J_PASSWORD": self.address.password,
            "COLUMNS": "200",
            "TERM": "dumb",
        }
        return CliRunner().invoke(
            app, [*words, "--store", str(store or self.address.uri)], env=credentials | env
        )


@pytest.fixture(scope="module")
def case(neo4j, projections, tmp_path_factory):
    with held(projections) as shared:
        yield Case(tmp_path_factory.mktemp("case"), shared, neo4j)


@pytest.mark.parametrize(
    "words",
    [
        ("export", "--canonical"),
        ("export", "--canonical", "--as-of", "2023-11-14T22:13:21Z"),
        ("export", "--format", "jsonl"),
        ("entities", "--json"),
        ("alerts", "--json"),
        ("alerts", "--state", "open", "--json"),
        ("alerts", "--state", "withdrawn", "--json"),
        ("find", "邢", "--json"),
        ("find", "2019-551", "--json"),
        ("show", "邢佳莹", "--json"),
        ("show", "460100-jd/2020-0117-03", "--json"),
    ],
    ids=" ".join,
)
def test_a_command_prints_of_the_server_what_it_prints_of_the_owners_store(case, words):
    there, here = case.run(*words), case.run(*words, store=case.store)
    assert there.exit_code == here.exit_code == 0, there.output
    assert there.stdout == here.stdout
    none = words[:3] in (("export", "--canonical", "--as-of"), ("alerts", "--state", "withdrawn"))
    assert there.stdout or none


@pytest.mark.parametrize("way", ["--up", "--down"])
def test_a_trace_from_the_server_is_the_owners_trace(case, way):
    there, here = (case.run("trace", case.origin, way, "--json", store=store) for store in (None, case.store))
    assert there.exit_code == here.exit_code == 0, there.output
    assert there.stdout == here.stdout


def test_who_fits_several_is_answered_with_the_candidates(case):
    there, here = (case.run("show", "王伟", "--json", store=store) for store in (None, case.store))
    assert (there.exit_code, there.stdout) == (here.exit_code, here.stdout)


def test_a_wrong_password_is_told_with_where_it_is_set(case):
    done = case.run("find", "x", SUYUAN_NEO4J_PASSWORD="not this one")  # noqa: S106
    assert done.exit_code == 1
    assert "SUYUAN_NEO4J_PASSWORD" in done.stderr
    assert "not this one" not in done.output


def test_a_server_that_is_not_there_is_told(case):
    done = case.run("find", "x", store="bolt://127.0.0.1:9")
    assert done.exit_code == 1
    assert "no Neo4j answers at this address" in done.stderr
    done = case.run("find", "x", store="neo4j://no-such-host.invalid")
    assert (done.exit_code, done.stdout) == (1, "")
    done = case.run("find", "x", store="neo4j://127.0.0.1:no")
    assert done.exit_code == 2
    assert "give neo4j://HOST:PORT" in done.stderr


# --- the saved queries ----------------------------------------------------------------------------


@pytest.mark.parametrize("file", QUERIES, ids=lambda file: file.stem)
def test_a_saved_query_says_what_it_answers_and_answers_it(case, file):
    text = file.read_text("utf-8")
    comment = [line for line in text.splitlines() if line.startswith("//")]
    assert re.search(r"[\u4e00-\u9fff]", comment[0])
    assert re.fullmatch(r"// [\x20-\x7e`]+", comment[1])
    assert not re.search(r"\b(CREATE|MERGE|SET|DELETE|REMOVE|DROP|LOAD)\b", text)
    assert "$" not in text, "Neo4j Browser would ask for a parameter first"
    result = case.shared.session.run(text)
    rows = result.data()
    assert rows
    assert [each for each in result.consume().gql_status_objects if each.is_notification] == []


def test_there_are_thirteen_of_them():
    assert len(QUERIES) == 13


def test_the_chains_of_the_saved_query_end_where_those_of_a_trace_end(case):
    head, given, rest = (
        (CYPHER / "supply_chain.cypher").read_text("utf-8").partition("WITH '陈思妍' AS who\n")
    )
    assert given
    with open_reader(case.store) as reader:
        (origin,) = reader.resolve(case.origin)
        expected = {chain.hops[0].source.id for chain in trace(reader, origin, max_hops=6).chains}
        who = reader.public_id(origin)
    found = case.shared.session.run(f"{head}WITH '{who}' AS who\n{rest}").values()
    ends = {chain.start_node["id"] for chain, _ in found}
    inside = {node["id"] for chain, _ in found for node in chain.nodes[1:]}
    assert expected <= ends
    assert ends - expected <= inside - expected, "what is no end of a trace is one by a loop only"
    assert {path.start_node["kind"] for _, goods in found for path in goods} == {"seizure"}


def test_the_style_sheet_has_a_style_for_every_label():
    text = (CYPHER / "style.grass").read_text("utf-8")
    styled = set(re.findall(r"^node\.(\w+) \{", text, re.MULTILINE))
    assert {
        *ENTITY_LABELS,
        *map(was, ENTITY_LABELS),
        "Record",
        "WasRecord",
        "Profile",
        "Lot",
        "Alert",
    } <= styled
    assert text.count("{") == text.count("}")
    assert "/*" not in text, "Neo4j Browser takes a comment for a part of the selector that follows"

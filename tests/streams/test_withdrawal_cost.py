"""Taking back a record costs what it touched, whatever else the store holds: work is counted, not timed."""

from __future__ import annotations

import random
import statistics
import sys
from contextlib import contextmanager

import pytest

from graph.sqlite.view import LIVE
from streams.embedded import Owner
from streams.simulate.world import Options, simulate_lines
from tests.streams.made_up import numbered, open_owner, record, tip

pytestmark = pytest.mark.xdist_group("withdrawal-cost")  # one process makes what they share, not each

SMALL, LARGE = 1500, 6000
OPTIONS = Options(hub_size=40)
"""The same hubs in both worlds: a larger world has more of everything, not larger things."""
STEP = 20


class Work:
    """What something cost: statements, steps of SQLite's machine, and calls of our own functions."""

    def __init__(self) -> None:
        self.statements = self.steps = self.calls = 0

    def _statement(self, _: str) -> None:
        self.statements += 1

    def _step(self) -> int:
        self.steps += STEP
        return 0

    def _call(self, _frame: object, event: str, _argument: object) -> None:
        self.calls += event == "call"

    @contextmanager
    def counted(self, owner: Owner):
        owner.connection.set_trace_callback(self._statement)
        owner.connection.set_progress_handler(self._step, STEP)
        sys.setprofile(self._call)
        try:
            yield
        finally:
            sys.setprofile(None)
            owner.connection.set_progress_handler(None, 0)
            owner.connection.set_trace_callback(None)


def family():
    """Ten records about people of one phone, one car and one case, with deliveries that raise alerts."""
    buyer = {"ref": "p", "name": "林小满", "phones": ["19900000001"]}
    for number in range(10):
        seller = {"ref": "q", "name": "周远航", "phones": ["19900000002"], "id_number": "460106199003070013"}
        lot = {"ref": "l", "substance": "氯胺酮", "quantity": 1, "unit": "克", "held_by": "p"}
        more = {
            "persons": [buyer | {"name": ("林小满", "韩一鸣")[number % 2]}, seller],
            "vehicles": [{"ref": "v", "plate": "琼A99999", "driver": "q"}],
            "relations": [{"from": "q", "to": "p", "kind": "supplied", "substance": "氯胺酮"}],
            "lots": [lot],
            "case": f"2019-55{number % 2}",
        }
        yield record("seizure", number, source=f"family-{number % 3}", **more)
    yield tip(
        "told", source="family-9", text="周远航卖氯胺酮", persons=[{"ref": "q", "phones": ["19900000002"]}]
    )


def cost_of_the_family(owner):
    """Work for each of its records taken back one after the other."""
    costs = []
    for document in family():
        work = Work()
        with work.counted(owner):
            owner.withdraw(f"{document['source']}/{document['source_id']}", "给错了号码", who="王警官")
        costs.append(work)
    return costs


def cost_of_anybody(owner):
    """Work for some records drawn by lot."""
    names = owner.connection.execute(
        "SELECT name FROM record WHERE closed = ? AND opened < closed AND source NOT LIKE 'family%'"
        " ORDER BY name",
        (LIVE,),
    ).fetchall()
    costs = []
    for (name,) in random.Random(1).sample(names, 40):
        work = Work()
        with work.counted(owner):
            owner.withdraw(name, "给错了号码", who="王警官")
        costs.append(work)
    return costs


@pytest.fixture(scope="module")
def costs(tmp_path_factory):
    """Of a small and a large world: work for the family's records, and for others."""
    found = []
    for size in (SMALL, LARGE):
        with open_owner(tmp_path_factory.mktemp(f"world{size}")) as owner:
            owner.ingest(numbered([*simulate_lines(77, size, OPTIONS), *family()]))
            found.append((cost_of_the_family(owner), cost_of_anybody(owner)))
    return found


@pytest.mark.parametrize("kind", ["statements", "steps", "calls"])
def test_the_same_records_cost_the_same_to_take_back_in_a_world_four_times_as_large(costs, kind):
    (small, _), (large, _) = costs
    for before, after in zip(small, large, strict=True):
        assert getattr(after, kind) < 1.5 * getattr(before, kind), (vars(before), vars(after))


@pytest.mark.parametrize("kind", ["statements", "steps", "calls"])
def test_the_usual_record_costs_no_more_to_take_back_in_a_world_four_times_as_large(costs, kind):
    small, large = (statistics.median(getattr(work, kind) for work in anybody) for _, anybody in costs)
    assert 0 < large < 2 * small


def test_the_work_is_really_counted(costs):
    for work in costs[0][0]:
        assert work.statements > 5
        assert work.steps > 100
        assert work.calls > 100

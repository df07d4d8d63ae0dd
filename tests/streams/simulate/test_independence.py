"""The simulator shares no code with what it tests, or it would only prove that the two agree."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import streams.simulate

SIMULATE = Path(streams.simulate.__file__).parent
OURS = ("schemas", "graph", "streams")


def imported(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are written in full"
            yield node.module


def test_the_simulator_imports_nothing_of_ours_but_itself():
    for path in SIMULATE.rglob("*.py"):
        for module in imported(path):
            if module.split(".")[0] in OURS:
                assert module.startswith("streams.simulate"), f"{path.name} imports {module}"


def test_the_evaluation_imports_nothing_of_ours():
    path = SIMULATE.parent / "bench" / "evaluate.py"
    assert not [m for m in imported(path) if m.split(".")[0] in OURS]


def test_making_a_world_loads_nothing_of_the_resolver():
    code = (
        "import sys; from streams.simulate.scenario import scenario; scenario();"
        "ours = [m for m in sys.modules if m.split('.')[0] in ('schemas', 'graph', 'streams')];"
        "print([m for m in ours if m != 'streams' and not m.startswith('streams.simulate')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_importing_reads_no_table():
    code = (
        "import streams.simulate.world, streams.simulate.scenario;"
        "from streams.simulate.tables import tables; print(tables.cache_info().currsize)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "0"

"""What holds for the repository as a whole, whichever part one looks at."""

from __future__ import annotations

import importlib
import json
import pkgutil
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("schemas", "graph", "streams")
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-bench.lock")
UI = ROOT / "graph" / "console" / "ui"
TOP = {"schemas", "graph", "streams", "deploy", "tests"}

# Put together from parts: this file is searched as well.
REGISTRIES = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "maven" + ".org",
    "maven.apache" + ".org",
    "crates" + ".io",
    "go" + "lang.org",
    "debian" + ".org",
)
MACHINE_PATHS = re.compile(r"(?:^|[^a-z0-9_.-])/" + r"(?:work|root|farm|home/[a-z]+|tmp)/", re.MULTILINE)
LEFT_UNDONE = re.compile("|".join(("TO" + "DO", "FIX" + "ME", "X" * 3, "HA" + "CK")))


def repository_files() -> list[Path]:
    """Every file that is or could be committed; without git (a source archive) all that are there."""
    git = shutil.which("git")
    if git and (ROOT / ".git").exists():
        listed = subprocess.run(
            [git, "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
            cwd=ROOT,
            capture_output=True,
            check=True,
        ).stdout.decode()
        return [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    ignored = {".venv", "build", "dist", "__pycache__", ".git", "node_modules", "page"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not ignored & set(path.parts)]


def texts() -> list[tuple[str, str]]:
    """Name and text of every file, except those that are not text and the licence."""
    found = []
    for path in repository_files():
        try:
            found.append((str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")))
        except UnicodeDecodeError:
            continue
    return found


def modules() -> list[str]:
    """Every module of the three packages."""
    return [
        found.name
        for package in PACKAGES
        for found in pkgutil.walk_packages([str(ROOT / package)], prefix=f"{package}.")
    ]


def test_only_the_agreed_folders_stand_at_the_top():
    assert {path.relative_to(ROOT).parts[0] for path in repository_files() if path.parent != ROOT} <= TOP | {
        ".ci"
    }


def test_imports_go_from_what_happens_to_what_is_known_to_what_is_said():
    done = subprocess.run(
        [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_no_file_names_a_registry_of_packages():
    assert [(name, host) for name, text in texts() for host in REGISTRIES if host in text] == []


def test_no_file_holds_a_path_of_somebodys_machine():
    assert [(name, hit.group()) for name, text in texts() for hit in MACHINE_PATHS.finditer(text)] == []


def test_nothing_is_marked_as_left_undone():
    locks = {f"deploy/{name}" for name in LOCKS}
    marked = [
        (name, hit.group())
        for name, text in texts()
        if name not in locks and name.endswith((".py", ".md", ".toml", ".sql"))
        for hit in LEFT_UNDONE.finditer(re.sub(r"X{4,}", "", text))
    ]
    assert marked == []


def test_importing_every_module_opens_and_prints_nothing():
    program = (
        "import sys, importlib\n"
        "import croniter\n"  # of Faust; it asks `file` for the architecture, which is not our doing
        "def watch(event, args):\n"
        "    if event in ('sqlite3.connect', 'socket.connect', 'subprocess.Popen') or (\n"
        "        event == 'open' and isinstance(args[1], str) and set(args[1]) & set('wax+')):\n"
        "        raise SystemExit(f'importing did {event} {args[:2]}')\n"
        "sys.dont_write_bytecode = True\n"
        "sys.addaudithook(watch)\n"
        f"for name in {modules()!r}:\n"
        "    importlib.import_module(name)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


@pytest.mark.parametrize("name", LOCKS)
def test_the_locks_have_a_hash_for_every_package_and_no_address(name: str):
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert entries
    assert [entry.split()[0] for entry in entries if "--hash=sha256:" not in entry] == []
    assert "://" not in text
    assert "index-url" not in text


def locked(name: str) -> set[str]:
    """The packages of a lock, each as `name==version`."""
    text = (ROOT / "deploy" / name).read_text(encoding="utf-8")
    return set(re.findall(r"^[a-z0-9-]+==[^ ]+", text, re.MULTILINE))


def names(requirements: Iterable[str]) -> set[str]:
    return {re.split(r"[<>=]", line)[0] for line in requirements}


def test_the_locks_hold_every_declared_dependency():
    declared = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = declared["project"]["optional-dependencies"].values()
    asked = [*declared["project"]["dependencies"], *(line for extra in extras for line in extra)]
    groups = declared["dependency-groups"]
    tools = [*groups["train"], *(each for each in groups["dev"] if each != {"include-group": "train"})]
    assert names(asked) <= names(locked("requirements.lock"))
    assert names(locked("requirements.lock")) | names(tools) <= names(locked("requirements-dev.lock"))
    for group in ("bench", "train"):
        assert names(groups[group]) <= names(locked(f"requirements-{group}.lock"))


def test_what_is_measured_beside_changes_no_version_that_the_tests_run_with():
    beside, development = locked("requirements-bench.lock"), locked("requirements-dev.lock")
    both = names(beside) & names(development)
    assert both
    assert {each for each in beside if names([each]) <= both} <= development
    assert "splink" not in names(development)


def test_the_wheel_carries_the_data_files(tmp_path: Path):
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("suyuan-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        str(path.relative_to(ROOT))
        for path in repository_files()
        if path.relative_to(ROOT).parts[0] in PACKAGES and not path.is_relative_to(UI)
    }
    assert wanted - inside == set()
    assert not any(name.startswith("graph/console/ui/") for name in inside)
    assert not any(name.startswith(("tests/", "deploy/")) for name in inside)
    assert {f"streams/local/poms/{name}/pom.xml" for name in ("kafka", "neo4j")} <= inside


def test_continuous_integration_runs_what_a_desk_runs():
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
    assert script.splitlines()[-1] == "exec make test"
    subprocess.run(["bash", "-n", str(ROOT / ".ci" / "run")], check=True)


def test_make_says_what_is_missing_when_there_is_no_python(tmp_path: Path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(ROOT / "deploy", tmp_path / "deploy")
    done = subprocess.run(
        ["make", "setup", "PYTHON="], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    assert "Python 3.11" in done.stderr


def readme_blocks(language: str) -> list[str]:
    """The blocks of the README in one language."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    return re.findall(rf"```{language}\n(.*?)```", text, re.DOTALL)


def test_the_commands_of_the_readme_run_on_its_records(tmp_path: Path):
    """The trace that the README promises comes out of the records that it shows."""
    (records,) = readme_blocks("json")
    commands, *_ = readme_blocks("sh")  # the others: tests.test_readme_console, tests.test_readme_servers
    (tmp_path / "first.jsonl").write_text(records, encoding="utf-8")
    here = Path(sys.executable).parent
    script = commands.replace("$PWD/.venv/bin", str(here))
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    up = subprocess.run(
        [str(here / "suyuan"), "trace", "460100-jd/s-5#u", "--json"],
        cwd=tmp_path,
        capture_output=True,
        check=True,
    )
    hops = json.loads(up.stdout)["chains"][0]["hops"]
    assert [(hop["from"]["label"], hop["to"]["label"]) for hop in hops] == [
        ("周远航", "林小满"),
        ("林小满", "韩一鸣"),
    ]
    assert (tmp_path / "chain.svg").read_text(encoding="utf-8").startswith("<?xml")


def test_every_command_in_the_readme_exists():
    from typer.main import get_command

    from streams.cli.main import app

    known = set(get_command(app).commands)
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"suyuan ([a-z]+)", text))
    assert named <= known
    assert known - {"demo"} <= named


def test_the_picture_in_the_readme_is_what_the_demo_draws(tmp_path: Path):
    """After a change that is meant: `suyuan demo && cp suyuan-demo/chain.svg deploy/`."""
    from streams.demonstration import demonstrate

    shown = demonstrate(tmp_path, lambda: 1_600_000_000_000_000)
    assert shown.found
    assert (tmp_path / "chain.svg").read_bytes() == (ROOT / "deploy" / "chain.svg").read_bytes()


def test_every_module_is_shorter_than_a_reader_can_bear():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in repository_files()
        if path.relative_to(ROOT).parts[0] in PACKAGES
        and path.suffix == ".py"
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > 400
    }
    assert long == {}


def test_every_module_says_what_it_is_for():
    silent = [name for name in modules() if not (importlib.import_module(name).__doc__ or "").strip()]
    assert [name for name in silent if not hasattr(importlib.import_module(name), "__path__")] == []

"""What holds for the source of the console's page, seen from outside."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from schemas.reference import substances
from schemas.reference.words import all_words

ROOT = Path(__file__).resolve().parents[3]
UI = ROOT / "graph" / "console" / "ui"
PAGE = ROOT / "graph" / "console" / "page"


def test_the_lock_of_the_page_has_a_hash_for_every_package_and_no_address():
    text = (UI / "package-lock.json").read_text(encoding="utf-8")
    packages = {name: entry for name, entry in json.loads(text)["packages"].items() if name}
    assert packages
    assert [name for name, entry in packages.items() if not entry["integrity"].startswith("sha512-")] == []
    assert "resolved" not in text
    assert "://" not in text


def test_the_page_names_every_substance_as_the_table_does():
    text = (UI / "src" / "words" / "substances.ts").read_text(encoding="utf-8")
    named = dict(re.findall(r'^  "?([a-z0-9_]+)"?: "(.+)",$', text, re.MULTILINE))
    assert named == {each.code: each.name for each in substances.all_substances()}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_calls_codes_what_the_table_of_words_calls_them(lang):
    files = (UI / "src" / "words").glob(f"{lang}-*.ts")
    text = "".join(path.read_text(encoding="utf-8") for path in files)
    named = dict(re.findall(r'^  "([a-z_]+\.[a-z_]+)":\s+"(.+)",$', text, re.MULTILINE))
    ours = {
        f"{kind}.{code}": said[lang]
        for kind in ("type", "link", "kind", "as", "outcome", "identifier", "basis", "stand", "flag")
        for code, said in all_words()[kind].items()
        if code != "suspect_value"
    } | {f"reason.{code}": said[lang] for code, said in all_words()["excluded"].items()}
    assert {name: named.get(name) for name in ours} == ours


def test_every_source_of_the_page_is_shorter_than_a_reader_can_bear():
    sources = [path for folder in ("src", "tests") for path in (UI / folder).rglob("*") if path.is_file()]
    assert sources
    assert [path.name for path in sources if len(path.read_text(encoding="utf-8").splitlines()) > 400] == []


def test_the_page_asks_nobody_but_its_server():
    """No address of another host, no script or style inside the document, nothing that compiles text."""
    document = (UI / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<style|style=|<script(?![^>]*src=)|\son[a-z]+=", document) == []
    sources = [document, *(path.read_text(encoding="utf-8") for path in (UI / "src").rglob("*.ts*"))]
    hosts = {host for text in sources for host in re.findall(r"https?://([^/\s\"'`]+)", text)}
    assert hosts <= {"www.w3.org"}  # the name of SVG
    calls = r"\beval\(|new Function\(|dangerouslySetInnerHTML|\.innerHTML\b"
    assert [hit for text in sources for hit in re.findall(calls, text)] == []


def test_make_says_what_to_install_when_there_is_no_node(tmp_path: Path):
    shutil.copy(ROOT / "Makefile", tmp_path)
    kept = shutil.ignore_patterns("node_modules")
    shutil.copytree(UI, tmp_path / "graph" / "console" / "ui", ignore=kept)
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("bash", "sh", "find", "touch"):
        (tools / name).symlink_to(shutil.which(name) or name)
    make = shutil.which("make") or "make"
    done = subprocess.run(
        [make, "page"],
        cwd=tmp_path,
        env={**os.environ, "PATH": str(tools)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert [line for line in done.stderr.splitlines() if "Node 20.19" in line and "install" in line] != []


@pytest.mark.skipif(not PAGE.exists(), reason="the page is not built here: make page")
def test_the_built_page_is_in_the_wheel_and_small_enough_to_open_at_once(tmp_path: Path):
    import gzip
    import sys

    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    (wheel,) = tmp_path.glob("suyuan-*.whl")
    inside = zipfile.ZipFile(wheel)
    document = inside.read("graph/console/page/index.html").decode()
    first = re.findall(r'(?:src|href)="/(assets/[^"]+)"', document)
    assert first
    size = sum(len(gzip.compress(inside.read(f"graph/console/page/{name}"))) for name in first)
    assert size <= 200 * 1024
    scripts = [name for name in inside.namelist() if re.fullmatch(r"graph/console/page/assets/.+\.js", name)]
    assert max(len(gzip.compress(inside.read(name))) for name in scripts) <= 140 * 1024

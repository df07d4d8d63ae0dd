"""What the README says of the console, as it stands there: two commands, a password, an address."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
HERE = Path(sys.executable).parent
PATIENCE = 60.0


def blocks() -> tuple[str, str]:
    """Its commands, and all that it says."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (_, console, _) = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return console, text


def run(command: str, folder: Path) -> str:
    environ = os.environ | {"PATH": f"{HERE}:{os.environ['PATH']}"}
    done = subprocess.run(["bash", "-c", command], cwd=folder, env=environ, capture_output=True, check=True)
    return done.stdout.decode()


def test_the_console_of_the_readme_finds_the_street_seizure_and_the_producer(tmp_path: Path):
    add, serve = blocks()[0].splitlines()
    said = run("suyuan demo", tmp_path)
    assert [line for line in (add, serve) if f"  .venv/bin/{line}\n" not in said] == []
    password = re.findall(r"[a-z0-9]{5}(?:-[a-z0-9]{5})+", run(add, tmp_path))[-1]
    with (tmp_path / "said").open("wb") as told:
        environ = os.environ | {"PATH": f"{HERE}:{os.environ['PATH']}", "PYTHONUNBUFFERED": "1"}
        server = subprocess.Popen(
            ["bash", "-c", f"exec {serve} --port 0"], cwd=tmp_path, env=environ, stdout=told, stderr=told
        )
    try:
        with httpx.Client(base_url=address(server, tmp_path / "said"), timeout=30) as browser:
            assert producers(browser, password) == ["温启源"]
    finally:
        server.send_signal(signal.SIGINT)
        assert server.wait(30) in (0, 1)


def address(server: subprocess.Popen[bytes], said: Path) -> str:
    """Where it listens, as soon as it says so."""
    until = time.monotonic() + PATIENCE
    while not (found := re.search(r"http://localhost:\d+", said.read_text("utf-8"))):
        assert server.poll() is None, said.read_text("utf-8")
        assert time.monotonic() < until, "it says nothing"
        time.sleep(0.1)
    return found[0]


def producers(browser: httpx.Client, password: str) -> list[str]:
    """Who stands at the beginning of each chain, for one who does what the README says."""
    words = blocks()[1]
    begun = browser.post("/api/session", json={"user": "lin", "password": password}).raise_for_status().json()
    browser.headers["X-CSRF"] = begun["csrf"]
    own = {"old": password, "new": "correct-horse-19"}
    browser.put("/api/password", json=own).raise_for_status()
    (case,) = begun["cases"]
    purpose = {"case": case, "purpose": "核查街面缴获来源"}
    browser.put("/api/purpose", json=purpose).raise_for_status()
    browser.headers["X-Case"] = case
    (seizure,) = re.findall(r"type `([^`]+)`", words)
    hits = browser.get("/api/search", params={"q": seizure}).raise_for_status().json()["hits"]
    (named,) = re.findall(r"Beside (\S+) choose", words)
    (who,) = [hit["node"]["id"] for hit in hits if hit["node"]["label"] == named]
    found = browser.get("/api/trace", params={"who": who}).raise_for_status().json()
    return [chain["hops"][0]["from"]["label"] for chain in found["trace"]["chains"]]

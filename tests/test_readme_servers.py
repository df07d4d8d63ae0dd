"""What the README says of servers, as it stands there, on real ones."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
HERE = Path(sys.executable).parent
PATIENCE = 90.0


def readme() -> tuple[str, str]:
    """The records that the README shows, and its commands for servers."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    (records,) = re.findall(r"```json\n(.*?)```", text, re.DOTALL)
    *_, servers = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    return records, servers


def test_the_readme_traces_its_own_records_through_kafka_and_neo4j(
    tmp_path, kafka, empty_neo4j, topic_prefix
):
    records, script = readme()
    (tmp_path / "first.jsonl").write_text(records, encoding="utf-8")
    (tmp_path / "password").write_text(empty_neo4j.password, encoding="utf-8")
    trace = script.splitlines()[-1].replace("neo4j://127.0.0.1:7687", empty_neo4j.uri)
    # the servers are up already, those of all tests, and another place has their password
    commands = [
        line
        for line in script.splitlines()[:-1]
        if not line.startswith(("suyuan local", "export SUYUAN_NEO4J_PASSWORD_FILE"))
    ]
    environ = os.environ | {
        "PATH": f"{HERE}:{os.environ['PATH']}",
        "SUYUAN_KAFKA_BOOTSTRAP": kafka,
        "SUYUAN_KAFKA_PREFIX": topic_prefix,
        "SUYUAN_NEO4J_URI": empty_neo4j.uri,
        "SUYUAN_NEO4J_PASSWORD_FILE": str(tmp_path / "password"),
    }
    started = subprocess.Popen(
        ["bash", "-euo", "pipefail", "-c", "\n".join([*commands, "wait"])],
        cwd=tmp_path,
        env=environ,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        hops = traced(f"{trace.partition('  #')[0]} --json", tmp_path, environ)
    finally:
        os.killpg(started.pid, signal.SIGTERM)
        started.wait(60)
    assert [(hop["from"]["label"], hop["to"]["label"]) for hop in hops] == [
        ("周远航", "林小满"),
        ("林小满", "韩一鸣"),
    ]


def traced(command: str, folder: Path, environ: dict[str, str]) -> list[dict]:
    """The hops of the first chain, as soon as the command finds one."""
    until = time.monotonic() + PATIENCE
    while True:
        done = subprocess.run(
            ["bash", "-c", command], cwd=folder, env=environ, capture_output=True, check=False
        )
        chains = json.loads(done.stdout)["chains"] if done.returncode == 0 else []
        if chains:
            return chains[0]["hops"]
        assert time.monotonic() < until, done.stderr.decode()
        time.sleep(1)

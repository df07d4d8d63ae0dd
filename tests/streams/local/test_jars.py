"""Java, Maven and the cache of jars: what is missing is said, and half a cache is never used."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from schemas.errors import ServerError, ToolMissing
from streams.local.jars import cache_folder, find_java, jars
from tests.servers import tools
from tests.streams.command import Command, could_not


def script(folder: Path, name: str, *lines: str) -> dict[str, str]:
    """A program that stands first on the path."""
    (folder / name).write_text("\n".join(("#!/bin/sh", *lines)))
    (folder / name).chmod(0o700)
    return {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}"}


def test_without_java_the_command_says_which_one_to_install(tmp_path: Path):
    done = Command(tmp_path)("local", "up", env={"PATH": "", "JAVA_HOME": ""})
    could_not(done, "there is no java: install Java 17 or later")
    assert list(tmp_path.iterdir()) == []


def test_the_java_of_java_home_comes_first(tmp_path: Path):
    (tmp_path / "bin").mkdir()
    script(tmp_path / "bin", "java", "echo 'openjdk version \"21.0.2\"' >&2")
    assert find_java(os.environ | {"JAVA_HOME": str(tmp_path)}) == str(tmp_path / "bin" / "java")


@pytest.mark.parametrize(
    ("version", "said"),
    [('version "1.8.0_392"', "is Java 8"), ('version "11.0.2"', "is Java 11"), ("hello", "unknown version")],
)
def test_a_java_that_is_too_old_is_refused(version: str, said: str, tmp_path: Path):
    with pytest.raises(ToolMissing, match=said):
        find_java(script(tmp_path, "java", f"echo 'openjdk {version}' >&2"))


def test_maven_is_asked_for_only_when_jars_are_missing(tmp_path: Path):
    _, there = tools("kafka")
    assert jars("kafka", there.parent, {"PATH": ""}, print) == there
    with pytest.raises(ToolMissing, match="install Apache Maven"):
        jars("kafka", tmp_path, {"PATH": ""}, print)


def test_a_cache_in_which_a_jar_was_cut_short_is_copied_again(tmp_path: Path):
    _, there = tools("kafka")
    torn = tmp_path / there.name
    shutil.copytree(there, torn, copy_function=os.link)
    victim = next(torn.glob("kafka_*.jar"))
    size = victim.stat().st_size
    victim.unlink()
    victim.write_bytes(b"half")
    told: list[str] = []
    assert jars("kafka", tmp_path, os.environ, told.append) == torn
    assert victim.stat().st_size == size
    assert len(told) == 1


def test_when_maven_fails_halfway_nothing_is_left_that_looks_whole(tmp_path: Path):
    env = script(
        tmp_path,
        "mvn",
        'for word; do case $word in *outputDirectory=*) touch "${word#*=}/a.jar";; esac; done',
        "exit 1",
    )
    cache = tmp_path / "cache"
    with pytest.raises(ServerError, match=r"see .*maven\.log, then try again"):
        jars("kafka", cache, env, print)
    assert {path.name for path in cache.iterdir()} == {"kafka.lock", "maven.log"}


def test_the_cache_can_be_moved():
    assert cache_folder({"SUYUAN_CACHE": "jars", "XDG_CACHE_HOME": "/x"}) == Path("jars")
    assert cache_folder({}) == Path.home() / ".cache" / "suyuan"

"""Java, Maven, and the jars that Maven copies once into a cache outside the repository."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path

import msgspec

from schemas.errors import ServerError, ToolMissing
from streams.local.process import locked

OLDEST_JAVA = 17
_LISTING = "listing.json"
_PATIENCE = 900
"""Seconds for Maven: about 200 MB on a slow line."""


def cache_folder(environ: Mapping[str, str]) -> Path:
    """Where jars are kept: `SUYUAN_CACHE`, else the folder for caches that the desktop agreed on (XDG).

    >>> cache_folder({"XDG_CACHE_HOME": "/var/cache/me"})
    PosixPath('/var/cache/me/suyuan')
    """
    if chosen := environ.get("SUYUAN_CACHE"):
        return Path(chosen)
    return Path(environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "suyuan"


def find_java(environ: Mapping[str, str]) -> str:
    """The `java` of `JAVA_HOME` or `PATH`. Raises `ToolMissing` when there is none or it is too old."""
    home = environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else environ.get("PATH", ""))
    advice = (
        f"install Java {OLDEST_JAVA} or later (Debian: openjdk-{OLDEST_JAVA}-jre-headless), or set JAVA_HOME"
    )
    if java is None:
        raise ToolMissing(f"there is no java: {advice}")
    said = subprocess.run([java, "-version"], capture_output=True, text=True, check=False).stderr  # noqa: S603
    version = re.search(r'version "(?:1\.)?(\d+)', said)
    if version is None or int(version[1]) < OLDEST_JAVA:
        raise ToolMissing(f"{java} is Java {version[1] if version else 'of an unknown version'}: {advice}")
    return java


def jars(name: str, cache: Path, environ: Mapping[str, str], tell: Callable[[str], None]) -> Path:
    """The folder with the jars of the server `name`, copied by Maven if they are not there, or not whole.

    Raises `ToolMissing` when Maven is needed and missing, `ServerError` when it cannot copy them.
    """
    pom = _pom(name)
    folder = cache / f"{name}-{hashlib.sha256(pom.read_bytes()).hexdigest()[:12]}"
    cache.mkdir(parents=True, exist_ok=True)
    with locked(cache / f"{name}.lock"):
        if not _whole(folder):
            tell(f"copying the jars of {name} with Maven into {cache}, once")
            _copy(pom, folder, environ)
    return folder


def _pom(name: str) -> Path:
    """In an installed package beside this file, in the repository in `deploy/local`."""
    here = Path(__file__).parent
    shipped = here / "poms" / name / "pom.xml"
    return shipped if shipped.exists() else here.parents[1] / "deploy" / "local" / name / "pom.xml"


def _whole(folder: Path) -> bool:
    """Whether all that was copied is still there in its size."""
    try:
        listed = msgspec.json.decode((folder / _LISTING).read_bytes(), type=dict[str, int])
    except (OSError, msgspec.DecodeError):
        return False
    return listed == _sizes(folder)


def _sizes(folder: Path) -> dict[str, int]:
    return {jar.name: jar.stat().st_size for jar in folder.glob("*.jar")}


def _copy(pom: Path, folder: Path, environ: Mapping[str, str]) -> None:
    """Fills a draft and puts it at `folder` when it is whole, so that nobody finds half of it there."""
    maven = shutil.which("mvn", path=environ.get("PATH", ""))
    if maven is None:
        raise ToolMissing("there is no mvn: install Apache Maven (Debian: maven); it is needed once")
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        _run_maven(maven, pom, draft, environ)
        (draft / _LISTING).write_bytes(msgspec.json.encode(_sizes(draft)))
        shutil.rmtree(folder, ignore_errors=True)
        draft.replace(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _run_maven(maven: str, pom: Path, draft: Path, environ: Mapping[str, str]) -> None:
    goal = ("dependency:copy-dependencies", f"-DoutputDirectory={draft}", "-DincludeScope=runtime")
    command = (maven, "-q", "-B", "-f", str(pom), *goal)
    log = draft.parent / "maven.log"
    with log.open("wb") as output:
        try:
            # Away from the caller's folder, whose .mvn would count.
            done = subprocess.run(  # noqa: S603 our own words, no shell
                command,
                cwd=draft,
                env=dict(environ),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                timeout=_PATIENCE,
                check=False,
            )
        except subprocess.TimeoutExpired as error:
            raise ServerError(f"Maven was not done after {_PATIENCE} s; see {log}, then try again") from error
    if done.returncode or not _sizes(draft):
        raise ServerError(f"Maven could not copy the jars; see {log}, then try again")
    os.sync()

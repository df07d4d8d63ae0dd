from __future__ import annotations

import os
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

import graph.console
from tests.streams.console.browser.seats import Scene, Seats

FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip
PAGE = Path(graph.console.__file__).with_name("page") / "index.html"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """They share one world, which takes seconds to make, so they run in one process."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.xdist_group("browser"))


def need(there, otherwise):
    """Skips where something is missing; fails in CI, where it has to be."""
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(otherwise)
    pytest.skip(otherwise)


@pytest.fixture(scope="session")
def executable():
    need(PAGE.is_file(), "the console's page is not built: say `make page`")
    found = shutil.which("chromium")
    need(found, "no Chromium: install it (Debian: `apt-get install chromium`), or put `chromium` on the PATH")
    return found


@pytest.fixture(scope="session")
def scene(executable, tmp_path_factory):  # noqa: ARG001  no world is made for nobody
    with ExitStack() as opened:
        yield Scene(opened, tmp_path_factory.mktemp("scene"))


# Of a module, not of the session: while it is open no other test of this process can run a loop of events.
@pytest.fixture(scope="module")
def chromium(executable):
    expect.set_options(timeout=10_000)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=list(FLAGS), headless=True)
        yield browser
        browser.close()


@pytest.fixture
def seats(scene, chromium):
    taken = Seats(scene, chromium)
    yield taken
    assert list(taken.leave()) == []

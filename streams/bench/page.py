"""The console's page: what it weighs, and how quickly a Chromium without a graphics card draws it.

Weights are of the built files, packed by gzip. Drawn are saved views of people of the made store and of what
went between them, opened as a person opens them. A frame's time is from one drawing of the page to the next,
while the picture is moved with the mouse and zoomed with its wheel. No more than 3,000 nodes are ever drawn,
so that many are held to the goal that was set for 5,000.
"""

from __future__ import annotations

import gzip
import math
import random
import re
import statistics
import time
from collections.abc import Iterator, Mapping, Sequence
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from shutil import which
from typing import Any

import msgspec

from graph.console.http.asking import COOKIE
from graph.sqlite.reader import SqliteReader
from streams.bench.served import Person
from streams.bench.worlds import Tell

Drawing = Mapping[str, Any]

_VIEWS = 5
"""How often the first view is opened, each time by a browser that has nothing of it yet."""
_WINDOW: Any = {"width": 1440, "height": 900}
_BESIDE = 20
"""Of one person, so many are put beside them in a picture."""
_OPEN = """([name, count]) => new Promise((done, failed) => {
  const begun = performance.now();
  const settle = (left) => requestAnimationFrame(() => setTimeout(() =>
    left === 0 ? done(performance.now() - begun) : settle(left - 1)));
  const look = () => {
    const canvas = document.querySelector('.canvas');
    if (canvas && canvas.dataset.nodes === String(count)) settle(3);
    else if (performance.now() - begun > 60000) failed(new Error('not drawn'));
    else requestAnimationFrame(look);
  };
  [...document.querySelectorAll('.views button.link')].find((one) => one.textContent === name).click();
  look();
})"""
_WATCH = """() => {
  const frames = [];
  let before = performance.now();
  const tick = (now) => { frames.push(now - before); before = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
  window.framesOfBench = frames;
}"""


def measured(port: int, person: Person, drawings: Sequence[Drawing], tell: Tell) -> dict[str, Any]:
    """KiB, seconds and milliseconds; what cannot be measured here says why."""
    built = Path(str(resources.files("graph.console").joinpath("page")))
    if not (built / "index.html").is_file():
        return {"page": "not built: run make page"}
    figures: dict[str, Any] = weights(built)
    browser = which("chromium") or which("chromium-browser")
    if browser is None or find_spec("playwright") is None:
        return {**figures, "drawn": "not measured: no Chromium, or no Playwright for Python"}
    return figures | _drawn(port, person, drawings, browser, tell)


# --- what it weighs ---------------------------------------------------------------------------------


def weights(built: Path) -> dict[str, float]:
    """Of the first view, and of the heaviest page that is fetched when it is opened."""
    index = (built / "index.html").read_text("utf-8")
    first = _with_imports(built, set(re.findall(r'(?:src|href)="/(assets/[^"]+)"', index)))
    later = {page: _with_imports(built, files) - first for page, files in _later(built, first)}
    of_page = {page: _packed(built, files) for page, files in later.items()}
    heaviest = max(of_page, key=lambda page: of_page[page], default=None)
    return {
        "first_view_kib": _packed(built, {"index.html", *first}),
        "heaviest_page_kib": 0.0 if heaviest is None else of_page[heaviest],
    }


def _later(built: Path, files: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Scripts that are fetched when something is opened, each with what the builder says it needs."""
    for name in sorted(files):
        text = _text(built, name)
        listed = re.search(r"m\.f=(\[[^\]]*\])", text)
        known: list[str] = msgspec.json.decode(listed[1]) if listed else []
        needed = dict(re.findall(r"import\(`\./([^`]+)`\),__vite__mapDeps\(\[([\d,]*)\]", text))
        for script in re.findall(r"import\(`\./([^`]+)`\)", text):
            listing = filter(None, needed.get(script, "").split(","))
            yield f"assets/{script}", {f"assets/{script}", *(known[int(n)] for n in listing)}


def _with_imports(built: Path, files: set[str]) -> set[str]:
    """The files and whatever their scripts import at once."""
    known: set[str] = set()
    waiting = set(files)
    while waiting:
        name = waiting.pop()
        known.add(name)
        imported = re.findall(r'(?:from|import)\s*"\./([^"]+\.js)"', _text(built, name))
        waiting |= {f"assets/{each}" for each in imported} - known
    return known


def _text(built: Path, name: str) -> str:
    return (built / name).read_text("utf-8") if name.endswith(".js") else ""


def _packed(built: Path, files: set[str]) -> float:
    return round(sum(len(gzip.compress((built / name).read_bytes())) for name in files) / 1024, 1)


# --- how it is drawn --------------------------------------------------------------------------------


def drawings(reader: SqliteReader, sizes: Sequence[int], seed: int) -> list[Drawing]:
    """Bodies of saved views of so many people each, who are linked to others in them, in rows."""
    found: list[Drawing] = []
    for size in sizes:
        keys = _linked(reader, size, random.Random(seed))  # noqa: S311  a sample
        ids, labels = reader.public_ids(keys), reader.labels(keys)
        across = math.ceil(math.sqrt(1.6 * len(keys)))
        nodes = [
            {
                "id": ids[key], "type": "person", "label": labels[key], "records": 5,
                "x": at % across * 120, "y": at // across * 110,
            }
            for at, key in enumerate(keys)
        ]  # fmt: skip
        found.append({"version": 1, "nodes": nodes, "groups": []})
    return found


def _linked(reader: SqliteReader, size: int, chance: random.Random) -> list[int]:
    """People, each beside those whom they deal with."""
    everybody = list(reader.all_entities())
    kept: dict[int, None] = {}
    for start in chance.sample(everybody, len(everybody)):
        if len(kept) >= size:
            break
        kept[start] = None
        beside = [one.source for one in reader.deliveries((start,), "up")][:_BESIDE]
        kept.update(dict.fromkeys(beside + [one.source for one in reader.deliveries(beside, "up")][:_BESIDE]))
    return list(kept)[:size]


def _drawn(
    port: int, person: Person, drawings: Sequence[Drawing], browser: str, tell: Tell
) -> dict[str, Any]:
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  only this needs it

    address = f"http://127.0.0.1:{port}"
    figures: dict[str, Any] = {"render_seconds": {}, "frame_p95_ms": {}}
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=browser, args=["--disable-gpu", "--no-sandbox", "--lang=zh-CN"]
        )
        tell("the first view", 0, _VIEWS)
        figures["first_view_seconds"] = statistics.median(_first(chromium, address) for _ in range(_VIEWS))
        for body in drawings:
            count = len(body["nodes"])
            tell(f"a picture of {count}", 0, 1)
            page = _graph_page(chromium, address, person)
            name = f"{count}人"
            person.ask("POST", "/api/views", {"name": name, "case": None, "shared": False, "body": body})
            page.get_by_role("tab", name="视图").click()
            page.get_by_role("button", name=name, exact=True).wait_for()
            took = page.evaluate(_OPEN, [name, count])
            figures["render_seconds"][str(count)] = round(took / 1000, 2)
            figures["frame_p95_ms"][str(count)] = _frames(page)
            page.context.close()
        chromium.close()
    return figures


def _graph_page(chromium: Any, address: str, person: Person) -> Any:
    context = chromium.new_context(viewport=_WINDOW, locale="zh-CN")
    context.add_cookies([{"name": COOKIE, "value": person.cookie, "url": address}])
    page = context.new_page()
    page.goto(f"{address}/graph")
    return page


def _first(chromium: Any, address: str) -> float:
    """Seconds until somebody can sign in."""
    context = chromium.new_context(viewport=_WINDOW, locale="zh-CN")
    page = context.new_page()
    started = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.get_by_label("用户名").wait_for()
    seconds = time.perf_counter() - started
    context.close()
    return round(seconds, 2)


def _frames(page: Any) -> float:
    """The time that 95 of 100 frames keep within, in milliseconds, while the picture is moved and zoomed."""
    box = page.locator(".canvas").bounding_box()
    x, y = box["x"] + 40, box["y"] + 40
    page.evaluate(_WATCH)
    page.mouse.move(x, y)
    page.mouse.down()
    for step in range(120):
        page.mouse.move(x + 3 * step, y + 2 * (step % 60))
    page.mouse.up()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for step in range(60):
        page.mouse.wheel(0, -60 if step < 30 else 60)
    frames: list[float] = sorted(page.evaluate("() => window.framesOfBench.slice(1)"))
    return round(frames[int((len(frames) - 1) * 0.95)], 1)

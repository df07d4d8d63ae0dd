"""The benchmark of the console asks a console that is served, and gives its figures."""

from __future__ import annotations

import msgspec

from streams.bench import console, page
from streams.bench.registry import verdicts

INDEX = """<script src="/assets/index-1.js"></script><link rel="stylesheet" href="/assets/index-1.css">"""
SCRIPTS = {
    "index-1.js": 'm.f=["assets/map-1.js","assets/map-1.css","assets/both-1.js"]))'
    'import{a}from"./both-1.js";o(()=>import(`./map-1.js`),__vite__mapDeps([0,1,2]));',
    "both-1.js": "export let a;",
    "map-1.js": 'import"./index-1.js";import"./shape-1.js"',
    "shape-1.js": "export{}",
    "index-1.css": "",
    "map-1.css": "",
}


def test_the_console_benchmark_asks_alone_and_together_and_counts_errors(monkeypatch):
    monkeypatch.setattr(console, "USERS", 3)
    monkeypatch.setattr(console, "_THINKING", 0.01)
    monkeypatch.setattr(page, "measured", lambda *_: {})
    figures = console.run(400, alone=6, together=4, pictures=(5,))
    assert (figures["edges"], figures["users"]) == (400, 3)
    assert figures["together_errors"] == figures["unrested_errors"] == 0
    for kind in ("search", "expand", "trace", "together", "unrested"):
        assert 0 < figures[f"{kind}_ms"]["p50"] <= figures[f"{kind}_ms"]["p99"]
    assert {each.figure for each in verdicts("console", figures)} >= {"search_ms.p99", "together_errors"}


def test_a_page_weighs_what_it_needs_beside_the_first_view(tmp_path, monkeypatch):
    monkeypatch.setattr(page, "_packed", lambda _, files: sorted(files))
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text(INDEX, "utf-8")
    for name, text in SCRIPTS.items():
        (tmp_path / "assets" / name).write_text(text, "utf-8")
    assert page.weights(tmp_path) == {
        "first_view_kib": ["assets/both-1.js", "assets/index-1.css", "assets/index-1.js", "index.html"],
        "heaviest_page_kib": ["assets/map-1.css", "assets/map-1.js", "assets/shape-1.js"],
    }


def test_a_picture_is_a_saved_view_of_so_many_people(tmp_path):
    made = tmp_path / "made.db"
    console.make_store(made, 80, 400, 1)
    with console.open_reader(made) as reader:
        (body,) = page.drawings(reader, (30,), 1)
    assert len({node["id"] for node in body["nodes"]}) == len({(n["x"], n["y"]) for n in body["nodes"]}) == 30
    assert len(msgspec.json.encode(body)) < 30 * 200

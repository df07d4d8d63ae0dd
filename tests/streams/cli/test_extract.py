"""`extract`: free text to claims, as a command."""

from __future__ import annotations

import gzip
import json
import sys
from pathlib import Path

import pytest

from tests.streams.cli.small_store import Suyuan
from tests.streams.train.made_cases import write

TEXT = "被告人符某某以200元的价格向吸毒人员林某甲贩卖海洛因0.5克。"


@pytest.fixture
def texts(tmp_path: Path) -> Path:
    lines = ({"id": "t1", "text": TEXT}, {"id": 2, "text": ""}, {"id": "t3"})
    path = tmp_path / "texts.jsonl"
    path.write_text("\n".join((*(json.dumps(line) for line in lines), "no JSON")))
    return path


def test_every_text_gets_a_line_and_what_is_none_is_counted(suyuan: Suyuan, texts: Path, tmp_path: Path):
    figures = suyuan.one("extract", str(texts), "--out", str(tmp_path / "claims.jsonl"))
    assert (figures["texts"], figures["lines_left_out"]) == (2, 2)
    first, second = map(json.loads, (tmp_path / "claims.jsonl").read_text().splitlines())
    assert (first["id"], second) == ("t1", {"id": 2, "mentions": [], "relations": []})
    assert all(TEXT[m["start"] : m["end"]] == m["text"] for m in first["mentions"])
    sold = next(r for r in first["relations"] if r["type"] == "sold_to")
    assert [first["mentions"][sold[end]]["text"] for end in ("subject", "object")] == ["符某某", "林某甲"]


def test_a_text_is_shown_with_what_speaks_for_each_relation(suyuan: Suyuan, texts: Path):
    shown = suyuan.text("extract", str(texts), "--explain", "t1")
    assert "[符某某]person" in shown
    assert "符某某 sold_to 林某甲" in shown
    assert "what the other pairs of the text say" in shown


def test_what_a_text_does_not_state_stands_apart_from_what_it_does(suyuan: Suyuan, tmp_path: Path):
    text = "听说符小满（电话13800138000）卖冰毒给林海生。王小明把冰毒卖给陈大勇"
    (tmp_path / "texts.jsonl").write_text(json.dumps({"id": 1, "text": text}))
    suyuan.one("extract", str(tmp_path / "texts.jsonl"), "--out", str(tmp_path / "claims.jsonl"))
    claims = json.loads((tmp_path / "claims.jsonl").read_text())
    assert {mention["type"] for mention in claims["mentions"]} == {"person", "phone", "substance"}
    assert all(0 < each["score"] <= 1 for each in (*claims["mentions"], *claims["relations"]))

    def pairs(relations):
        return [
            tuple(claims["mentions"][each[end]]["text"] for end in ("subject", "object"))
            for each in relations
            if each["type"] == "sold_to"
        ]

    assert pairs(claims["relations"]) == [("王小明", "陈大勇")]
    assert pairs(claims["not_stated"]) == [("符小满", "林海生")]
    assert {each["status"] for each in claims["not_stated"]} == {"hearsay"}


def test_learning_without_its_packages_says_what_to_install(
    suyuan: Suyuan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "pycrfsuite", None)
    made = write(tmp_path / "made.json", 30)
    done = suyuan("train", "extract", str(made), "--out", str(tmp_path / "model.npz"))
    assert done.exit_code == 1
    assert "requirements-train.lock" in done.stderr


def test_packed_files_and_a_mark_of_byte_order_are_understood(suyuan: Suyuan, tmp_path: Path):
    line = b"\xef\xbb\xbf" + json.dumps({"id": 1, "text": TEXT}).encode() + b"\r\n"
    (tmp_path / "texts.jsonl.gz").write_bytes(gzip.compress(line))
    figures = suyuan.one("extract", str(tmp_path / "texts.jsonl.gz"), "--out", str(tmp_path / "c.jsonl"))
    assert (figures["texts"], figures["lines_left_out"]) == (1, 0)


def test_what_was_read_before_stays_when_the_input_cannot_be_read(
    suyuan: Suyuan, texts: Path, tmp_path: Path
):
    out = tmp_path / "claims.jsonl"
    out.write_text("kept")
    assert suyuan("extract", str(tmp_path / "nothing.jsonl"), "--out", str(out)).exit_code == 1
    assert out.read_text() == "kept"
    assert not list(tmp_path.glob("*.part"))
    before = texts.read_text()
    assert suyuan("extract", str(texts), "--out", str(texts)).exit_code == 2
    assert texts.read_text() == before

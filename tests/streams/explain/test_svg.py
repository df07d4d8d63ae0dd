"""The drawn waterfall: well-formed whatever the names, for those who see it, hear it, or print it."""

from __future__ import annotations

import errno
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.decisions import Evidence, Score
from schemas.entities import NOTICE
from schemas.explanations import Act, Join, Named
from streams.explain.svg import waterfall_svg, write_waterfall
from streams.resolve.model import LINK, REVIEW
from tests.streams.explain.made import evidence, explained

SVG = "{http://www.w3.org/2000/svg}"


def parsed(found):
    return ET.fromstring(waterfall_svg(found))  # noqa: S314  our own document


def texts(root):
    return [element.text for element in root.iter(f"{SVG}text")]


def bars(root):
    """Of each feature its title and its bar's left and right end."""
    for group in root.iter(f"{SVG}g"):
        title, bar = group.find(f"{SVG}title"), group.find(f"{SVG}rect")
        if title is not None:
            left, wide = float(bar.get("x")), float(bar.get("width"))
            yield title.text, left, left + wide, bar.get("fill")


def thresholds(root):
    return [
        (float(line.get("x1")), line.get("stroke-dasharray"))
        for line in root.iter(f"{SVG}line")
        if line.get("stroke-dasharray")
    ]


def test_each_bar_begins_where_the_last_one_ended():
    root = parsed(explained(evidence(20.0, 6.0, -14.0, -6.0)))
    ends = [(left, right) if "+" in title else (right, left) for title, left, right, _ in bars(root)]
    assert len(ends) == 4
    assert all(one[1] == pytest.approx(other[0], abs=0.02) for one, other in pairwise(ends))


def test_what_speaks_against_is_hatched_and_what_speaks_for_is_solid():
    fills = {title: fill for title, _, _, fill in bars(parsed(explained(evidence(20.0, -6.0))))}
    assert [fill.startswith("url(#") for fill in fills.values()] == [False, True]
    assert [title.split("，")[0] for title in fills] == ["手机号 +20.0", "姓名／名称 −6.0"]


def test_both_thresholds_are_dashed_lines_at_their_bits():
    root = parsed(explained(evidence(LINK)))
    ((_, zero, twenty, _),) = bars(root)
    (ask, _), (join, _) = thresholds(root)
    assert join == twenty
    assert ask == pytest.approx(zero + (twenty - zero) * REVIEW / LINK, abs=0.02)
    assert len({dash for _, dash in thresholds(root)}) == 2
    assert {f"复核 {REVIEW:g}", f"关联 {LINK:g}"} <= set(texts(root))


def test_a_screen_reader_gets_all_that_is_drawn():
    found = explained(evidence(20.0, -6.0))
    root = parsed(found)
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == f"符玮强 与 符伟强：不同 — {NOTICE}"
    said = root.find(f"{SVG}desc").text
    for part in ("手机号 +20.0", "姓名／名称 −6.0", "合计 +14.0 比特", "未达人工复核阈值"):
        assert part in said


def test_the_notice_is_always_on_it():
    types = explained(Score(0.0), bits=None, verdict="types", evidence=())
    for found in (explained(evidence(20.0)), types):
        assert NOTICE in texts(parsed(found))


def test_two_of_different_types_have_words_and_no_bars():
    root = parsed(explained(Score(0.0), bits=None, verdict="types", evidence=()))
    assert list(bars(root)) == thresholds(root) == []
    assert any("类型不同" in text for text in texts(root))


def test_a_judgement_and_the_joins_on_the_way_are_written():
    said = Act("made-up/1#x", "made-up/3#x", "same", "王警官", "核对笔录", "2023-11-14T08:00:00+08:00")
    joins = (
        Join(a="made-up/1#x", b="made-up/3#x", outcome="joined", left=1, right=1, judgement=said),
        Join(
            a="made-up/3#x",
            b="made-up/2#x",
            outcome="joined",
            left=2,
            right=1,
            best=24.0,
            mean=22.0,
            value=23.0,
        ),
    )
    found = explained(evidence(14.0), same=True, verdict="over_others", path=joins)
    written = "".join(texts(parsed(found)))
    assert "½·24 + ½·22 = 23 ≥ 20" in written
    assert all(part in written for part in ("王警官", "2023-11-14", "核对笔录"))


def test_of_a_long_way_the_number_of_joins_is_written():
    join = Join(a="made-up/1#x", b="made-up/2#x", outcome="joined", left=1, right=1, best=24.0)
    found = explained(evidence(14.0), same=True, verdict="over_others", path=(join,) * 9)
    assert "另有 3 次合并未列出" in texts(parsed(found))


TEXT = st.text(max_size=60)


@given(TEXT, TEXT, TEXT)
def test_it_is_well_formed_whatever_the_names_and_reasons(label, why, because):
    said = Act("a/1#x", "b/1#x", "different", "某", because, "2023-11-14T08:00:00+08:00")
    found = explained(
        Score(2.0, (Evidence("name", 2.0, why),)),
        entities=(Named("per-a", label), Named("per-b", '"/><script>')),
        verdict="judged_different",
        judgement=said,
    )
    root = parsed(found)
    assert not list(root.iter(f"{SVG}script"))


def test_nothing_outside_is_referred_to():
    svg = waterfall_svg(explained(evidence(20.0, -6.0)))
    assert "href" not in svg
    assert svg.count("http") == svg.count('xmlns="http')
    assert "<script" not in svg


def test_all_text_lies_inside_the_picture():
    long = Evidence("name", 2.0, "理由" * 60)
    found = explained(Score(2.0, (long,)), entities=(Named("per-a", "长" * 99), Named("per-b", "x" * 200)))
    root = parsed(found)
    across, down = (float(root.get(side)) for side in ("width", "height"))
    for text in root.iter(f"{SVG}text"):
        wide = sum(2 if ord(char) > 0x2E80 else 1 for char in text.text) * float(text.get("font-size")) * 0.5
        if text.get("text-anchor") is None:
            assert float(text.get("x")) + wide <= across, text.text
        assert float(text.get("y")) < down


def test_a_picture_that_does_not_fit_on_the_disk_leaves_the_good_one(tmp_path, monkeypatch):
    path = tmp_path / "why.svg"
    write_waterfall(explained(evidence(20.0)), path)
    good = path.read_bytes()

    def full(_):
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="no space"):
        write_waterfall(explained(evidence(-6.0)), path)
    assert path.read_bytes() == good
    assert [each.name for each in tmp_path.iterdir()] == ["why.svg"]

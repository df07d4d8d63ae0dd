"""The coverage benchmark: that it counts rightly, and that the rules reach their goal."""

from pathlib import Path

import msgspec
import pytest

from schemas.errors import InputError
from streams.bench.text import Coverage, coverage, run, speed

ANNOTATED = Path(__file__).parents[4] / "shared" / "data" / "cail2022" / "train.json"


@pytest.fixture
def annotated(tmp_path):
    rows = [
        {"sentText": "阿明卖冰毒5克", "entityMentions": [
            {"start": 3, "end": 5, "label": "NDR", "text": "冰毒"},
            {"start": 5, "end": 7, "label": "NW", "text": "5克"},
            {"start": 0, "end": 2, "label": "Nh", "text": "阿明"},
        ]},
        {"sentText": "阿明卖某种东西", "entityMentions": [{"start": 3, "end": 7, "label": "NDR"}]},
    ]  # fmt: skip
    path = tmp_path / "annotated.json"
    path.write_bytes(b"\n".join(map(msgspec.json.encode, rows)))
    return path


def test_coverage_counts_what_is_found_and_what_is_not(annotated):
    figures = coverage(annotated)
    assert figures["substance"] == Coverage(annotated=2, touched=1, exact=1)
    assert figures["quantity"] == Coverage(annotated=1, touched=1, exact=1)
    assert figures["substance"].share == 0.5


def test_speed_tells_texts_a_second(annotated):
    figures = speed(annotated)
    assert figures["texts"] == 2
    assert figures["read_per_second"] > 0


def test_the_benchmark_gives_shares_by_label_and_no_text(annotated):
    figures = run(annotated)
    assert figures["substance"] == {"annotated": 2, "found": 0.5, "exact": 0.5}
    assert "冰毒" not in str(figures)


def test_a_file_of_another_layout_is_refused(tmp_path):
    for content in ("no json\n", '{"text": "冰毒"}\n', "[1]\n"):
        (tmp_path / "other.json").write_text(content, "utf-8")
        with pytest.raises(InputError, match="no annotated text"):
            run(tmp_path / "other.json")


@pytest.mark.skipif(not ANNOTATED.exists(), reason="the annotated judgments are not on this machine")
def test_nearly_all_annotated_substances_and_quantities_are_found():
    figures = coverage(ANNOTATED)
    assert figures["substance"].share > 0.98
    assert figures["substance with a code"].share > 0.98
    assert figures["quantity"].share > 0.98

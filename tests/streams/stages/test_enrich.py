"""What the registers add to a record: line, place, case, grade."""

from __future__ import annotations

import pytest

from schemas.records import Grade
from streams.stages.enrich import admiralty
from tests.streams.stages.said import enriched


def intercepted(checkpoint, **fields):
    return enriched("interception", checkpoint=checkpoint, **fields)


@pytest.mark.parametrize(("site", "line"), [("xuwen-haian", 1), ("haikou-xiuying", 2)])
def test_a_checkpoint_of_the_register_gives_its_line(site, line):
    found = intercepted(site)
    assert (found.checkpoint, found.line, found.warnings) == (site, line, ())


def test_a_checkpoint_given_by_its_name_is_the_one_of_that_id():
    assert intercepted("秀英港").checkpoint == intercepted(" haikou-xiuying ").checkpoint == "haikou-xiuying"


def test_an_unknown_checkpoint_is_kept_and_flagged():
    found = intercepted("洋浦临时卡口")
    assert (found.checkpoint, found.line, found.warnings) == ("洋浦临时卡口", None, ("unknown_checkpoint",))


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_no_checkpoint_is_no_place(blank):
    found = intercepted(blank)
    assert (found.checkpoint, found.line, found.warnings) == (None, None, ())


def test_a_checkpoint_that_was_not_in_operation_that_day_keeps_its_line_and_is_flagged():
    late = {"reported_at": "2021-06-03T10:00:00+08:00"}
    assert intercepted("xuwen-port").warnings == ("checkpoint_not_in_operation",)
    assert intercepted("xuwen-port").line == 1
    assert intercepted("xuwen-port", **late).warnings == ()
    assert intercepted("xuwen-haian", **late).warnings == ("checkpoint_not_in_operation",)
    assert intercepted("xuwen-haian", **late, occurred="2020-09").warnings == ()
    assert intercepted("xuwen-haian", **late, occurred={"to": "2021-06"}).warnings != ()


def test_a_seizure_is_at_its_place_else_where_it_was_recorded():
    assert enriched("seizure", place={"region": "460203"}).place == "460203"
    assert enriched("seizure", place={"region": "海口市"}).place == "460100"
    assert enriched("seizure", place={"name": "某仓库"}).place == "460100"
    assert enriched("seizure", place={"region": "999999"}).place == "460100"
    assert enriched("seizure").place == "460100"
    assert enriched("tip").place is None


def test_a_former_code_of_a_place_is_the_place_of_today():
    assert enriched("seizure", place={"region": "469003"}).place == "460400"
    assert enriched("seizure", region="469003").place == "460400"


@pytest.mark.parametrize(
    ("stated", "case"),
    [
        ("2019-551", "2019-551"),
        ("“2019—0551”专案", "2019-551"),
        ("公安部2019-551号目标案件", "2019-551"),
        (" 霸王花 ", "霸王花"),
        ("不详", None),
        ("  ", None),
        (None, None),
    ],
)
def test_a_case_is_known_by_its_number_however_it_was_written(stated, case):
    assert enriched(case=stated).case == case


@pytest.mark.parametrize(
    ("grade", "found"),
    [
        (None, ("F", 6)),
        (Grade(source="B", information=2), ("B", 2)),
        (Grade(source="B"), ("B", 6)),
        (Grade(information=1), ("F", 1)),
        (Grade(europol="A1"), ("A", 1)),
        (Grade(europol="C4", handling="H1"), ("D", 6)),
        (Grade(europol="X3"), ("F", 3)),
    ],
)
def test_grades_of_both_kinds_are_read(grade, found):
    assert admiralty(grade) == found


def test_a_better_grade_is_never_worth_less():
    def worth(source, information):
        return enriched(grade={"source": source, "information": information}).confidence

    assert worth("A", 1) == 0.98
    assert enriched().grade == "F6"
    for better, worse in ("AB", "BC", "CD", "DE"):
        assert worth(better, 2) > worth(worse, 2)
    for better, worse in ((1, 2), (2, 3), (3, 4), (4, 5)):
        assert worth("B", better) > worth("B", worse)
    assert 0 < worth("E", 5) < worth("F", 6) < worth("A", 1) <= 1


def test_times_that_could_not_be_read_stay_flagged():
    found = enriched(
        persons=[{"ref": "a"}, {"ref": "b"}],
        relations=[{"from": "a", "to": "b", "kind": "met", "at": "昨晚"}],
    )
    assert found.warnings == ("suspect_value:relations[0].at",)

"""Why a trace left something out, or found nothing, as it is told to people in both languages."""

from __future__ import annotations

import pytest

from graph.chains import why
from graph.console.screens.left_out import detail, note
from schemas.reference.words import word

ENGLISH = {
    "n": 3, "who": "林小满 (per-1)", "label": "王大 (甲)", "id": "per-2", "link": "the phone 13800000001",
    "reason": "time", "records": "a/1, b/2",
    "detail": "not before 2019-06-27T00:00:00+08:00, but what followed was over by 2019-06-03T23:59:59+08:00",
}  # fmt: skip
CHINESE = ENGLISH | {
    "link": "同一电话 13800000001",
    "reason": "时间不合",
    "detail": "不早于2019年6月27日，而其后的交付至迟在2019年6月3日已完成",
}


def test_bounds_are_told_as_days_and_substances_by_their_names():
    assert detail(ENGLISH["detail"], "zh") == CHINESE["detail"]
    assert (
        detail(ENGLISH["detail"], "en")
        == "not before 27 June 2019, but what followed was over by 3 June 2019"
    )
    said = why("other_than_before", substance="nitrous_oxide", others="cannabis and heroin")
    assert detail(said, "zh") == "所述为氧化亚氮；至此的链条为大麻、海洛因"
    assert detail(said, "en") == "speaks of nitrous oxide; the chain to here is of cannabis and heroin"


@pytest.mark.parametrize("way", ["up", "down"])
@pytest.mark.parametrize(
    "codes",
    [
        ("none", "other", "near"), ("none", "other", "nobody"), ("none", "near"), ("none", "nobody"),
        ("missed_one",), ("missed_some",),
    ],
)  # fmt: skip
def test_every_note_of_an_empty_trace_is_told_in_chinese(way, codes):
    said = [word("nothing", f"{code}_{way}", "en", **ENGLISH) for code in codes]
    wanted = [word("nothing", f"{code}_{way}", "zh", **CHINESE) for code in codes]
    assert note(" ".join(said), "zh") == "".join(wanted)


def test_what_is_in_nobodys_words_stands_as_it_is():
    assert (detail("case of another team", "zh"), note("else", "zh")) == ("case of another team", "else")

"""The statistical reader with the model that ships: what it reads, and that nothing stops it."""

from __future__ import annotations

import pytest

from streams.text.reader import Extraction, read

SALE = (
    "公诉机关指控，2019年6月3日21时许，被告人符某某在海口市某小区门口"
    "以200元的价格向吸毒人员林某甲贩卖海洛因0.5克。"
)
SHELTER = "经审理查明，2019年6月3日，被告人符某某在其租住的房间内容留林某甲、王某乙吸食冰毒。"
FOUND = "公安民警在被告人陈某某的住处将其抓获，当场查获其非法持有的毒品甲基苯丙胺，净重35.2克。"
STRANGE = {
    "nothing": "",
    "one character": "某",
    "emoji": "🙂🎈" * 50,
    "control characters": "".join(map(chr, range(32))) + "\u202e\x7f被告人",
    "English": "The defendant sold two grams of heroin to his neighbour, who called the police.",
    "half a surrogate": "被告人\ud800某某贩卖\udfff海洛因",
    "the reader's own signs": "\ue000向\ue001卖\ue002、\ue003和\ue004",
    "no end of a sentence": "海洛因" * 3000,
    "only ends of sentences": "。\n；" * 3000,
    "names without end": "符某某、" * 3000,
    "digits without end": "1" * 200_000,
    "masks without end": "某" * 200_000,
    "two hundred thousand characters": (SALE + SHELTER + FOUND) * 1500,
}


def one(text: str) -> Extraction:
    (found,) = read([text])
    return found


def triplets(text: str) -> set[tuple[str, str, str]]:
    found = one(text)
    names = [text[m.start : m.end] for m in found.mentions]
    return {(names[r.subject], r.kind, names[r.object]) for r in found.relations}


def test_people_substances_quantities_and_times_are_found_at_their_places():
    found = {(SALE[m.start : m.end], m.kind) for m in one(SALE).mentions}
    assert {
        ("符某某", "person"),
        ("林某甲", "person"),
        ("海洛因", "substance"),
        ("0.5克", "quantity"),
    } <= found
    assert any(kind == "time" and name.startswith("2019年6月3日") for name, kind in found)


def test_who_sold_to_whom_and_what_he_traded_in_is_read():
    assert triplets(SALE) == {("符某某", "sold_to", "林某甲"), ("符某某", "trafficked", "海洛因")}


def test_who_sheltered_whom_is_read_for_each_of_a_list():
    assert triplets(SHELTER) == {("符某某", "sheltered", "林某甲"), ("符某某", "sheltered", "王某乙")}


def test_what_was_found_with_somebody_is_possessed_not_traded():
    assert triplets(FOUND) == {("陈某某", "possessed", "甲基苯丙胺")}


def test_nothing_is_sold_where_no_drug_and_no_deed_is_told():
    assert not one("符某某与林某甲在海口市某小区门口下棋，王某乙在旁边看。").relations


def test_every_relation_says_what_spoke_for_it_and_holds_no_name_in_that():
    for relation in one(SALE).relations:
        assert 0 < relation.score <= 1
        assert len(relation.reasons) > 2
        assert not any(name in r.because for r in relation.reasons for name in ("符某某", "林某甲"))


@pytest.mark.parametrize("text", STRANGE.values(), ids=STRANGE.keys())
def test_any_string_is_read_and_its_mentions_lie_apart_within_it(text: str):
    found = one(text)
    ends = 0
    for mention in found.mentions:
        assert ends <= mention.start < mention.end <= len(text)
        ends = mention.end
    for relation in found.relations:
        assert found.mentions[relation.subject].kind == "person"
        assert found.mentions[relation.object].kind in ("person", "substance")


def test_a_text_says_the_same_alone_and_among_others():
    texts = [SALE, "", SHELTER, FOUND, SALE * 3]
    assert list(read(texts)) == [one(text) for text in texts]


def test_what_a_long_text_says_late_is_read_as_well():
    late = "经查，上述事实清楚。" * 2000 + SALE
    assert ("符某某", "sold_to", "林某甲") in triplets(late)

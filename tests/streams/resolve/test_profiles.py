"""Profiles and the keys under which they meet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.claims import Features, Identifier
from streams.resolve.profiles import STRONG, encode, order_key
from tests.streams.resolve.made import person, thing


def keys(profile):
    return {(block.what, block.hash) for block in profile.blocks}


def meet(one, other):
    return {what for what, _ in keys(one) & keys(other)}


def test_equal_features_are_stored_alike_and_have_one_hash():
    features = [Features(name="符玮强", identifiers=(Identifier("phone", "13876543210"),)) for _ in range(2)]
    assert encode(features[0]) == encode(features[1])
    assert len({order_key("person", encode(each), "") for each in features}) == 1


def test_the_hash_of_a_profile_that_stands_alone_is_its_mentions():
    encoded = encode(Features(name="王伟"))
    hashes = {
        order_key(kind, encoded, mention)
        for kind in ("person", "venue")
        for mention in ("", "a/1#p", "a/2#p")
    }
    assert len(hashes) == 6


def test_every_strong_identifier_makes_a_block_that_things_of_its_type_share():
    for kind in STRONG:
        (block,) = thing("vehicle", identifiers=[f"{kind}:1"]).blocks
        assert (block.strong, block.what) == (True, kind)
        assert not meet(
            thing("vehicle", identifiers=[f"{kind}:1"]), thing("parcel", identifiers=[f"{kind}:1"])
        )
        assert not meet(
            thing("vehicle", identifiers=[f"{kind}:1"]), thing("vehicle", identifiers=[f"{kind}:2"])
        )


def test_two_people_meet_on_the_sound_of_their_name_with_something_else():
    one = person("符玮强", birth="1990-03-07", hukou="460106", address="某路3号", contexts=["plate:琼A12345"])
    other = person(
        "符伟强", birth="1990-03-07", hukou="460106", address="某路3号", contexts=["plate:琼A12345"]
    )
    assert meet(one, other) == {
        "sound+birth", "surname+birth", "given+birth", "sound+hukou", "sound+address", "sound+plate"
    }  # fmt: skip


BORN = {"birth": "1990-03-07"}


@pytest.mark.parametrize(
    ("left", "right", "where"),
    [
        ("傅哲", "付喆", "name+year"),
        ("陈卫东", "阵卫东", "given+birth"),
        ("符晟", "符晨", "surname+birth"),
        ("覃美", "谭美", "sound+birth"),
        ("林乐", "林悦", "sound+birth"),
        ("符玮强", "Weiqiang Fu", "sound+birth"),
        ("欧阳娜", "Ouyang Na", "sound+birth"),
        ("陈小明", "CHAN Siu-ming", "given+birth"),
        ("陈小明", "Siu Ming Chan", "given+birth"),
    ],
)
def test_each_way_of_writing_a_name_has_a_key_under_which_it_meets_the_name(left, right, where):
    assert where in meet(person(left, **BORN), person(right, **BORN))


@given(
    st.text("覃单乐长朝茜柏重莎娜欧阳王", min_size=1, max_size=5),
    st.sampled_from(("", "Chan Siu Ming Peter Lee")),
)
def test_a_name_has_few_keys_however_many_its_readings(chinese, latin):
    for name in (chinese, latin):
        assert len(person(name, hukou="460106").blocks) <= 4
        assert len(person(name, **BORN).blocks) <= 4 + 4 + 1


def test_namesakes_meet_on_the_year_however_precise_the_date_is():
    assert meet(person("王伟", birth="1990"), person("王伟", birth="1990-03-07")) == {"name+year"}
    assert not meet(person("王伟", birth="1990"), person("王伟", birth="1991"))
    assert not meet(person("王伟"), person("王伟"))


def test_a_masked_name_or_a_nickname_is_no_key():
    for name in ("王某某", "阿伟", ""):
        assert person(name, birth="1990-03-07", hukou="460106").blocks == []
        assert not person(name).comparable_name


def test_companies_meet_on_their_name_in_a_city():
    one, again, elsewhere = (
        thing("organisation", name="清气气体", region=region) for region in ("4601", "4601", "4602")
    )
    assert meet(one, again) == {"name+city"}
    assert not meet(one, elsewhere)
    assert not meet(one, thing("venue", name="清气气体", region="4601"))
    assert thing("organisation", region="4601").blocks == []


def test_blocks_are_made_once():
    one = person("王伟", birth="1990")
    assert one.blocks is one.blocks


def test_a_signature_is_what_cannot_be_two_peoples():
    assert person("符玮强", identifiers=["id_number:A1", "phone:1"]).signature == ("符玮强", "A1", ())
    assert person("符某某", identifiers=["phone:1"]).signature == ("", "", ())
    assert person("阿强").signature == ("", "", ())
    assert thing("organisation", identifiers=["credit_code:C1"]).signature[1] == "C1"
    assert person("符玮强", aliases=("阿强", "陈明亮", "陈某某")).signature == ("符玮强", "", ("陈明亮",))
    assert person("", aliases=("陈明亮",)).signature == ("", "", ())


def test_traditional_characters_are_the_same_key_and_kept_as_written():
    assert person("範偉強").name_key == person("范伟强").name_key
    assert person("範偉強").features.name == "範偉強"


def test_a_name_is_as_rare_as_where_it_is_most_common():
    assert person("符伟").name_bits < 15 <= person("覃玮骁").name_bits
    assert person("王某某").name_bits == thing("venue", name="王伟").name_bits == 0.0

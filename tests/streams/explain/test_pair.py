"""Why two are one or not: what speaks for and against, and what decides."""

from __future__ import annotations

import msgspec
import pytest

from graph.sqlite.reader import SqliteReader
from schemas.errors import Ambiguous, NotFound, UsageError
from streams.resolve import clusters
from streams.resolve.model import LINK, REVIEW
from streams.review import Inspector

PHONE, OTHER = "13876543210", "13898765432"
ALIKE = ("符玮强", "符伟强")
BROTHERS = ("符国强", "符国明")
CROWD = ("陈明亮", "王建国", "林小满", "李秀英", "张伟", "黄美玲", "吴天佑")


def pair(here, names=ALIKE, **fields):
    return here.people({"name": name, "phones": [PHONE]} | fields for name in names)


# --- one --------------------------------------------------------------------------------------------------


def test_two_that_are_linked_are_explained_by_what_they_share_and_the_join_that_held(here, why):
    one, two = pair(here)
    found = why().pair(one, two)
    assert (found.same, found.verdict, found.best) == (True, "linked", (one, two))
    assert found.bits >= found.link_from == LINK
    assert [(step.feature, step.why) for step in found.evidence] == [
        ("phone", "same phone"), ("name", "same sound and look alike"),
    ]  # fmt: skip
    (join,) = found.path
    assert {join.a, join.b} == {one, two}
    assert join.best == join.mean == join.value == found.bits
    assert join.outcome == "joined"
    assert join.evidence == found.evidence
    assert found.judgements == ()
    assert "directly" in found.words


def test_two_that_hang_together_over_a_third_are_told_the_way_in_order(here, why):
    """The first and the last share nothing but a name, which is too little."""
    one, between, two = here.people(
        [
            {"name": "符玮强", "wechat": ["wx_made_up_1"]},
            {"name": "符玮强", "wechat": ["wx_made_up_1"], "phones": [PHONE]},
            {"name": "符玮强", "phones": [PHONE]},
        ]
    )
    found = why().pair(one, two)
    assert (found.same, found.verdict) == (True, "over_others")
    assert found.bits < LINK
    assert [{join.a, join.b} for join in found.path] == [{one, between}, {between, two}]
    assert all(join.value >= LINK for join in found.path)
    assert "by 2 joins" in found.words
    assert [{join.a, join.b} for join in why().pair(two, one).path] == [{between, two}, {one, between}]


def test_the_figures_of_a_join_are_half_the_best_and_half_the_mean(here, why):
    """The third agrees with the first by sound only, so the mean lies below its best link."""
    one, two, three = here.people(
        [
            {"name": "符玮强", "phones": [PHONE], "gender": "male"},
            {"name": "符玮强", "phones": [PHONE], "birth_date": "1990-03-07"},
            {"name": "符伟强", "phones": [PHONE], "birth_date": "1990-03-07"},
        ]
    )
    (join,) = [each for each in why().entity(one).joins if one in (each.a, each.b)]
    first, second = (why().pair(one, other).bits for other in (two, three))
    assert first > second
    assert join.best == first
    assert join.mean == pytest.approx((first + second) / 2)
    assert join.value == pytest.approx(0.5 * first + 0.25 * (first + second))
    assert {join.left, join.right} == {1, 2}


def test_two_judged_to_be_one_are_told_who_said_so_when_and_why(here, why):
    one, two = pair(here, BROTHERS)
    here.judge(one, two, "same")
    found = why().pair(one, two)
    assert (found.same, found.verdict) == (True, "judged_same")
    assert (found.judgement.by, found.judgement.because) == ("王警官", "核对")
    assert found.judgement.at.startswith("1970-01-01T08:00:00")
    (join,) = found.path
    assert (join.best, join.judgement) == (None, found.judgement)
    assert all(part in found.words for part in ("王警官", "1970-01-01", "核对"))


def test_a_judgement_on_the_way_from_one_to_the_other_is_told(here, why):
    one, two = pair(here, BROTHERS)
    three = here.person(name="符国明", phones=[PHONE], gender="male")
    here.judge(one, two, "same")
    found = why().pair(one, three)
    assert found.verdict == "over_others"
    assert [join.judgement is not None for join in found.path] == [True, False]


def test_mentions_with_equal_features_are_one_profile(here, why):
    one, two = pair(here, ("符玮强", "符玮强"))
    found = why().pair(one, two)
    assert (found.same, found.verdict) == (True, "one_profile")
    assert found.bits >= LINK
    assert why().pair(one, one).verdict == "one_mention"


def test_an_entity_beside_itself_is_one_entity(here, why):
    one, _ = pair(here)
    entity = why().entity(one).entity
    assert why().pair(entity, entity).verdict == "one_entity"


def test_a_mention_beside_the_entity_that_is_nothing_else_is_one_entity(here, why):
    one = here.person(name="陈明亮")
    entity = why().entity(one).entity
    for asked in ((one, entity), (entity, one), (entity, entity)):
        assert why().pair(*asked).verdict == "one_entity"


def test_mentions_of_a_text_are_named_by_their_place(here, why):
    from tests.streams.made_up import tip

    here.put([tip("t", text="有人开琼A12345送货"), tip("u", text="琼A12345又来了")])
    assert why().pair("made-up/t#@3-10", "made-up/u#@0-7").same


@pytest.mark.parametrize(
    ("kind", "known"),
    [
        ("organisations", {"credit_code": "91460100MA5XYXAB07"}),
        ("vehicles", {"plate": "琼A12345"}),
        ("parcels", {"tracking_no": "SF1020304050607"}),
        ("venues", {"licence_no": "琼海娱2019-001"}),
    ],
)
def test_things_are_explained_like_people(here, why, kind, known):
    more = {"colour": "白"} if kind == "vehicles" else {} if kind == "parcels" else {"name": "椰城物流中心"}
    one, two = here.thing(kind, **known), here.thing(kind, **known | more)
    found = why().pair(one, two)
    assert found.same
    assert found.verdict in ("linked", "one_profile")
    assert found.evidence[0].feature == next(iter(known))
    assert why().entity(one).type == kind.removesuffix("s")


# --- not one ----------------------------------------------------------------------------------------------


def test_too_little_is_told_with_what_speaks_against(here, why):
    one, two = here.people(
        {"name": name, "birth_date": birth, "phones": [PHONE]}
        for name, birth in (("王伟", "1990-03-07"), ("陈明亮", "1965-11-21"))
    )
    found = why().pair(one, two)
    assert (found.same, found.verdict) == (False, "below")
    assert found.bits < REVIEW
    assert {step.feature: step.bits for step in found.evidence}["birth"] < 0


def test_a_pair_that_waits_for_a_person_is_told_so(here, why):
    found = why().pair(*pair(here, BROTHERS))
    assert (found.verdict, found.attempt) == ("review", None)
    assert REVIEW <= found.bits < LINK


def test_a_pair_that_a_person_could_not_tell_is_told_so_until_the_answer_is_taken_back(here, why):
    one, two = pair(here, BROTHERS)
    here.judge(one, two, "unsure")
    found = why().pair(one, two)
    assert (found.verdict, found.judgement.verdict) == ("unsure", "unsure")
    here.judge(one, two, "undone")
    found = why().pair(one, two)
    assert (found.verdict, found.judgement) == ("review", None)
    (told,) = found.judgements
    assert (told.verdict, told.taken_back.by, told.taken_back.because) == ("unsure", "王警官", "核对")


@pytest.mark.parametrize("names", [ALIKE, BROTHERS])
def test_a_judgement_keeps_two_apart_whatever_the_model_says(here, why, names):
    one, two = pair(here, names)
    here.judge(one, two, "different")
    found = why().pair(one, two)
    assert (found.same, found.verdict) == (False, "judged_different")
    assert (found.judgement.a, found.judgement.b, found.judgement.by) == (one, two, "王警官")


def test_a_judgement_about_others_of_their_groups_is_named(here, why):
    """The third is linked to the first, and the first was said not to be the second, who joined before."""
    number = "460106199003070013"
    one, two = here.people(
        {"name": "符玮强", "id_number": number} | more for more in ({}, {"phones": [PHONE]})
    )
    three = here.person(name="符玮强", phones=[PHONE])
    assert here.together(one, two, three)
    here.judge(one, three, "different")
    found = why().pair(two, three)
    assert (found.same, found.verdict) == (False, "judged_different")
    assert found.bits >= LINK
    assert {found.judgement.a, found.judgement.b} == {one, three}
    assert found.attempt.outcome == "judged"


def test_a_judgement_that_another_one_beats_is_explained_by_the_other(here, why):
    one, two, three = here.people({"name": name} for name in ("陈明亮", "王建国", "林小满"))
    for left, right, verdict in ((one, two, "same"), (two, three, "same"), (one, three, "different")):
        here.judge(left, right, verdict)
    apart = next(pair for pair in ((one, two), (two, three)) if not here.together(*pair))
    found = why().pair(*apart)
    assert (found.same, found.verdict) == (False, "judged_different")
    assert {found.judgement.a, found.judgement.b} == {one, three}


def test_two_id_numbers_are_exclusive(here, why):
    one, two = here.people(
        {"name": "王伟", "id_number": number} for number in ("460106199003070013", "460106199003070021")
    )
    found = why().pair(one, two)
    assert (found.same, found.verdict, found.exclusive) == (False, "exclusive", True)
    assert found.evidence[-1].end == found.bits


def test_id_numbers_of_others_in_their_groups_are_told(here, why):
    numbers = ("460106199003070013", "460106199003070021")
    one, two = here.people({"name": "王伟", "phones": [PHONE], "id_number": number} for number in numbers)
    three = here.person(name="王伟", phones=[PHONE])
    apart = next(each for each in (one, two) if not here.together(each, three))
    found = why().pair(apart, three)
    assert (found.same, found.verdict) == (False, "group_exclusive")
    assert found.bits >= LINK
    assert found.attempt.outcome == "exclusive"


@pytest.mark.parametrize(("name", "more"), [("符玮强", {}), ("符玮强", {"hukou": "460106"})])
def test_numbers_of_their_groups_exclude_two_that_never_met_or_would_wait(here, why, name, more):
    """Of the first group only the other one has a number; what is compared has none."""
    known = {"name": "符玮强", "phones": [PHONE]}
    one, _ = here.people([known | more, known | {"id_number": "460106199003070013"}])
    two = here.person(name=name, id_number="460106199003070021", **more)
    found = why().pair(one, two)
    assert REVIEW <= found.bits < LINK
    assert (found.verdict, found.exclusive, found.attempt) == ("group_exclusive", False, None)


def test_the_guard_is_told_with_its_figures(here, why):
    """The link is good, but those behind it were born at another time."""
    born = {"name": "王伟", "birth_date": "1990-03-07", "wechat": ["wx_made_up_1"]}
    here.people(born | {"hukou": hukou, "gender": "male"} for hukou in ("460106", "460107", "460108"))
    two = here.person(name="王伟", birth_date="1965-11-21", phones=[PHONE], gender="female")
    three = here.person(name="王伟", wechat=["wx_made_up_1"], phones=[PHONE])
    found = why().pair(two, three)
    assert (found.same, found.verdict) == (False, "guard")
    assert found.bits >= LINK
    attempt = found.attempt
    assert attempt.outcome == "guard"
    assert attempt.value == pytest.approx(0.5 * attempt.best + 0.5 * attempt.mean)
    assert attempt.value < LINK <= attempt.best
    assert "½" in found.words


def test_a_weak_link_in_a_crowd_of_links_is_told(here, why, monkeypatch):
    monkeypatch.setattr(clusters, "BOUND", 2)
    born = {"birth_date": "1990-03-07"}
    one, _ = pair(here, ("符玮强", "符伟强"), **born)
    two = here.person(name="符玮强", gender="male", **born)
    found = why().pair(one, two)
    assert (found.same, found.verdict) == (False, "too_large")
    assert found.attempt.outcome == "weak"


def test_what_a_crowd_shares_says_nothing(here, why):
    one, two = pair(here)
    here.people({"name": name, "phones": [PHONE]} for name in CROWD)
    found = why().pair(one, two)
    assert (found.same, found.verdict, found.shared) == (False, "generic", ("phone",))
    assert "(phone)" in found.words


def test_a_block_of_several_people_compares_nobody_without_a_name(here, why):
    one, two = here.people([{"phones": [PHONE], "wechat": ["wx_made_up_1"]}, {"phones": [PHONE]}])
    assert why().pair(one, two).same
    here.people({"name": name, "phones": [PHONE]} for name in CROWD[:2])
    found = why().pair(one, two)
    assert (found.same, found.verdict, found.shared) == (False, "crowded", ("phone",))


@pytest.mark.parametrize("more", [{"gender": "female"}, {"address": "海口市龙华区金龙路1号"}])
def test_two_that_score_enough_but_never_meet_are_told(here, why, more):
    born = {"birth_date": "1985-03-02"}
    one, two = here.people({"name": name} | born | more for name in ("林某某", "林小满"))
    found = why().pair(one, two)
    assert found.bits >= REVIEW
    assert (found.verdict, found.shared) == ("unmet", ())


def test_a_person_and_a_vehicle_are_of_different_types(here, why):
    one, two = here.person(name="符玮强"), here.vehicle(plate="琼A12345")
    found = why().pair(one, two)
    assert (found.same, found.verdict, found.bits, found.evidence) == (False, "types", None, ())


# --- who is meant -----------------------------------------------------------------------------------------


def test_two_entities_are_compared_by_their_likeliest_pair(here, why):
    ones = here.people({"name": "符国强", "phones": [phone]} for phone in (PHONE, OTHER))
    here.judge(*ones, "same")
    two = here.person(name="符国明", phones=[OTHER])
    entities = [why().entity(mention).entity for mention in (ones[0], two)]
    found = why().pair(*entities)
    assert found.best == (ones[1], two)
    assert [each.id for each in found.entities] == entities


def test_the_likeliest_pair_is_found_beyond_those_that_are_compared_each_with_each(here, why, monkeypatch):
    """Above the review threshold the pairs of all profiles are known, however many there are."""
    from streams.explain import pair as module

    monkeypatch.setattr(module, "MOST_PROFILES", 0)
    ones = here.people({"name": "符国强", "phones": [phone]} for phone in (PHONE, OTHER))
    here.judge(*ones, "same")
    two = here.person(name="符国明", phones=[OTHER])
    found = why().pair(why().entity(ones[0]).entity, two)
    assert (found.best, found.verdict) == ((ones[1], two), "review")


def test_white_space_around_a_mention_does_not_make_it_another(here, why):
    one, two = pair(here)
    assert why().pair(f" {one} ", two).best == (one, two)


def test_what_was_taken_back_is_not_compared(here, why):
    one, two = pair(here)
    third = here.person(name="符玮强", phones=[PHONE], gender="male")
    here.withdraw(two)
    with pytest.raises(NotFound):
        why().pair(one, two)
    assert two not in msgspec.json.encode(why().entity(third)).decode()


def test_nobody_several_and_a_bare_number_are_told_apart(here, why):
    here.people({"name": "王伟", "phones": [phone]} for phone in (PHONE, OTHER))
    with pytest.raises(NotFound, match="nothing known fits"):
        why().pair("made-up/none#x", "王伟")
    with pytest.raises(Ambiguous) as caught:
        why().pair("王伟", "王伟")
    assert len(caught.value.candidates) == 2
    with pytest.raises(UsageError, match="is named by its value"):
        why().entity(_phone(here))


def test_a_message_does_not_repeat_the_name_or_number_that_was_typed(here, why):
    here.people({"name": "王伟", "phones": [phone]} for phone in (PHONE, OTHER))
    for typed in ("13800001234", "王伟", _phone(here)):
        with pytest.raises((NotFound, UsageError)) as caught:
            why().entity(typed)
        assert typed not in str(caught.value)


def _phone(here):
    (value,) = here.owner.connection.execute("SELECT v FROM value WHERE value = ?", (PHONE,)).fetchone()
    return SqliteReader(here.owner.connection).public_id(-value)


def test_what_another_version_decided_is_not_explained_away(here, why):
    """A store keeps what was decided when the model was another one."""
    one, two = pair(here)
    three = here.person(name="陈明亮")
    db = here.owner.connection
    pids = {name: why()._known.meant(name)[0] for name in (one, two, three)}
    key = db.execute("SELECT ent FROM assign WHERE pid = ?", (pids[three],)).fetchone()
    db.execute("UPDATE assign SET ent = ? WHERE pid = ?", (*key, pids[two]))
    for name, same in ((one, False), (three, True)):
        found = why().pair(name, two)
        assert (found.same, found.verdict) == (same, "outdated")
        assert "another version" in found.words


def test_an_explanation_agrees_with_the_list_of_pairs_that_wait(here, why):
    one, two = pair(here, BROTHERS)
    (waiting,) = Inspector(here.owner.connection, SqliteReader(here.owner.connection)).review()
    assert waiting["bits"] == why().pair(one, two).bits

"""A tip as signs: the same for all who are said to do the same, whoever they are."""

from __future__ import annotations

from streams.text.spans import read_text
from streams.text.tips.clues import deal_clues, status_clues
from streams.text.tips.scene import DRUG, PERSON, Named, Scene, Source, spans_of


def scene_of(text, people, drugs=("冰毒",)):
    """The scene of a text in which these stand."""

    def places(names):
        return [
            Named(at, at + len(name), name)
            for name in names
            for at in range(len(text))
            if text.startswith(name, at)
        ]

    return Scene(Source(text, spans_of(places(people), places(drugs), read_text(text))), (0, len(text)))


def test_names_numbers_and_drugs_become_one_sign_each():
    scene = scene_of("符小满以300元卖给林海生5克冰毒。", ("符小满", "林海生"))
    assert scene.text == "人以钱卖给人量毒."
    assert scene.where == {(PERSON, "符小满"): [0], (PERSON, "林海生"): [5], (DRUG, "冰毒"): [7]}
    assert [scene.places[at] for at in (0, 5)] == [(0, 3), (10, 13)]


def test_two_texts_that_differ_in_names_only_give_the_same_clues():
    found = []
    for one, two in (("符小满", "林海生"), ("阿强", "欧阳某某")):
        scene = scene_of(f"{one}昨晚把冰毒塞给{two}，{two}给了钱", (one, two))
        pair = ((PERSON, one), (PERSON, two))
        near = scene.near(*pair)
        found.append((deal_clues(scene, *pair, near), status_clues(scene, *pair, near[0])))
    assert found[0] == found[1]


def test_who_does_it_to_whom_are_told_apart():
    scene = scene_of("符小满卖给林海生冰毒", ("符小满", "林海生"))
    one, two = (PERSON, "符小满"), (PERSON, "林海生")
    assert deal_clues(scene, one, two, scene.near(one, two)) != deal_clues(
        scene, two, one, scene.near(two, one)
    )


def test_a_pronoun_stands_for_whom_the_sentence_before_names_first():
    scene = scene_of("符小满住在三亚。他卖冰毒给林海生", ("符小满", "林海生"))
    assert scene.where[PERSON, "符小满"] == [0, 6]
    assert scene.pronouns == {6}


def test_no_clue_holds_a_name():
    scene = scene_of("符小满把冰毒交给林海生，林海生又卖给王小明", ("符小满", "林海生", "王小明"))
    one, two = (PERSON, "符小满"), (PERSON, "林海生")
    near = scene.near(one, two)
    clues = deal_clues(scene, one, two, near) | status_clues(scene, one, two, near[0])
    assert not [clue for clue in clues if any(name in clue for name in ("小满", "海生", "小明"))]


def test_two_who_stand_far_apart_are_no_pair():
    scene = scene_of("符小满来了。" + "这里很吵，" * 30 + "林海生走了", ("符小满", "林海生"))
    assert scene.near((PERSON, "符小满"), (PERSON, "林海生")) == []

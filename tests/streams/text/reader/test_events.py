"""The deeds that rules read from the words of a scene."""

from __future__ import annotations

import re

import pytest

from streams.text.reader.events import events
from streams.text.reader.mentions import Mention
from streams.text.reader.scene import scene_of


def told(text: str) -> set[tuple[str, str, str]]:
    """The deeds of a text with the names of the actor and the other, `-` for nobody."""
    mentions = [
        Mention(start=match.start(), end=match.end(), kind="substance" if match[0] == "冰毒" else "person")
        for match in re.finditer("[符林王]某|冰毒", text)
    ]
    scene = scene_of(text, mentions)
    found, _ = events(scene.codes)

    def name(token: int) -> str:
        return "-" if token < 0 else scene.names[scene.first[token]]

    return {(event.deed, name(event.actor), name(event.other)) for event in found}


@pytest.mark.parametrize(
    ("text", "deed"),
    [
        ("被告人符某将冰毒贩卖给林某", ("sold", "符某", "林某")),
        ("被告人符某向吸毒人员林某贩卖冰毒", ("sold", "符某", "林某")),
        ("林某从符某处购买冰毒", ("bought", "符某", "林某")),
        ("林某电话联系符某求购冰毒", ("bought", "符某", "林某")),
        ("符某将冰毒交给林某", ("gave", "符某", "林某")),
        ("符某在家中容留林某吸食冰毒", ("shelter", "符某", "林某")),
        ("民警从符某身上查获冰毒", ("seized", "符某", "-")),
    ],
)
def test_a_deed_is_told_of_who_did_it_and_to_whom(text: str, deed: tuple[str, str, str]):
    assert deed in told(text)


def test_the_subject_of_a_clause_without_one_is_that_of_the_last():
    assert ("sold", "符某", "林某") in told("被告人符某来到路口，将冰毒贩卖给林某")
    assert ("sold", "王某", "林某") in told("被告人符某走后，王某来到路口，将冰毒贩卖给林某")


def test_nobody_does_a_deed_in_words_without_people():
    assert told("经查，贩卖冰毒属实。") == set()

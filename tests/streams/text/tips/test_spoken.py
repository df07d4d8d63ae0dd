"""Clues in words: every kind of clue has its own."""

from __future__ import annotations

from streams.text.spans import read_text
from streams.text.tips.clues import deal_clues
from streams.text.tips.scene import PERSON, Named, Scene, Source, Telling, spans_of
from streams.text.tips.spoken import spoken

TEXT = "符小满的弟弟陈大勇以300元把5克冰毒卖给林海生。他又卖给王小明"


def test_every_clue_is_told_in_words_and_no_two_in_the_same():
    names = ("符小满", "陈大勇", "林海生", "王小明")
    people = [Named(TEXT.index(name), TEXT.index(name) + 3, name) for name in names]
    tellings = [
        Telling("sold_to", "陈大勇", "林海生", "asserted", True),
        Telling("paid", "林海生", "陈大勇", "denied", False),
    ]
    drug = [Named(TEXT.index("冰毒"), TEXT.index("冰毒") + 2, "冰毒")]
    scene = Scene(Source(TEXT, spans_of(people, drug, read_text(TEXT))), (0, len(TEXT)), tellings)
    clues = set()
    for one in names:
        for two in names:
            if one != two and (near := scene.near((PERSON, one), (PERSON, two))):
                clues |= deal_clues(scene, (PERSON, one), (PERSON, two), near)
    told = {clue: spoken(clue) for clue in clues}
    assert len(clues) > 300
    assert len(set(told.values())) == len(clues)
    assert not [clue for clue, words in told.items() if words.endswith(clue) or words == clue]

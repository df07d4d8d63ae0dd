"""What speaks for a relation, as numbers and in words."""

from __future__ import annotations

import re

import numpy as np

from streams.text.reader.cast import ROLES, cast_of
from streams.text.reader.clues import clues_of_names, clues_of_pairs, spelt
from streams.text.reader.features import numbers
from streams.text.reader.figures import figures_of
from streams.text.reader.mentions import Mention
from streams.text.reader.relations import made_ready
from streams.text.reader.scene import scene_of
from streams.text.reader.setting import settings_of
from streams.text.reader.sheet import Sheet, sheet_of

SALE = "被告人符某将一包冰毒贩卖给吸毒人员林某，后民警从林某身上查获该冰毒。"
SHELTER = "被告人王某在家中容留符某、林某吸食海洛因（另案处理）。"
ALPHABET = np.unique([ord(char) for char in SALE + SHELTER])


def mentions_of(text: str) -> list[Mention]:
    return [
        Mention(start=match.start(), end=match.end(), kind="person" if match[0][1] == "某" else "substance")
        for match in re.finditer("[符林王]某|冰毒|海洛因", text)
    ]


def sheet(*texts: str) -> Sheet:
    return sheet_of([(scene_of(text, found := mentions_of(text)), found) for text in texts])


def clues(made: Sheet, subject: str, target: str, text: int) -> set[int]:
    """All clues about two names of a text."""
    pair = next(
        n
        for n in range(len(made.subject))
        if made.pair_text[n] == text
        and (made.spelt[made.subject[n]], made.spelt[made.target[n]]) == (subject, target)
    )
    chars = numbers(made.chars, ALPHABET)
    own, names = clues_of_pairs(made, cast_of(made), chars), clues_of_names(made, chars)
    found = set(own.key[own.row == pair].tolist())
    return found | set(names.key[names.row == made.subject[pair]].tolist())


def test_a_pair_has_the_same_clues_alone_and_beside_other_texts():
    alone = clues(sheet(SALE), "符某", "林某", 0)
    assert len(alone) > 100
    assert clues(sheet(SHELTER, SALE, SHELTER), "符某", "林某", 1) == alone


def test_every_clue_can_be_spelt_out_and_holds_no_name_that_was_recognised():
    words = {spelt(key, ALPHABET) for key in clues(sheet(SALE), "符某", "林某", 0)}
    assert "间:甲乙 卖 交" in words
    assert not any(name in word for word in words for name in ("符某", "林某", "冰毒"))


def test_who_is_accused_and_who_is_a_user_is_told_by_the_word_before():
    made = sheet(SALE)
    roles = dict(zip(made.spelt, (ROLES[role] for role in cast_of(made).role.tolist()), strict=True))
    assert roles == {"符某": "独被告", "林某": "客", "冰毒": "毒"}


def test_a_user_who_is_not_accused_is_no_subject():
    made = sheet(SALE)
    assert {made.spelt[name] for name in made.subject.tolist()} == {"符某"}


def test_the_figures_of_a_pair_are_the_same_alone_and_beside_other_texts():
    alone, beside = sheet(SALE), sheet(SHELTER, SALE)
    for one, two in zip(all_figures(alone), all_figures(beside), strict=True):
        assert len(one) > 0
        assert np.array_equal(one, two[-len(one) :])


def all_figures(made: Sheet) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(0)
    last = [int((made.of_people[made.pair_text == made.texts - 1] == kind).sum()) for kind in (1, 0)]
    opinions = []
    for kind, size in zip((1, 0), last, strict=True):
        own = np.linspace(-3, 3, 2 * size, dtype=np.float32).reshape(-1, 2)
        others = chance.normal(size=(int((made.of_people == kind).sum()) - size, 2)).astype(np.float32)
        opinions.append(np.concatenate([others, own]))
    heard, stand = settings_of(made, *opinions), figures_of(made, cast_of(made))
    return tuple(np.concatenate(both, axis=1) for both in zip(heard, stand, strict=True))  # type: ignore[return-value]


def test_a_text_is_made_ready_in_pieces_that_hold_each_mention_once():
    text = SALE * 100
    read = list(made_ready([text], [mentions_of(text)], ALPHABET, 1))
    assert len(read) > 1
    held = sum(len(each.sheet.place_name) for each in read)
    assert held == len(mentions_of(text))

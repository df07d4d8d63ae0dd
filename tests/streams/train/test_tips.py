"""Learning to read tips from made ones."""

from __future__ import annotations

from pathlib import Path
from random import Random

import msgspec
import pytest

from schemas.errors import InputError
from streams.bench.told_by_others import labelled
from streams.bench.worlds import quiet
from streams.text.spans import read_text
from streams.text.tips.model import load, save
from streams.text.tips.reader import TipReader
from streams.train.judging import learn_tips
from streams.train.pairs import Numbered, rows_of
from streams.train.written import WrittenTip, made_tips, plain_tips, read_written

FORMS = (
    ("{{A|{a}}}昨晚把{{s|{d}}}卖给{{B|{b}}}，我亲眼看到", ["A sold_to B", "A trafficked {d}"]),
    ("{{B|{b}}}的{{s|{d}}}是从{{A|{a}}}那里买的", ["A sold_to B", "A trafficked {d}"]),
    ("听说{{A|{a}}}卖{{s|{d}}}给{{B|{b}}}", ["A sold_to B | hearsay", "A trafficked {d} | hearsay"]),
    ("{{A|{a}}}没有把{{s|{d}}}卖给{{B|{b}}}", ["A sold_to B | denied", "A trafficked {d} | denied"]),
    ("{{A|{a}}}和{{B|{b}}}在楼下吵架，没有{{s|{d}}}的事", []),
)


def made(count: int, seed: int = 3) -> list[WrittenTip]:
    chance = Random(seed)
    tips = []
    for _ in range(count):
        form, says = chance.choice(FORMS)
        names = ["".join(chance.sample("符林王陈吴", 1) + chance.sample("小满海生明伟强芳", 2)) for _ in "ab"]
        slots = {"a": names[0], "b": names[1], "d": chance.choice(("冰毒", "K粉", "海洛因"))}
        if names[0] != names[1]:
            row = {"text": form.format(**slots), "say": [each.format(**slots) for each in says]}
            tips.append(read_written(msgspec.json.encode(row)))
    return list({each.text: each for each in tips}.values())


def test_marks_give_the_text_its_mentions_and_what_it_says():
    line = '{"text": "{A|王强}（绰号“{A|老三}”）把{s|冰}给{B|李某}", "say": ["A supplied B | other"]}'
    tip = read_written(line.encode())
    assert tip.text == "王强（绰号“老三”）把冰给李某"
    told = [
        (tip.text[slice(*mention.span)], mention.kind, letter)
        for mention, letter in zip(tip.mentions, tip.letters, strict=True)
    ]
    assert told == [
        ("王强", "person", "A"), ("老三", "person", "A"), ("冰", "substance", "s"), ("李某", "person", "B"),
    ]  # fmt: skip
    assert tip.says == (("A", "supplied", "B", "supposed"),)


@pytest.mark.parametrize(
    "line",
    [
        "no JSON",
        "[]",
        '{"text": "王强"}',
        '{"text": "王强", "say": ["A loves B"]}',
        '{"text": "", "say": ["A"]}',
    ],
)
def test_a_line_of_another_layout_is_refused_without_a_word_of_it(line: str):
    with pytest.raises(InputError) as refused:
        read_written(line.encode())
    assert "王强" not in str(refused.value)


def test_every_made_tip_can_be_read_and_no_two_are_the_same():
    tips = list(made_tips())
    assert len(tips) == len({tip.text for tip in tips}) > 5_000
    for tip in tips:
        letters = {letter for letter in tip.letters if letter.isupper()}
        assert {said.one for said in tip.says} <= letters


def test_no_number_in_them_could_be_anybodys_identity_number():
    told = (tip.text for tip in (*made_tips(), *labelled("first"), *labelled("second")))
    numbers = [found.normal for text in told for found in read_text(text).id_numbers]
    assert len(numbers) > 3
    assert not any(numbers)


def test_what_a_text_says_is_tied_to_the_pairs_it_says_it_of():
    (tip,) = [read_written('{"text": "{A|王强}卖给{B|李某}，{C|张三}在场", "say": ["A sold_to B"]}'.encode())]
    rows = list(rows_of(tip, tip.mentions, Numbered()))
    assert len(rows) == 6
    assert [dict(row.says) for row in rows if row.says] == [{"sold_to": "asserted"}]


def test_the_reader_learns_to_tell_what_is_stated_from_what_is_not(tmp_path: Path):
    weights = learn_tips(made(160), plain_tips(40), quiet)
    save(weights, tmp_path / "model.npz")
    reader = TipReader(load(tmp_path / "model.npz"))
    stated, heard, nothing = (
        sales(reader, text)
        for text in (
            "吴海伟昨晚把K粉卖给林小芳，我亲眼看到",
            "听说吴海伟卖K粉给林小芳",
            "吴海伟和林小芳在楼下吵架，没有K粉的事",
        )
    )
    assert stated == [("吴海伟", "林小芳", "asserted")]
    assert heard == [("吴海伟", "林小芳", "hearsay")]
    assert nothing == []


def sales(reader: TipReader, text: str) -> list[tuple[str, str, str]]:
    found = reader.read(text).deals
    name = {place: text[slice(*person.span)] for place, person in enumerate(found.people)}
    return [(name[d.subject], name[d.object], d.status) for d in found.deals if d.kind == "sold_to"]

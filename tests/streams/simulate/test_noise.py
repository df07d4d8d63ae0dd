"""Worlds written worse: in which shares, in which scripts, and what stays as it was."""

from __future__ import annotations

import re
from random import Random

import pytest

from streams.cli.made import NoiseLevel
from streams.simulate.blunders import CHECK
from streams.simulate.noise import NOISE, Noise, NoisyScribe
from streams.simulate.people import Registry
from streams.simulate.tables import tables
from streams.simulate.world import Options, simulate, simulate_lines

QUIET = Noise(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
HAN = re.compile(r"[\u4e00-\u9fff]{2,4}")


def scribe(**noise):
    return NoisyScribe(Random(5), QUIET._replace(**noise))


def people(count=300, dotted=0.0):
    registry = Registry(Random(5), 0.0, dotted)
    return [registry.person() for _ in range(count)]


@pytest.fixture(scope="module")
def worlds():
    made = {}
    for level, noise in NOISE.items():
        truth = []
        records = list(simulate(3, 4000, Options(noise=noise), truth.append))
        made[level] = (records, truth[-1]["counts"])
    return made


def test_the_command_line_knows_the_levels():
    assert set(NOISE) == set(NoiseLevel)


@pytest.mark.parametrize("level", NOISE)
def test_the_same_seed_makes_the_same_noise(level):
    one, again = (list(simulate_lines(5, 400, Options(noise=NOISE[level]))) for _ in range(2))
    assert one == again


@pytest.mark.parametrize(
    "difficulty",
    ["homophone", "name_mask", "phone_mask", "id_mask", "romanised", "traditional", "alias", "swapped"],
)
def test_each_level_makes_more_of_each_difficulty(worlds, difficulty):
    low, medium, high = (counts[difficulty] / counts["mentions"] for _, counts in worlds.values())
    assert low < medium < high


def test_less_is_noted_the_worse_the_world(worlds):
    def part_with(records, field):
        persons = [person for record in records for person in record.get("persons", ())]
        return sum(field in person for person in persons) / len(persons)

    for field in ("gender", "birth_date", "hukou"):
        low, medium, high = (part_with(records, field) for records, _ in worlds.values())
        assert low > medium > high


def test_of_miswritten_names_most_are_by_ear_and_half_by_eye():
    """83 % and 48 % (Liu 2010), less what has no such character in the tables."""
    writer = scribe()
    everyone = people(4000)
    wrong = [writer._miswritten(person.name) for person in everyone]
    changed = sum(each != person.name for each, person in zip(wrong, everyone, strict=True))
    assert 0.75 < writer.counts["homophone"] / changed < 0.9
    assert 0.4 < writer.counts["lookalike"] / changed < 0.53
    assert all(
        sum(a != b for a, b in zip(each, person.name, strict=True)) <= 1
        for each, person in zip(wrong, everyone, strict=True)
    )


def test_a_name_in_latin_letters_has_its_surname_first_or_last_in_either_spelling():
    writer, everyone = scribe(romanised=1.0), people()
    spelt = {person.name: writer.name(person, CHECK) for person in everyone}
    assert all(name.isascii() for name in spelt.values())
    scripts = tables().scripts
    pinyin = {name: "".join(scripts[char].pinyin for char in name) for name in spelt}
    letters = {name: latin.replace(" ", "").replace("-", "").lower() for name, latin in spelt.items()}
    assert 0.3 < sum(letters[name] == pinyin[name] for name in spelt) / len(spelt) < 0.7
    assert sum("." in latin for latin in spelt.values()) > 10
    assert sum("-" in latin for latin in spelt.values()) > 10


def test_a_name_in_traditional_characters_is_as_long_and_often_another():
    writer, everyone = scribe(traditional=1.0), people()
    written = [writer.name(person, CHECK) for person in everyone]
    assert all(len(each) == len(person.name) for each, person in zip(written, everyone, strict=True))
    assert sum(each != person.name for each, person in zip(written, everyone, strict=True)) > 100


def test_another_name_of_a_person_is_always_the_same_and_half_of_the_times_beside_the_real_one():
    writer, (person, *_) = scribe(alias=1.0), people(1)
    exact = CHECK._replace(has_name=1.0, sound=0.0, look=0.0, name_mask=0.0)
    seen = [writer.describe(person, "p1", exact) for _ in range(60)]
    assert len({each["name"] for each in seen}) == 1
    assert seen[0]["name"] != person.name
    assert 15 < sum(each.get("aliases") == [person.name] for each in seen) < 45


def test_two_neighbouring_digits_change_places():
    writer, everyone, changed = scribe(swapped=1.0), people(), 0
    for person in everyone:
        written = writer.phone(person, CHECK._replace(phone_mask=0.0, phone_typo=0.0)).replace("+86 ", "")
        written = written.replace(" ", "")
        differ = [at for at in range(11) if written[at] != person.phone[at]]
        assert sorted(written) == sorted(person.phone)
        assert not differ or differ[1] - differ[0] == 1
        changed += bool(differ)
    assert changed == writer.counts["swapped"] > 150


def test_people_with_a_fathers_name_have_no_surname_and_lose_dot_or_part_in_writing():
    everyone = people(dotted=1.0)
    assert all(person.surname == "" and person.given.count("·") == 1 for person in everyone)
    writer = scribe(errors=0.0)
    written = {writer.name(person, CHECK) for person in everyone}
    assert any(name == person.given.partition("·")[0] for name in written for person in everyone)
    assert any("•" in name for name in written)
    assert any("·" not in name and len(name) > 4 for name in written)
    masked = scribe(masks=1.0)
    hidden = masked.name(everyone[0], CHECK._replace(name_mask=1.0))
    assert hidden.startswith(everyone[0].given.partition("·")[0])
    assert set(hidden[-2:]) <= {"某", "*"}


def test_names_of_every_length_and_kind_are_in_a_noisy_world(worlds):
    records, _ = worlds["medium"]
    names = {person["name"] for record in records for person in record.get("persons", ()) if "name" in person}
    lengths = {len(name) for name in names if HAN.fullmatch(name)}
    assert lengths >= {2, 3, 4}
    assert any(name.startswith("欧阳") for name in names)
    assert any("·" in name for name in names)


def test_every_character_of_the_made_people_can_be_spelt():
    known = tables()
    chars = {c for name in (*known.surnames_local, *known.surnames_other) for c in name}
    assert chars | set(known.given_m) | set(known.given_f) <= set(known.scripts)

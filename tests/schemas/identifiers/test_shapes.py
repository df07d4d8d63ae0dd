"""Variant forms of characters are folded for comparison, and look-alikes are told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import names, shapes
from schemas.reference import surnames, tables

GROUPS = list(tables.rows("lookalikes.tsv"))
VARIANTS = list(tables.rows("variants.tsv"))
NAMES = st.text(alphabet="符付傅萧肖喆哲昇升坤堃伟炜玮陈阵欧阳", min_size=1, max_size=4)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("李喆", "李哲"),
        ("李堃", "李坤"),
        ("傅强", "付强"),
        ("蕭強", "肖强"),
        ("萧强", "肖强"),
        ("锺嘉昇", "钟嘉升"),
        ("閻崐", "闫昆"),
    ],
)
def test_two_forms_of_one_name_have_one_variant_key(one, other):
    assert names.key(one) != names.key(other)
    assert shapes.variant_key(one) == shapes.variant_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("李傅", "李付"), ("李萧", "李肖"), ("王兰", "王蓝"), ("李伟", "李玮")]
)
def test_what_is_one_surname_in_two_forms_stays_two_characters_elsewhere(one, other):
    assert shapes.variant_key(one) != shapes.variant_key(other)


@given(NAMES)
def test_a_variant_key_stays_as_it_is_and_is_as_long_as_the_name(name):
    once = shapes.variant_key(name)
    assert shapes.variant_key(once) == once
    assert len(once) == len(name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("陈己", "陈巳"),
        ("王未", "王末"),
        ("李玮", "李伟"),
        ("林锋", "林峰"),
        ("邢刚", "刑刚"),
        ("陈军", "陈车"),
    ],
)
def test_names_of_which_one_character_looks_like_another_look_alike(one, other):
    assert shapes.look_alike(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("李玮锋", "李伟峰"),
        ("李玮", "李玮"),
        ("李玮", "李玮强"),
        ("陈海", "陈江"),
        ("李傅", "李强"),
        ("王小", "王大"),
    ],
)
def test_other_names_do_not_look_alike(one, other):
    assert not shapes.look_alike(one, other)


@given(NAMES, NAMES)
def test_looking_alike_is_symmetric(one, other):
    assert shapes.look_alike(one, other) == shapes.look_alike(other, one)


def test_every_group_of_look_alikes_has_a_character_of_names_and_only_simplified_ones():
    known = {char for name in surnames.family_names() for char in name} | set(surnames.given_chars())
    for shared, group in GROUPS:
        assert len(set(group)) == len(group) >= 2, group
        assert group == names.key(group), group
        assert shared == "=" or known & set(group), group


def test_a_character_has_few_look_alikes():
    sizes = sorted(len(shapes.look_alikes(char)) for _, group in GROUPS for char in group)
    assert sizes[len(sizes) // 2] <= 15
    assert sizes[-1] <= 45


def test_no_form_is_the_form_of_two_characters_and_every_standard_form_stands():
    for where in ("name", "surname"):
        forms = [form for _, group, at in VARIANTS for form in group if at == where]
        assert len(forms) == len(set(forms))
        assert not set(forms) & {standard for standard, _, at in VARIANTS if at == where}

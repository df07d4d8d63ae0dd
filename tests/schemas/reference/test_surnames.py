from hypothesis import given
from hypothesis import strategies as st

from schemas.reference import surnames, tables

ROWS = list(tables.rows("surnames.tsv"))


def test_the_shares_are_those_of_a_population():
    assert len(ROWS) >= 350
    assert len({row[0] for row in ROWS}) == len(ROWS)
    assert 850 < sum(float(row[1]) for row in ROWS) < 1000
    assert 700 < sum(float(row[2]) for row in ROWS) < 1200


def test_the_surnames_that_stand_out_in_hainan_do():
    for surname in ("符", "陈", "王", "吴", "林"):
        assert surnames.share(surname, hainan=True) > surnames.share(surname)


def test_given_name_characters_are_shares_too():
    shares = [float(row[1]) for row in tables.rows("given_chars.tsv")]
    assert len(shares) >= 300
    assert 800 < sum(shares) < 1000


def test_compound_surnames_are_not_cut():
    assert surnames.split("欧阳强") == ("欧阳", "强")
    assert surnames.split("欧阳") == ("欧", "阳")


def test_no_surname_is_assumed_where_there_may_be_none():
    for name in ("买买提·艾力", "Lin Wei", "阿明", "强", ""):
        assert surnames.split(name) == ("", name)


@given(st.text(max_size=8))
def test_a_name_is_worth_between_4_and_16_bits(name):
    assert 4.0 <= surnames.name_bits(name) <= 16.0
    assert 4.0 <= surnames.name_bits(name, hainan=True) <= 16.0


def test_usual_names_are_worth_less_than_rare_ones():
    assert surnames.name_bits("王伟") < surnames.name_bits("赵伟") < surnames.name_bits("覃骁")
    assert surnames.name_bits("王建国") < surnames.name_bits("王骁骥")
    assert surnames.name_bits("符强", hainan=True) < surnames.name_bits("符强")


def test_the_estimate_is_near_the_known_number_of_bearers():
    """王伟 has about 290,000 bearers among 1.4 billion, 王建国 about 100,000 [K]: within two bits."""
    assert abs(surnames.name_bits("王伟") - 12.2) < 2
    assert abs(surnames.name_bits("王建国") - 13.8) < 2

"""Which passwords are refused, and what a made-up one is like."""

from __future__ import annotations

import math
import secrets

import pytest

from graph.console.passwords import _LETTERS, SHORTEST, Passwords, _absurd, check, made_up
from schemas.errors import Invalid
from tests.graph.console.people import GOOD


@pytest.mark.parametrize(
    "password",
    [
        "elf zeichen",
        "x" * 257,
        "zhang3-shi-wo",
        "wo jiu shi 林小满",
        "Password1234",
        "ｐａｓｓｗｏｒｄ１２３４",
        "5201314woaini",
        "1qaz2wsx3edc",
        "ababababababab",
    ],
)
def test_short_own_and_absurd_passwords_are_refused(password: str):
    with pytest.raises(Invalid) as refused:
        check(password, "zhang3", "林小满")
    assert refused.value.field == "password"
    assert password not in str(refused.value)


@pytest.mark.parametrize(
    "password", [GOOD, "li-zi-shu-xia-7", "四只喜鹊在老榕树上面叫了一天", "x y z w 1 2 3 4"]
)
def test_others_are_taken(password: str):
    check(password, "li", "X")


def test_a_hundred_and_more_absurd_passwords_are_known_and_each_could_be_taken():
    assert len(_absurd()) >= 100
    assert [each for each in _absurd() if len(each) < SHORTEST or each != each.casefold()] == []


def test_a_made_up_password_has_more_than_eighty_bits_and_is_taken():
    assert 20 * math.log2(len(_LETTERS)) >= 80
    assert len(set(_LETTERS)) == len(_LETTERS) == 32
    assert not set(_LETTERS) & set("l1o0")
    made = {made_up(secrets.token_bytes) for _ in range(50)}
    assert len(made) == 50
    for each in made:
        check(each, "li", "李安")


def test_hashes_are_argon2id_with_the_librarys_parameters_and_salted():
    passwords = Passwords()
    first, second = passwords.hash(GOOD), passwords.hash(GOOD)
    assert first != second
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.fits(first, GOOD)
    assert not passwords.fits(first, GOOD + " ")
    assert not passwords.outdated(first)


def test_no_hash_fits_nothing_and_a_damaged_one_either():
    passwords = Passwords()
    assert not passwords.fits(None, "")
    assert not passwords.fits("not a hash", GOOD)

"""Copies of a tip share a fingerprint; other tips do not."""

from hypothesis import given
from hypothesis import strategies as st

from streams.text.fingerprint import SHORTEST, fingerprint

TIP = "有人在大同路金海岸酒吧后门卖气弹，每箱300元，电话13800001234。"


def test_spacing_punctuation_width_and_emoji_do_not_make_another_tip():
    copy = "有人在大同路「金海岸」酒吧後門 賣氣彈🎈！每箱３００元；電話１３８ ００００ １２３４\u200b"
    assert fingerprint(copy) == fingerprint(TIP) is not None


def test_another_word_makes_another_tip():
    assert fingerprint(TIP.replace("300", "400")) != fingerprint(TIP)


def test_redaction_marks_do_not_tell_copies_apart():
    assert fingerprint(f"我叫■■■。{TIP}") == fingerprint(f"我叫■■。{TIP}")


def test_a_short_text_has_none_however_much_punctuation_it_has():
    assert fingerprint("卖气弹" + "！" * 100) is None
    assert fingerprint("字" * SHORTEST) is not None


def test_the_hash_is_stable_across_versions():
    """Stored fingerprints are compared with new ones: changing the rule needs a migration."""
    assert fingerprint(TIP) == fingerprint(TIP)
    assert -(2**63) <= fingerprint(TIP) < 2**63


@given(
    st.text(max_size=60),
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from(" ，。!🙂\u200b")), max_size=8),
)
def test_blanks_and_marks_put_in_anywhere_change_nothing(text, marks):
    other = text
    for place, mark in marks:
        other = other[:place] + mark + other[place:]
    assert fingerprint(other) == fingerprint(text)

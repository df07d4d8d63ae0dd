from hypothesis import given
from hypothesis import strategies as st

from schemas.identifiers import mask

FORMS = st.text(alphabet="12A*…", max_size=9)


def _fits(pattern, whole):
    """Plain matching of a whole value against one mask, by recursion: the slow way to say it."""
    if not pattern:
        return not whole
    if pattern[0] == mask.MANY:
        return any(_fits(pattern[1:], whole[cut:]) for cut in range(len(whole) + 1))
    return bool(whole) and pattern[0] in (whole[0], mask.ONE) and _fits(pattern[1:], whole[1:])


@given(FORMS, FORMS)
def test_compatibility_is_symmetric(left, right):
    assert mask.compatible(left, right) == mask.compatible(right, left)


@given(FORMS)
def test_every_value_is_compatible_with_itself(form):
    assert mask.compatible(form, form)


@given(FORMS, st.text(alphabet="12A", max_size=7))
def test_a_mask_against_a_whole_value_is_plain_pattern_matching(form, whole):
    assert mask.compatible(form, whole) == _fits(form, whole)


@given(FORMS, FORMS, st.text(alphabet="12A", max_size=6))
def test_two_masks_that_fit_one_value_are_compatible(left, right, whole):
    if _fits(left, whole) and _fits(right, whole):
        assert mask.compatible(left, right)


def test_masks_that_contradict_each_other_are_not_compatible():
    assert not mask.compatible("138****1234", "139****1234")
    assert not mask.compatible("6222…1234", "…1235")
    assert not mask.compatible("138****1234", "138***1234")


def test_any_number_of_stars_is_stretched_to_the_length_of_the_kind():
    assert mask.stretch("138*1234", 11) == "138****1234"
    assert mask.stretch("138******1234", 11) == "138****1234"


def test_it_is_not_guessed_which_of_two_hidden_runs_is_too_short():
    assert mask.stretch("1*8*1234", 11) is None

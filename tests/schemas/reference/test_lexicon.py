from hypothesis import given
from hypothesis import strategies as st

from schemas.reference.lexicon import Lexicon

TERMS = st.sets(st.text(alphabet="甲基苯丙", min_size=1, max_size=5), max_size=12)


class CountedLexicon(Lexicon):
    looked = 0

    def _longest(self, text, start):
        self.looked += 1
        return super()._longest(text, start)


@given(TERMS, st.text(alphabet="甲基苯丙x", max_size=40))
def test_it_finds_what_trying_every_length_at_every_place_finds(terms, text):
    expected, at = [], 0
    while at < len(text):
        best = max((term for term in terms if text.startswith(term, at)), key=len, default=None)
        if best is not None:
            expected.append((at, at + len(best), best))
        at += len(best) if best else 1
    assert list(Lexicon(terms).find(text)) == expected


@given(TERMS, st.integers(1, 20))
def test_no_text_makes_it_look_more_than_once_at_a_place(terms, times):
    lexicon = CountedLexicon(terms)
    text = "甲基苯丙甲基苯" * times
    list(lexicon.find(text))
    assert lexicon.looked <= len(text)


def test_latin_terms_stand_alone_and_give_way_to_shorter_ones_that_do():
    lexicon = Lexicon(["mdma", "md", "k粉"])
    assert [term for *_, term in lexicon.find("mdma，mdmax，k粉，xk粉")] == ["mdma", "k粉", "k粉"]


def test_an_empty_lexicon_finds_nothing():
    assert list(Lexicon([]).find("甲基苯丙胺")) == []

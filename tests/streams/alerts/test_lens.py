"""What a lens has let go, it asks for again; what it still holds is whole."""

from __future__ import annotations

from fake_reader import Told

from streams.alerts.lens import Lens


def test_what_somebody_is_called_and_what_identifies_them_are_let_go_together(owner):
    owner.take(*(Told(name=f"s110/{letter}", things=(f"p{letter}",)) for letter in "abcd"))
    one, *others = (owner.reader.key(f"p{letter}") for letter in "abcd")
    lens = Lens(owner.reader, most=1)
    assert lens.identity_kinds(one) == {"id_number"}
    for _ in range(3):
        lens.look_again(frozenset())
        lens.label(one)
        for each in others:
            lens.identity_kinds(each)
    assert lens.identity_kinds(one) == {"id_number"}

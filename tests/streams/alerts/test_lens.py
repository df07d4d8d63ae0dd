"""What a lens has let go, it asks for again; what it still holds is whole."""

from __future__ import annotations

import pytest
from fake_reader import FakeReader, Latest, Supplied, Told

from streams.alerts.lens import Lens


def test_what_somebody_is_called_and_what_identifies_them_are_let_go_together(owner):
    owner.take(*(Told(name=f"s110/{letter}", things=(f"p{letter}",)) for letter in "abcd"))
    one, *others = (owner.reader.key(f"p{letter}") for letter in "abcd")
    lens = Lens(owner.reader, most=1)
    assert lens.identity_kinds(one) == {"id_number"}
    for _ in range(3):
        lens.look_again(frozenset(), frozenset())
        lens.label(one)
        for each in others:
            lens.identity_kinds(each)
    assert lens.identity_kinds(one) == {"id_number"}


@pytest.fixture
def asked(monkeypatch):
    """What the reader was asked about deliveries: of how many entities, and after which edge."""
    asked = []
    read = FakeReader.likely_deliveries

    def watched(self, keys, direction, least, least_parcel, after):
        asked.append((len(keys := list(keys)), after))
        return read(self, keys, direction, least, least_parcel, after)

    monkeypatch.setattr(FakeReader, "likely_deliveries", watched)
    return asked


def supply(name, *targets):
    return Told(name=name, supplied=tuple(Supplied("pa", target) for target in targets))


def test_of_a_supplier_who_only_gained_deliveries_the_old_ones_are_not_read_again(owner, asked):
    owner.take(supply("s110/1", "pb", "pc"))
    lens = Lens(Latest(owner))
    supplier = owner.reader.key("pa")
    first = lens.deliveries(supplier, "down")
    last = owner.reader.last_edge()
    owner.take(supply("s110/2", "pd"))
    asked.clear()
    lens.look_again(frozenset({supplier, owner.reader.key("pd")}), frozenset())
    assert asked == [(0, last), (1, last)]
    assert lens.deliveries(supplier, "down") == first + owner.reader.likely_deliveries(
        (supplier,), "down", 0.0, 0.0, last
    )
    assert len(lens.deliveries(supplier, "down")) == 3


def test_a_delivery_is_forgotten_when_whom_it_went_to_changed(owner):
    owner.take(supply("s110/1", "pb", "pc"))
    lens = Lens(Latest(owner))
    supplier, target = owner.reader.key("pa"), owner.reader.key("pb")
    lens.load_deliveries((supplier,), "down")
    owner.take(back=("s110/1",))
    lens.look_again(frozenset({target}), frozenset({target}))
    assert lens.deliveries(supplier, "down") == []

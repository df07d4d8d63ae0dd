"""Innocent records cost little, whatever is already there: counted in questions, not in seconds."""

from __future__ import annotations

from fake_reader import FakeReader, Held, Told

from streams.alerts.lens import Lens
from streams.alerts.scene import Touched, survey


def touched(*keys, opened=frozenset()):
    return Touched(entities=frozenset(keys), changed=frozenset(), opened=frozenset(opened))


def test_a_batch_is_asked_for_as_a_whole(owner):
    def batch(size, start):
        return [Told(name=f"gate/{n}", things=(f"p{n}", f"v{n}")) for n in range(start, start + size)]

    owner.take(*batch(5, 0))
    few = owner.reader.asked
    owner.take(*batch(100, 10))
    assert owner.reader.asked == few


def test_a_number_of_very_many_people_is_not_read_record_by_record(owner):
    hotel = [Told(name=f"hotel/{n}", uses=((f"p{n}", "na"),)) for n in range(30)]
    owner.take(*hotel)
    asked = []

    class Watching(FakeReader):
        def appearances(self, keys):
            asked.extend(keys)
            return super().appearances(keys)

    owner.reader.__class__ = Watching
    key = owner.reader.key("na")
    survey(touched(key), owner.rules.common, Lens(owner.reader))
    assert asked == []


def test_someone_in_one_new_record_is_not_followed(owner):
    owner.take(Told(name="s110/1", uses=(("pa", "na"),), lots=(Held("pa"),)))
    ends = owner.reader.key("pa"), owner.reader.key("na")
    scene = survey(touched(*ends, opened={owner.recs["s110/1"]}), owner.rules.common, Lens(owner.reader))
    assert scene.moved == scene.numbers == frozenset()
    assert survey(touched(*ends), owner.rules.common, Lens(owner.reader)).moved == {owner.reader.key("pa")}

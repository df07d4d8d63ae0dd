"""How much of what is to be projected is held at once."""

from msgspec import structs

from schemas.changes import Change, encode
from streams.kafka.metrics import Metrics
from streams.kafka.project import ProjectStage, reading
from streams.kafka.reading import Received
from streams.settings import WorkerSettings, read_settings

CHANGE = Change(store="a1", epoch=1, seq=1, after=0, received=0)


class Beginning:
    """A projector that gets no further than the first change."""

    def __init__(self):
        self.taken = []

    def apply(self, changes):
        self.taken.append(next(iter(changes)))


def test_a_change_is_decoded_when_it_is_its_turn():
    """All of a batch take many times their bytes; what is damaged shows that it was not looked at yet."""
    projector = Beginning()
    bodies = encode(CHANGE), b"damaged"
    batch = [Received("suyuan.changes", 0, at, None, body, {}, 0.0) for at, body in enumerate(bodies)]
    ProjectStage(projector, Metrics("project")).handle(batch)
    assert projector.taken == [CHANGE]


def test_a_projection_takes_few_changes_at_once_however_large_a_batch_may_be():
    settings = structs.replace(read_settings("s.db", {}), worker=WorkerSettings(batch=10_000))
    assert reading(settings, "46").batch <= 25


def test_a_projection_takes_no_more_than_a_batch_may_have():
    settings = structs.replace(read_settings("s.db", {}), worker=WorkerSettings(batch=7))
    assert reading(settings, "46").batch == 7

import pytest

from schemas.reference import regions
from schemas.reference.checkpoints import all_checkpoints, checkpoint


@pytest.mark.parametrize("site", all_checkpoints(), ids=lambda site: site.id)
def test_every_site_is_sound(site):
    assert regions.region(site.region) is not None
    assert site.line == (1 if site.region.startswith("44") else site.line)
    assert (site.line == 1) == site.region.startswith("44")
    assert 18 < site.lat < 22
    assert 108 < site.lon < 112
    assert not site.until or site.since < site.until
    assert site.source


def test_the_assignment_to_lines_is_labelled_an_assumption():
    assert all(site.assumed for site in all_checkpoints())


def test_every_line_has_sites():
    assert {site.line for site in all_checkpoints()} == {1, 2, 3}


@pytest.mark.parametrize(
    "name", ["海安港", "海安新港", "徐闻港", "秀英港", "新海港", "铁路北港", "铁路南港", "洋浦港"]
)
def test_the_sites_with_a_public_source_are_found_by_name(name):
    assert checkpoint(name) is not None


def test_xuwen_port_replaced_the_stations_of_haian():
    old, new = checkpoint("xuwen-haian"), checkpoint("xuwen-port")
    assert (old.valid("2019-10-01"), new.valid("2019-10-01")) == (True, False)
    assert (old.valid("2020-09-26"), new.valid("2020-09-26")) == (False, True)
    assert not old.valid("2014-12-25")


def test_an_unknown_site_is_no_fault():
    assert checkpoint("moon-base") is None

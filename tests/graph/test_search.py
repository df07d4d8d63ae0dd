"""Search: what an investigator types, and whom it finds."""

from __future__ import annotations

import pytest
from builder import StoreBuilder, phone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.sqlite.lookup import fts_query
from graph.sqlite.reader import SqliteReader
from graph.tokens import query_tokens, tokens_of_features, tokens_of_value, whole_number
from schemas.claims import Features, Identifier

PEOPLE = {
    "q": Features(name="符玮强", identifiers=(phone("13800001234"),)),
    "h": Features(name="符伟强", masked=(phone("139****8888"),)),
    "w": Features(name="王伟", identifiers=(Identifier("id_number", "460100199003070031"),)),
    "l": Features(name="欧阳小丽", aliases=("阿丽",), identifiers=(Identifier("wechat", "wx_Li-2019"),)),
    "u": Features(name="买买提·艾力"),
    "e": Features(name="Li Wei"),
    "m": Features(name="林某某"),
}


TYPED = [
    ("符玮强", "符玮强"),
    ("符瑋強", "符玮强"),
    ("小丽", "欧阳小丽"),
    ("阿丽", "欧阳小丽"),
    ("阳小", "欧阳小丽"),
    ("fuweiqiang", "符伟强"),
    ("FWQ", "符伟强"),
    ("ouyang", "欧阳小丽"),
    ("艾力", "买买提·艾力"),
    ("买买提艾力", "买买提·艾力"),
    ("li wei", "Li Wei"),
    ("林某某", "林某某"),
    ("王", "王伟"),
    ("13800001234", "符玮强"),
    ("138-0000-1234", "符玮强"),
    ("1380000", "符玮强"),
    ("138", "符玮强"),
    ("1234", "符玮强"),
    ("01234", "符玮强"),
    ("138****1234", "符玮强"),
    ("138xxxx1234", "符玮强"),
    ("13912348888", "符伟强"),
    ("139****8888", "符伟强"),
    ("4601", "王伟"),
    ("460100", "王伟"),
    ("46010019900307", "王伟"),
    ("0031", "王伟"),
    ("wx_li-2019", "欧阳小丽"),
    ("琼A12345", "琼A12345"),
    ("琼A", "琼A12345"),
    ("2345", "琼A12345"),
    ("蓝天", "海口市蓝天KTV歌城"),
    ("ktv", "海口市蓝天KTV歌城"),
    ("2019-551", "2019-551"),
    ("551", "2019-551"),
    ("符玮强 1234", "符玮强"),
]
"""What somebody types, and who is among the first two found."""


def speak_of_all(store):
    """One record in which everybody is."""
    store.record("460100-110/20190603-1")
    for ref, features in PEOPLE.items():
        pid = store.profile("person", features)
        store._mention("460100-110/20190603-1", ref, pid, "unknown", None)
    store.mention("460100-110/20190603-1", "v", "vehicle", identifiers=(Identifier("plate", "琼A12345"),))
    store.mention("460100-110/20190603-1", "g", "venue", name="海口市蓝天KTV歌城")
    store.value("460100-110/20190603-1", "case", "case", "2019-551")
    store.value("460100-110/20190603-1", "phone", "phone", "13800001234")


@pytest.fixture
def find(store):
    speak_of_all(store)
    reader = SqliteReader(store.db)
    return lambda text, limit=50: [reader.label(key) for key in reader.search(text, limit)]


@pytest.mark.parametrize(("text", "first"), TYPED)
def test_what_is_typed_finds_whom_it_means(find, text, first):
    assert first in find(text)[:2]


def test_both_stores_find_the_same_in_the_same_order(store, reader_of):
    """Whatever is typed; and know the same of what is an identifier or a name and what is not."""
    speak_of_all(store)
    for number in range(30):
        store.record(f"460100-110/{number}")
        store.mention(f"460100-110/{number}", "p", name=f"王{'伟强丽明'[number % 4]}", birth=str(number // 2))
        store.value(f"460100-110/{number}", "place", "region", "460100", ref="")
    store.withdraw("460100-110/3")
    sqlite, other = SqliteReader(store.db), reader_of(store.db)
    nasty = [
        "",
        " ",
        "'\" OR * NOT (",
        "***",
        "\x00",
        "…",
        "-",
        "AND",
        "a\\:b",
        "~王^2",
        "[1 TO 9]",
        "/王/",
        "h:138",
    ]
    for text in [
        *(text for text, _ in TYPED),
        *nasty,
        "460100-110/20190603-1",
        "460100-110/7#p",
        "王明",
        "海口",
    ]:
        assert other.search(text) == sqlite.search(text), text
        assert other.search(text, 3) == sqlite.search(text, 3), text
        assert other.resolve(text) == sqlite.resolve(text), text


def test_a_homophone_is_found_after_the_exact_name(find):
    assert find("符玮强") == ["符玮强", "符伟强"]
    assert set(find("符炜强")[:2]) == {"符伟强", "符玮强"}


def test_a_record_finds_everyone_it_speaks_of(find):
    assert len(find("460100-110/20190603-1")) == len(PEOPLE) + 4


def test_a_mask_finds_only_what_it_can_stand_for(find):
    assert "符玮强" not in find("138****1235")
    assert "符伟强" not in find("13912348889")


def test_nothing_is_found_for_what_nobody_said(find):
    for text in ("", "   ", "赵六", "13711112222", "'\" OR * NOT (", "***", "\x00", "…", "-"):
        assert find(text) == []


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ('"138****1234"', "符玮强"),
        ('"13800001234"', "符玮强"),
        ('"符玮强', "符玮强"),
        ('符"玮 强', "符玮强"),
        ("“王伟”", "王伟"),
        ("琼A1\x002345", "琼A12345"),
    ],
)
def test_quotes_around_what_is_typed_do_not_matter(find, text, first):
    assert find(text)[0] == first


def test_half_a_surrogate_pair_finds_nothing(find, store):
    assert find("王伟\udce5") == []
    assert SqliteReader(store.db).resolve("王伟\udce5") == ()


def test_the_living_are_found_however_many_dead_stand_before_them(store, reader_of):
    store.record("a/1")
    for number in range(450):
        store.mention(
            "a/1", f"p{number}", name="王伟", birth=str(number), identifiers=(phone("13700004321"),)
        )
    store.withdraw("a/1")
    store.record("a/2")
    store.mention("a/2", "p", name="王伟", identifiers=(phone("13700004321"),))
    reader = reader_of(store.db)
    (alive,) = reader.resolve("王伟")
    for text in ("王伟", "伟", "wangwei", "4321", "137****4321", "13700004321"):
        assert reader.search(text) == [alive]


def test_others_are_found_beside_one_who_was_described_in_very_many_ways(store, reader_of):
    store.record("a/1")
    for number in range(250):
        entity = ("a/1", "p0") if number else None
        store.mention("a/1", f"p{number}", entity=entity, name="王伟", birth=str(number))
    store.mention("a/1", "other", name="王伟", birth="other")
    assert len(reader_of(store.db).search("王伟")) == 2


def test_a_limit_above_a_page_is_kept_to(store, reader_of):
    store.record("a/1")
    for number in range(430):
        store.mention("a/1", f"p{number}", name="王伟", birth=str(number))
    reader = reader_of(store.db)
    assert [len(reader.search("王伟", limit)) for limit in (50, 420, 1000)] == [50, 420, 430]


def test_no_more_than_the_limit_is_found(find):
    assert len(find("460100-110/20190603-1", limit=3)) == 3


ANYTHING = st.text(st.characters(codec=None), max_size=40) | st.lists(
    st.sampled_from(
        ['"', "'", "*", "^", ":", "(", ")", "-", " ", "\x00", "\ud800", "\udcff", "#", "/", "per-", "ß",
         "…", "AND", "OR", "NOT", "NEAR(", "tokens:", "王", "某", "138", "****", "1234", "x", "琼A", "²"]
    ),
    max_size=14,
).map("".join)  # fmt: skip
"""Halves of surrogate pairs too, and what means something to FTS5 or to our readings."""


@given(ANYTHING)
def test_any_text_makes_a_query_and_not_an_error(text):
    for alternative in query_tokens(text):
        assert fts_query(alternative).count('"') % 2 == 0


@given(st.text(min_size=1, max_size=20), st.text(max_size=20))
def test_tokens_hold_no_white_space_and_no_quotes(name, number):
    features = Features(name=name, aliases=(number,), identifiers=(Identifier("wechat", number),))
    tokens = tokens_of_features(features, "person")
    assert '"' not in tokens
    assert tokens == " ".join(tokens.split())
    assert '"' not in tokens_of_value("phone", number) + whole_number(number)


def test_a_person_has_some_twenty_tokens_and_no_more():
    """The index is what writing is slow at; 25 tokens a person is the budget."""
    features = Features(
        name="符玮强", identifiers=(phone("13800001234"), Identifier("id_number", "460100199003070031"))
    )
    assert len(tokens_of_features(features, "person").split()) <= 25


def test_a_fault_in_the_index_is_not_taken_for_nothing_found(store):
    store.db.execute("DROP TABLE search")
    with pytest.raises(Exception, match="no such table"):
        SqliteReader(store.db).search("王伟")


@pytest.mark.usefixtures("find")
def test_an_id_finds_its_entity_and_no_other(store):
    """Not even one with a number of the same letters: other readings are not tried."""
    reader = SqliteReader(store.db)
    for number, who in enumerate(("符玮强", "2019-551")):
        (key,) = reader.resolve(who)
        id_ = reader.public_id(key)
        store.record(f"460100-110/odd-{number}")
        store.mention(f"460100-110/odd-{number}", "p", identifiers=(Identifier("wechat", id_),))
        assert SqliteReader(store.db).search(id_) == [key]


def test_a_checkpoint_is_shown_by_its_name(store, reader_of):
    store.record("a/1")
    store.value("a/1", "place", "checkpoint", "haikou-xiuying")
    store.value("a/1", "place", "checkpoint", "somewhere-new")
    reader = reader_of(store.db)
    assert [reader.label(reader.resolve(who)[0]) for who in ("haikou-xiuying", "somewhere-new")] == [
        "秀英港", "somewhere-new",
    ]  # fmt: skip


def test_letters_that_grow_as_capitals_make_no_id(find, store):
    assert find("per-" + "ß" * 8 + "aaaaa") == []
    assert SqliteReader(store.db).resolve("per-" + "ß" * 8 + "aaaaa") == ()


@pytest.mark.usefixtures("find")
@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # the store is only read
@given(text=ANYTHING)
def test_whatever_is_typed_is_looked_for_without_an_error(store, text):
    reader = SqliteReader(store.db)
    reader.entities(reader.search(text))
    reader.entities(reader.resolve(text))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=20))
def test_any_text_is_searched_and_resolved_without_an_error(text):
    store = StoreBuilder()
    try:
        store.record("a/1")
        store.mention("a/1", "p", name=text or "王", identifiers=(phone("13800001234"),))
        reader = SqliteReader(store.db)
        reader.search(text)
        reader.resolve(text)
    finally:
        store.db.close()

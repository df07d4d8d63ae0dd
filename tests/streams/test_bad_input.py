"""A bad line costs that line only: every reason of the contract from the bytes to the list of refusals."""

from __future__ import annotations

import copy
import gzip
import json
import random
from contextlib import suppress
from hashlib import sha256

import pytest

from graph.export import canonical
from graph.sqlite.reader import SqliteReader
from schemas.errors import InputError, NotFound, VaultError
from streams.inputs import read_lines
from streams.simulate.world import simulate, simulate_lines
from streams.vault.vault import Vault
from tests.streams.made_up import RECEIVED, line, numbered, open_owner, record, refused, ticking, tip
from tests.streams.worlds import first_difference

DAY = 86_400_000_000
KEY = "world.vault.key"
TOO_LARGE = line(tip("large", text="长" * 90_000))
ENDLESS = line(tip("endless", text="长" * 500_000))

BAD = [  # the bytes; the reason, the path that is told, the name that is told
    (b'{"kind": "tip", "text": "\xff\xfe"}', "encoding", None, None),
    ("\ufeff".encode("utf-16") + line(tip(1)), "encoding", None, None),
    (b'{"kind": "tip"', "json", None, None),
    (b"[1, 2]", "json", None, None),
    (b'"text"', "json", None, None),
    (line(tip("twice"))[:-1] + b', "kind": "tip"}', "json", None, None),
    (line(tip("nan"))[:-1] + b', "extra": NaN}', "json", None, None),
    (line(tip("half"))[:-1] + b', "extra": "\\ud800"}', "json", None, None),
    (line(tip("nul"))[:-1] + b', "extra": "a\\u0000"}', "json", None, None),
    (line(tip("deep"))[:-1] + b', "extra": ' + b"[" * 40 + b"]" * 40 + b"}", "json", None, None),
    (line(tip("after")) + line(tip("after")), "json", None, None),
    (line(record("rumour", "k")), "schema", "kind", "made-up/k"),
    (line(tip("r", region=None)), "schema", "region", "made-up/r"),
    (line(tip("white space")), "schema", "source_id", None),
    (line(tip("p", persons=[{"name": "林小满"}])), "schema", "persons[0].ref", "made-up/p"),
    (line(tip("s", persons=[{"ref": "a"}, {"ref": "a"}])), "schema", "persons[1].ref", "made-up/s"),
    (line(tip("ro", persons=[{"ref": "a", "role": "dealer"}])), "schema", "persons[0].role", "made-up/ro"),
    (line(tip("b", reporter="某甲")), "schema", "reporter", "made-up/b"),
    (TOO_LARGE, "too_large", None, None),
    (ENDLESS, "too_large", None, None),
    (line(tip("v", vehicles=[{"ref": "v", "driver": "x"}])), "reference", "vehicles[0].driver", "made-up/v"),
    (
        line(record("seizure", "l", lots=[{"ref": "l", "held_by": "nobody"}])),
        "reference",
        "lots[0].held_by",
        "made-up/l",
    ),
    (line(tip("re", purpose="rehabilitation")), "purpose", "purpose", "made-up/re"),
    (line(tip("he", purpose="health")), "purpose", "purpose", "made-up/he"),
    (line(record("seizure", "su", purpose="supervision")), "purpose", "purpose", "made-up/su"),
    (line(tip("t", reported_at="昨天")), "time", "reported_at", "made-up/t"),
    (line(tip("old", reported_at="1948-12-31T12:00:00+08:00")), "time", "reported_at", "made-up/old"),
    (line(tip("new", reported_at="2023-11-20T12:00:00+08:00")), "time", "reported_at", "made-up/new"),
    (line(tip("o", occurred="2019-13")), "time", "occurred", "made-up/o"),
    (line(tip("f", occurred={"from": "2019-06", "to": "2019-05"})), "time", "occurred", "made-up/f"),
    (line(record("withdrawal", "w", reported_at="soon")), "time", "reported_at", "made-up/w"),
]  # fmt: skip
EVERY_REASON = {"encoding", "json", "schema", "too_large", "reference", "conflict", "purpose", "time"}


def exported(owner):
    return list(canonical(SqliteReader(owner.connection)))


@pytest.fixture
def owner(tmp_path):
    with open_owner(tmp_path) as opened:
        yield opened


def rows(owner, columns):
    return owner.connection.execute(f"SELECT {columns} FROM refusal ORDER BY n").fetchall()


# --- each reason ----------------------------------------------------------------------------------


@pytest.mark.parametrize(("body", "reason", "path", "name"), BAD, ids=range(len(BAD)))
def test_a_bad_record_is_listed_with_its_reason_and_place_and_nothing_of_it_is_known(
    owner, tmp_path, body, reason, path, name
):
    (tmp_path / "in.jsonl").write_bytes(line(tip("good")) + b"\n" + body + b"\r\n")
    report = owner.ingest(read_lines(str(tmp_path / "in.jsonl")))
    assert (report.read, report.accepted, report.rejected) == (2, 1, {reason: 1})
    ((*found, origin, digest, received),) = rows(owner, "reason, path, record, origin, sha256, received")
    assert found == [reason, path, name]
    assert json.loads(origin) == {"file": str(tmp_path / "in.jsonl"), "line": 2}
    assert digest == sha256(body).hexdigest()
    assert owner.connection.execute("SELECT name FROM record").fetchall() == [("made-up/good",)]
    assert received == owner.state.received


def test_what_was_refused_can_be_opened_with_the_key_byte_for_byte(owner, tmp_path):
    bad = [body for body, *_ in BAD if body is not ENDLESS]
    owner.ingest(numbered(bad))
    with Vault.open(tmp_path / "world.vault") as vault:
        for body in bad:
            opened = vault.open_refused(sha256(body).hexdigest(), tmp_path / KEY, because="test", who="test")
            assert opened.body == body


def test_every_reason_of_the_contract_is_tried_here():
    assert {reason for _, reason, *_ in BAD} == EVERY_REASON - {"conflict"}


@pytest.mark.parametrize("batch", [1, 3, 500])
def test_the_content_first_received_stands_whatever_the_batch(tmp_path, batch):
    person = {"ref": "p", "name": "林小满", "phones": ["13800001234"]}
    first = tip(1, persons=[person])
    others = [
        tip(1, persons=[person | {"name": "周远航"}]),
        record("seizure", 1, persons=[person]),
        record("seizure", 1, revision=2),
    ]
    with open_owner(tmp_path) as owner:
        report = owner.ingest(numbered([first, tip(2), *others, first]), batch=batch)
        assert (report.accepted, report.duplicates, report.rejected) == (2, 1, {"conflict": 3})
        assert rows(owner, "reason, record, path") == [("conflict", "made-up/1", "revision")] * 3
        assert '"label":"林小满"' in b"".join(exported(owner)).decode()
        (tmp_path / "alone").mkdir()
        with open_owner(tmp_path / "alone") as alone:
            alone.ingest(numbered([first, tip(2)]))
            assert exported(owner) == exported(alone)


def test_a_conflicting_kind_is_refused_even_when_a_withdrawal_took_the_first_back(owner):
    gone = record("withdrawal", 1, reported_at="2019-06-04T10:00:00+08:00")
    again = record("seizure", 1, revision=2, reported_at="2019-06-05T10:00:00+08:00")
    assert owner.ingest(numbered([tip(1), gone, again])).rejected == {"conflict": 1}
    assert exported(owner) == []


def test_equal_as_json_is_a_duplicate_however_it_is_written(owner):
    given = tip(1, persons=[{"ref": "p", "name": "林小满"}], lots=[{"ref": "l", "quantity": 5}])
    turned = dict(reversed(given.items())) | {"unit": None, "lots": [{"quantity": 5.0, "ref": "l"}]}
    escaped = json.dumps(given, indent=1).replace("\n", " ").encode()
    report = owner.ingest(numbered([given, turned, escaped, b"\xef\xbb\xbf" + line(given) + b"\r"]))
    assert (report.accepted, report.duplicates, report.rejected) == (1, 3, {})


# --- a whole file ---------------------------------------------------------------------------------


def test_bad_lines_among_very_many_cost_only_themselves(tmp_path):
    good = list(simulate_lines(17, 1500))
    mixed = list(good)
    chance = random.Random(1)
    for body, *_ in BAD:
        mixed.insert(chance.randrange(len(mixed)), body)
    exports = []
    for name, lines in (("good", good), ("mixed", mixed)):
        (tmp_path / name).mkdir()
        (tmp_path / name / "in.jsonl").write_bytes(b"\n".join(lines))
        with open_owner(tmp_path / name) as owner:
            report = owner.ingest(read_lines(str(tmp_path / name / "in.jsonl")), batch=200)
            exports.append(exported(owner))
            assert report.read == len(lines)
            assert sum(report.rejected.values()) == len(lines) - len(good)
    assert exports[0] == exports[1], first_difference(*exports)


@pytest.mark.parametrize(
    "content", [b"", b"\n\r\n  \n", b"\xef\xbb\xbf", gzip.compress(b"", mtime=0)], ids=range(4)
)
def test_an_empty_file_is_no_error_and_changes_nothing(owner, tmp_path, content):
    (tmp_path / "in").write_bytes(content)
    report = owner.ingest(read_lines(str(tmp_path / "in")))
    assert (report.read, report.entities, report.rejected) == (0, 0, {})


def _whole_lines(path):
    count = 0
    with suppress(EOFError), gzip.open(path) as file:
        while file.readline():
            count += 1
    return count


@pytest.mark.parametrize("lost", [8, 200, 5000])
def test_a_gzip_file_cut_short_fails_after_all_that_is_whole_in_it(owner, tmp_path, lost):
    lines = list(simulate_lines(18, 700))
    packed = gzip.compress(b"\n".join(lines) + b"\n")
    (tmp_path / "in.gz").write_bytes(packed[:-lost])
    with pytest.raises(InputError, match="cut short"):
        owner.ingest(read_lines(str(tmp_path / "in.gz")))
    (kept,) = owner.connection.execute("SELECT max(position) FROM tx").fetchone()
    assert 0 < kept <= 700
    assert kept == _whole_lines(tmp_path / "in.gz")
    (tmp_path / "in.gz").write_bytes(packed)
    owner.ingest(read_lines(str(tmp_path / "in.gz")))
    (tmp_path / "whole").mkdir()
    with open_owner(tmp_path / "whole") as other:
        other.ingest(numbered(lines))
        assert exported(owner) == exported(other)


def test_a_plain_file_cut_short_costs_its_last_line(owner, tmp_path):
    lines = [line(tip(number)) for number in range(5)]
    (tmp_path / "in.jsonl").write_bytes(b"\n".join(lines)[:-9])
    report = owner.ingest(read_lines(str(tmp_path / "in.jsonl")))
    assert (report.accepted, report.rejected) == (4, {"json": 1})


# --- again ----------------------------------------------------------------------------------------


def test_the_same_again_gives_duplicates_and_nothing_changes(owner):
    lines = [*simulate_lines(19, 400), *(body for body, *_ in BAD)]
    first = owner.ingest(numbered(lines), batch=150)
    known, listed = exported(owner), rows(owner, "*")
    alerts = owner.connection.execute("SELECT count(*) FROM alert").fetchone()
    again = owner.ingest(numbered(lines, file="copy.jsonl"), batch=90)
    assert (again.accepted, again.superseded, again.withdrawn) == (0, 0, 0)
    assert again.duplicates == first.read - sum(first.rejected.values())
    assert again.rejected == first.rejected
    assert (again.entities, again.edges, again.alerts) == (first.entities, first.edges, first.alerts)
    assert exported(owner) == known
    assert rows(owner, "*") == listed
    assert owner.connection.execute("SELECT count(*) FROM alert").fetchone() == alerts


def test_refused_bytes_are_listed_once_within_and_across_batches(owner):
    body = BAD[2][0]
    assert owner.ingest(numbered([body] * 5), batch=2).rejected == {"json": 5}
    assert refused(owner) == [("json", None)]


# --- another try ----------------------------------------------------------------------------------


def test_a_retry_accepts_what_has_become_usable_and_keeps_the_rest_on_the_list(tmp_path):
    early = tip("early", reported_at="2023-11-17T12:00:00+08:00", persons=[{"ref": "p", "name": "林小满"}])
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered([early, BAD[2][0], ENDLESS]))
        before = rows(owner, "sha256, reason, origin, received")
        assert [row[1] for row in before] == ["time", "json", "too_large"]
    with open_owner(tmp_path, ticking(RECEIVED + 5 * DAY)) as owner:
        report = owner.retry_refused(tmp_path / KEY, who="王警官")
        assert (report.read, report.accepted, report.rejected) == (3, 1, {"json": 1, "too_large": 1})
        assert rows(owner, "sha256, reason, origin, received") == before[1:]
        assert "林小满".encode() in b"".join(exported(owner))
        with Vault.open(tmp_path / "world.vault") as vault:
            assert [(opening.who, opening.because) for opening in vault.audit()] == [
                ("王警官", "rejected retry")
            ] * 3


def test_a_record_that_is_sent_again_and_accepted_leaves_the_list(tmp_path):
    early = tip("early", reported_at="2023-11-17T12:00:00+08:00")
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered([early]))
        assert refused(owner) == [("time", "made-up/early")]
    with open_owner(tmp_path, ticking(RECEIVED + 5 * DAY)) as owner:
        owner.ingest(numbered([early]))
        assert refused(owner) == []


def test_a_retry_that_finds_another_reason_lists_the_record_once_with_that(tmp_path):
    early = tip("early", reported_at="2023-11-17T12:00:00+08:00")
    with open_owner(tmp_path) as owner:
        owner.ingest(numbered([early], file="first.jsonl"))
    with open_owner(tmp_path, ticking(RECEIVED + 5 * DAY)) as owner:
        owner.ingest(numbered([early | {"text": "另一内容"}]))
        owner.retry_refused(tmp_path / KEY, who="王警官")
        ((reason, origin),) = rows(owner, "reason, origin")
        assert (reason, json.loads(origin)["file"]) == ("conflict", "first.jsonl")


def test_a_retry_without_the_right_key_changes_nothing(owner, tmp_path):
    owner.ingest(numbered([BAD[2][0]]))
    (tmp_path / KEY).rename(tmp_path / "lost.key")
    for make in (lambda: None, lambda: open_owner(tmp_path / "other").close()):
        (tmp_path / "other").mkdir(exist_ok=True)
        make()
        with pytest.raises(VaultError):
            owner.retry_refused(tmp_path / "other" / KEY, who="王警官")
    assert refused(owner) == [("json", None)]


def test_only_what_is_there_and_lives_can_be_withdrawn(owner):
    owner.ingest(numbered([tip(1)]))
    with pytest.raises(NotFound, match="no record"):
        owner.withdraw("made-up/2", "给错了号码", who="王警官")
    owner.withdraw("made-up/1", "给错了号码", who="王警官")
    with pytest.raises(NotFound, match="withdrawn already"):
        owner.withdraw("made-up/1", "给错了号码", who="王警官")


def test_a_withdrawal_of_before_1970_counts_like_any_other(owner):
    old = tip(1, reported_at="1960-01-01T00:00:00Z", persons=[{"ref": "p", "name": "林小满"}])
    gone = [
        record("withdrawal", 1, reported_at=at) for at in ("1970-01-01T00:00:00Z", "1950-01-01T00:00:00Z")
    ]
    owner.ingest(numbered([old, *gone]), batch=1)
    assert exported(owner) == []


# --- anything at all ------------------------------------------------------------------------------

ODD = (
    "", " ", "某", "*", "**", "阿", "欧阳", "13800001234", "138****1234", "１３８００００１２３４",
    "琼A12345", "琼A*****", "460100199001010017", "4601**********001X", "无", "不详", "\u202e强", "🌊",
    "a" * 5000, "强" * 3000, "0", "-1", "'", '"', "%_", "(", "NEAR(", "a AND b", "=1+1", "<b>", "\\",
    "1900", "2019-02-30", "1949", "9999", "2019-06-03T21:14", "氯胺酮", "冰", "笑气", "克", "支", "万",
    "2019-551", "460100", "000000", "haikou-xiuying",
)  # fmt: skip
NUMBERS = (0, -1, 1, 0.1, 1e308, -1e308, 2**63 - 1, -(2**63), 1e-300, True)


def bent(document, chance):
    """The record with one to four of its values replaced by something odd that JSON can say."""
    made = copy.deepcopy(document)
    places = list(_places(made))
    words = [where[key] for where, key in places if isinstance(where[key], str)]
    for _ in range(chance.randint(1, 4)):
        where, key = chance.choice(places)
        if isinstance(where[key], str):
            where[key] = chance.choice((*ODD, *words))
        elif isinstance(where[key], (int, float)):
            where[key] = chance.choice(NUMBERS)
        elif isinstance(where[key], list) and where[key]:
            where[key] = chance.choice((where[key] * 2, [], where[key][:1] * 50))
    return made | {"source_id": f"{made['source_id']}-bent"}


def _places(value):
    for key in value if isinstance(value, dict) else range(len(value)):
        if key not in ("source", "source_id", "kind"):
            yield value, key
            if isinstance(value[key], (dict, list)):
                yield from _places(value[key])


def anything(owner, seed, count):
    """Bent records with whole ones between them; then everything is read."""
    chance = random.Random(seed)
    lines = []
    for document in simulate(seed, count):
        if document["kind"] != "withdrawal" and chance.random() < 0.7:
            lines.append(bent(document, chance))
        lines.append(document)
    report = owner.ingest(numbered(lines), batch=100)
    assert report.read == len(lines)
    assert report.accepted > count
    assert len(exported(owner)) > count


def test_records_with_odd_values_are_accepted_or_refused_and_never_stop_the_others(owner):
    anything(owner, 3, 500)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(100, 115))
def test_records_with_odd_values_never_stop_the_others_in_many_worlds(owner, seed):
    anything(owner, seed, 3000)

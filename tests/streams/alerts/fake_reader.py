"""A graph in memory that knows who is who by name: what the rules see, without store or resolver.

`Told` is one record; of those of the same `words` the one told first is the origin. The same token in two
records is the same thing, and a record may say that two tokens are one (`same`), so that taking it back
splits them again.
"""

from __future__ import annotations

from collections import defaultdict

import msgspec
from msgspec import Struct
from msgspec.structs import astuple

from graph.port import Appearance, Delivery, HeldLot, ReportedDelivery
from schemas.alerts import Finding
from schemas.ids import PREFIXES, hash64, part_id, whole_id
from streams.alerts.book import AlertBook
from streams.alerts.lens import Lens
from streams.alerts.rules import load_rules
from streams.alerts.scene import Touched
from streams.stages.detect import detect, detect_everything

DAY = 86_400_000_000
START = 1_560_000_000_000_000
TYPES = {"v": "vehicle", "q": "parcel", "o": "organisation", "n": "phone", "w": "account", "p": "person"}


def type_of(token):
    """The first letter of a token is its type; n and w are numbers, named by their value."""
    return TYPES[token[0]]


def day(number):
    return START + int(number * DAY)


class Supplied(Struct, frozen=True):
    source: str
    target: str
    substance: str | None = None
    earliest: float | None = None
    latest: float | None = None
    confidence: float = 0.9
    basis: str = "relation"


class Held(Struct, frozen=True):
    holder: str | None
    substance: str | None = "nitrous_oxide"
    grams: float | None = 8.0
    quantity: float | None = None
    unit: str | None = None


class Told(Struct, frozen=True, kw_only=True):
    name: str
    kind: str = "tip"
    on: float = 1
    things: tuple[str, ...] = ()
    case: str | None = None
    line: int | None = None
    outcome: str | None = None
    words: int | None = None
    lead: bool = True
    grade: str | None = "B2"
    doubts: str | None = None
    region: str = "460100"
    roles: dict[str, str] = {}
    uses: tuple[tuple[str, str], ...] = ()
    supplied: tuple[Supplied, ...] = ()
    lots: tuple[Held, ...] = ()
    same: tuple[tuple[str, str], ...] = ()
    identified: bool = True

    @property
    def source(self):
        return self.name.split("/")[0]

    @property
    def tokens(self):
        found = [*self.things]
        for pair in (*self.uses, *self.same):
            found += pair
        for delivery in self.supplied:
            found += (delivery.source, delivery.target)
        found += [lot.holder for lot in self.lots if lot.holder]
        return tuple(dict.fromkeys(found))


class FakeReader:
    """`EvidenceReader` over the live records; `recs` and `numbers` give integer keys by arrival."""

    def __init__(self, live, recs, mentions, values):
        self.live, self.recs, self.mentions, self.values = live, recs, mentions, values
        self.parent = {}
        for told in live:
            for a, b in told.same:
                self.parent[self.find(a)] = self.find(b)
        first, told_first = {}, {}
        self.seen = defaultdict(list)
        for told in sorted(live, key=lambda told: (told.on, told.name)):
            if told.words is not None:
                told_first.setdefault(told.words, told.name)
            for token in sorted(told.tokens):
                group = self.find(token)
                number = type_of(token) in ("phone", "account")
                first.setdefault(group, -values[token] if number else mentions[told.name, token])
                if told not in self.seen[group]:
                    self.seen[group].append(told)
        self.copy_of = {
            told.name: (told_first[told.words],)
            for told in live
            if told.words is not None and told_first[told.words] != told.name
        }
        self.key_of_group = first
        self.group_of_key = {key: group for group, key in first.items()}
        self.name_of_mention = {key: named for named, key in mentions.items()}
        self.token_of_value = {-key: token for token, key in values.items()}
        self.asked = 0

    def find(self, token):
        while token in self.parent and self.parent[token] != token:
            token = self.parent[token]
        return token

    def key(self, token):
        return self.key_of_group[self.find(token)]

    def members(self, key):
        group = self.group_of_key.get(key)
        return frozenset(
            token for told in self.seen.get(group, ()) for token in told.tokens if self.find(token) == group
        )

    def public_id(self, key):
        if key < 0:
            token = self.token_of_value[key]
            return whole_id(PREFIXES[type_of(token)], type_of(token), token)
        record, token = self.name_of_mention[key]
        return part_id(PREFIXES[type_of(token)], hash64(record), token)

    def public_ids(self, keys):
        return {key: self.public_id(key) for key in keys}

    def resolve(self, who):
        return tuple(key for key in self.group_of_key if self.public_id(key) == who)

    def type_of(self, key):
        return type_of(self.token_of_value[key] if key < 0 else self.name_of_mention[key][1])

    def label(self, key):
        return min(self.members(key))

    def labels(self, keys):
        return {key: self.label(key) for key in keys}

    def label_together(self, keys):
        return min(self.label(key) for key in keys)

    def all_entities(self):
        yield from sorted(self.group_of_key)

    def live_types(self, keys):
        return {key: self.type_of(key) for key in keys if key in self.group_of_key}

    def appearances(self, keys):
        self.asked += 1
        found = {}
        for key in keys:
            group = self.group_of_key[key]
            roles = ("suspect", "user", "witness", "unknown")
            found[key] = [
                Appearance(
                    self.recs[told.name], told.name, told.kind, told.source, told.region, told.case,
                    told.line, None, told.outcome, day(told.on), self.copy_of.get(told.name, ()), told.lead,
                    min(
                        (told.roles.get(t, "unknown") for t in told.tokens if self.find(t) == group),
                        key=roles.index,
                    ),
                    told.grade,
                    told.doubts,
                )
                for told in self.seen[group]
            ]  # fmt: skip
        return found

    def last_edge(self):
        return 100 * max(self.recs.values(), default=0) + 99

    def likely_deliveries(self, keys, direction, least, least_parcel, after):
        reported = {self.recs[told.name]: day(told.on) for told in self.live}
        return [
            ReportedDelivery(*astuple(each), reported[each.rec])
            for each in self.deliveries(keys, direction)
            if each.edge > after and each.confidence >= (least_parcel if each.basis == "parcel" else least)
        ]

    def deliveries(self, keys, direction):
        wanted = set(keys)
        found = []
        for told in self.live:
            for number, said in enumerate(told.supplied):
                source, target = self.key(said.source), self.key(said.target)
                if source != target and (target if direction == "up" else source) in wanted:
                    rec = self.recs[told.name]
                    latest = told.on if said.latest is None else min(said.latest, told.on)
                    found.append(
                        Delivery(
                            rec * 100 + number, source, target, told.name, rec, said.basis, said.substance,
                            None if said.earliest is None else day(said.earliest), day(latest),
                            said.confidence,
                        )
                    )  # fmt: skip
        return found

    def held_lots(self, keys):
        wanted = set(keys)
        found = defaultdict(list)
        for told in self.live:
            for lot in told.lots:
                if lot.holder and self.key(lot.holder) in wanted:
                    found[self.key(lot.holder)].append(
                        HeldLot(
                            self.recs[told.name], told.name, told.kind, day(told.on), lot.substance,
                            lot.quantity, lot.unit, lot.grams,
                        )
                    )  # fmt: skip
        return dict(found)

    def users_of(self, value_key):
        return sorted(
            {
                self.key(user)
                for told in self.live
                for user, number in told.uses
                if -self.values[number] == value_key
            }
        )

    def users_within(self, values, most):
        return {value: self.users_of(value)[: most + 1] for value in values}

    def values_used_by(self, keys):
        found = defaultdict(set)
        wanted = set(keys)
        for told in self.live:
            for user, number in told.uses:
                if self.key(user) in wanted:
                    found[self.key(user)].add(-self.values[number])
        return {key: sorted(values) for key, values in found.items()}

    def with_goods(self, recs):
        wanted = set(recs)
        return {self.recs[t.name] for t in self.live if t.lots and self.recs[t.name] in wanted}

    def identity_kinds(self, keys):
        return {
            key: frozenset(
                {"id_number"} if any(t.identified for t in self.seen[self.group_of_key[key]]) else ()
            )
            for key in keys
        }


class Latest:
    """To a lens one reader, though every batch of the owner makes a new one."""

    def __init__(self, owner):
        self._owner = owner

    def __getattr__(self, name):
        return getattr(self._owner.reader, name)


class Owner:
    """Takes batches of records in and out, and keeps the alerts as the real owner does."""

    def __init__(self, rules=None):
        self.rules = rules or load_rules()
        self.book = AlertBook()
        self.live = {}
        self.recs, self.mentions, self.values = {}, {}, {}
        self.alerts = {}
        self.arrived = self.mentioned = 0
        self.reader = self._snapshot()
        self.lens = Lens(Latest(self), self.rules.loosest, most=1)

    def _snapshot(self):
        return FakeReader(list(self.live.values()), dict(self.recs), dict(self.mentions), self.values)

    def take(self, *records, back=()):
        """One batch: records that come (or are revised), and names of records taken back."""
        before = self.reader
        changed = [self.live[name] for name in back if name in self.live]
        changed += [self.live[told.name] for told in records if told.name in self.live]
        for name in back:
            self.live.pop(name, None)
        for told in records:
            self._arrive(told)
        self.reader = after = self._snapshot()
        touched = Touched(
            entities=self._touched(before, after, changed, records),
            changed=self._changed(before, after, changed),
            opened=frozenset(self.recs[told.name] for told in records),
        )
        self.settle(detect(touched, self.lens, self.rules))
        return self

    def _arrive(self, told):
        self.live[told.name] = told
        self.arrived += 1
        self.recs[told.name] = self.arrived
        for token in told.tokens:
            if type_of(token) in ("phone", "account"):
                self.values.setdefault(token, len(self.values) + 1)
            else:
                self.mentioned += 1
                self.mentions[told.name, token] = self.mentioned

    def _changed(self, before, after, changed):
        """Who lost something, or has other members now: new ones too, which the real owner leaves out."""
        keys = {before.key(token) for told in changed for token in told.tokens}
        return frozenset(
            keys.union(
                key
                for key in before.group_of_key.keys() | after.group_of_key.keys()
                if before.members(key) != after.members(key)
            )
        )

    def _touched(self, before, after, changed, records):
        keys = {after.key(token) for told in records for token in told.tokens}
        keys |= self._changed(before, after, changed)
        keys |= {
            after.key(token)
            for told in after.live
            if before.copy_of.get(told.name) != after.copy_of.get(told.name)
            for token in told.tokens
        }
        return frozenset(key for key in keys if not self._stands_alone(key, before, after, records))

    def _stands_alone(self, key, before, after, records):
        """What the owner may leave out: one mention, in a new record, at no end of a delivery."""
        if key in before.group_of_key or len(after.members(key)) != 1:
            return False
        (told,) = seen if len(seen := after.seen[after.group_of_key[key]]) == 1 else (None,)
        ends = {end for one in (told.supplied if told else ()) for end in (one.source, one.target)}
        return told is not None and told in records and not (after.members(key) & ends)

    def settle(self, examined):
        changes = self.book.changes(examined)
        for change in changes:
            assert change.closes == (change.id in self.alerts)
            self.alerts.pop(change.id, None)
            if change.body is not None:
                self.alerts[change.id] = msgspec.json.decode(change.body, type=Finding)
        self.book.settle(changes)
        self.last = changes

    def restart(self):
        """A new book, read from the alerts as they are stored."""
        rows = [
            (key, f.rule, f.key, msgspec.json.encode(f), self.reader.resolve(f.key.partition(" ")[0])[0])
            for key, f in self.alerts.items()
        ]
        self.book = AlertBook.load(rows)

    def found(self, rule):
        return sorted((f for f in self.alerts.values() if f.rule == rule), key=lambda f: f.key)

    def only(self, rule):
        (finding,) = self.found(rule)
        return finding

    def id_of(self, token):
        return self.reader.public_id(self.reader.key(token))


def from_scratch(records, rules=None):
    """The alerts of a set of records that is examined as a whole."""
    fresh = Owner(rules)
    for told in sorted(records, key=lambda told: told.name):
        fresh._arrive(told)
    fresh.reader = fresh._snapshot()
    for examined in detect_everything(fresh.reader, fresh.rules, batch=7):
        fresh.settle(examined)
    return fresh.alerts

"""Many scenes side by side as arrays, so that clues and figures cost a few array operations for all.

Tokens of all scenes lie in one row with a margin between, names are numbered across scenes, people before
goods in each, and so are the pairs of names that stand near each other.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

from streams.text.reader.events import DEEDS, events
from streams.text.reader.mentions import Mention
from streams.text.reader.scene import CODE, Scene
from streams.text.reader.symbols import Array, codes_of
from streams.text.reader.viterbi import Bools, Floats

MARGIN = 7
"""Tokens and characters of padding between scenes: no clue looks further."""
FARTHEST = 40
"""Tokens between two mentions that may tell of one deed."""
MOST_TOLD = 3
"""Pairs of mentions, the nearest ones, that are looked at for two names."""
MOST_PEOPLE, MOST_GOODS = 24, 12
"""Names of a scene between which relations are looked for, in order of first mention."""
CRIMES = ("贩卖毒品罪", "非法持有", "容留他人吸", "运输毒品", "贩卖", "出售", "毒资", "查获", "吸食")
_ENDS = frozenset((CODE[","], CODE[";"], CODE["."]))


class Sheet(Struct, frozen=True):
    """Arrays of one row a token (`code` to `until`), a name (`text_of` to `spelt`), a place where a name
    stands (`place_…`), a pair of names (`pair_text` to `told`), and a pair of places that may tell of
    a pair of names (`told_…`). `chars` are the masked characters of all texts."""

    chars: Array
    code: Array
    clause: Array
    sentence: Array
    text: Array
    start: Array
    until: Array
    subject_at: Array
    crimes: Array
    text_of: Array
    is_person: Array
    rank: Array
    count: Array
    spelt: tuple[str, ...]
    done: Floats
    place_name: Array
    place_token: Array
    place_char: Array
    place_rank: Array
    place_held: Array
    place_mention: Array
    pair_text: Array
    subject: Array
    target: Array
    of_people: Array
    told: Floats
    told_back: Floats
    told_pair: Array
    told_one: Array
    told_two: Array

    @property
    def texts(self) -> int:
        """How many scenes there are."""
        return len(self.crimes)


class _Rows:
    """What a sheet is made of, as lists that grow scene by scene."""

    def __init__(self) -> None:
        self.parts = ["\0" * MARGIN]
        self.size = MARGIN
        pad = [0] * MARGIN
        self.tokens: list[list[int]] = [pad[:] for _ in range(7)]
        self.crimes: list[list[bool]] = []
        self.names: list[tuple[int, bool, int, int]] = []
        self.spelt: list[str] = []
        self.places: list[tuple[int, ...]] = []
        self.done: list[tuple[int, int, int]] = []
        self.told: list[tuple[int, int, int, float]] = []
        self.clauses = self.sentences = 1

    def add(self, scene: Scene, mentions: Sequence[Mention]) -> None:
        """Adds a scene with the mentions it was made of."""
        number, base = len(self.crimes), len(self.tokens[0])
        self.crimes.append([word in scene.masked for word in CRIMES])
        found, subjects = events(scene.codes)
        self._add_tokens(scene, number, base, subjects)
        people = self._add_names(scene, mentions, number, base)
        self._add_events(found, base, people)
        self.parts += (scene.masked, "\0" * MARGIN)
        self.size += len(scene.masked) + MARGIN

    def _add_tokens(self, scene: Scene, number: int, base: int, subjects: Sequence[int]) -> None:
        clauses, sentences = [], []
        for code in scene.codes:
            clauses.append(self.clauses)
            sentences.append(self.sentences)
            self.clauses += code in _ENDS
            self.sentences += code == CODE["."]
        self.clauses += 1
        self.sentences += 1
        columns = (
            scene.codes, clauses, sentences, [number] * len(clauses),
            [self.size + at for at in scene.starts], [self.size + at for at in scene.ends],
            [base + at if at >= 0 else -1 for at in subjects],
        )  # fmt: skip
        for column, added, pad in zip(self.tokens, columns, (0, 0, 0, 0, 0, 0, -1), strict=True):
            column += added
            column += [pad] * MARGIN

    def _add_names(
        self, scene: Scene, mentions: Sequence[Mention], number: int, base: int
    ) -> dict[int, list[int]]:
        """The tokens of each person, by the number of the name."""
        kinds, signs = [mention.kind for mention in mentions], self._signs(mentions)
        stands: dict[str, dict[str, list[tuple[int, ...]]]] = {"person": {}, "substance": {}}
        for token, (first, held) in enumerate(zip(scene.first, scene.held, strict=True)):
            for n in range(first, first + held):
                if kinds[n] in stands:
                    place = (base + token, signs[n], n - first, held, n)
                    stands[kinds[n]].setdefault(scene.names[n], []).append(place)
        people: dict[int, list[int]] = {}
        for kind, names in stands.items():
            for rank, (name, places) in enumerate(names.items()):
                if kind == "person":
                    people[len(self.names)] = [place[0] for place in places]
                self.places += [(len(self.names), *place) for place in places]
                self.names.append((number, kind == "person", rank, len(places)))
                self.spelt.append(name)
        return people

    def _signs(self, mentions: Sequence[Mention]) -> list[int]:
        """Where the sign of each mention stands."""
        signs, at = [], self.size
        for mention in mentions:
            signs.append(at + mention.start)
            at -= mention.end - mention.start - 1
        return signs

    def _add_events(
        self, found: Sequence[tuple[str, int, int, bool]], base: int, people: dict[int, list[int]]
    ) -> None:
        at: dict[int, list[int]] = {}
        for name, tokens in people.items():
            for token in tokens:
                at.setdefault(token, []).append(name)
        for deed, actor, other, carried in found:
            kind = DEEDS.index(deed)
            ones = at.get(base + actor, ()) if actor >= 0 else ()
            twos = at.get(base + other, ()) if other >= 0 else ()
            self.done += [(one, kind, 0) for one in ones]
            self.done += [(two, kind, 1) for two in twos]
            weight = 0.5 if carried else 1.0
            self.told += [(one, two, kind, weight) for one in ones for two in twos if one != two]


def sheet_of(scenes: Sequence[tuple[Scene, Sequence[Mention]]]) -> Sheet:
    """The scenes side by side, each with the mentions it was made of."""
    rows = _Rows()
    for scene, mentions in scenes:
        rows.add(scene, mentions)
    names, places = _columns(rows.names, 4), _columns(rows.places, 6)
    tokens = [_whole(column) for column in rows.tokens]
    pairs, near = _pairs(names, places, tokens[0], tokens[2])
    told, told_back = _told(rows.told, pairs[1], pairs[2], len(rows.names))
    code, clause, sentence, text, start, until, subject_at = tokens
    place_name, place_token, place_char, place_rank, place_held, place_mention = places
    return Sheet(
        chars=codes_of("".join(rows.parts)),
        code=code, clause=clause, sentence=sentence, text=text, start=start, until=until,
        subject_at=subject_at,
        crimes=np.array(rows.crimes, dtype=np.int64).reshape(-1, len(CRIMES)),
        text_of=names[0], is_person=names[1], rank=names[2], count=names[3], spelt=tuple(rows.spelt),
        done=_done(rows.done, len(rows.names)),
        place_name=place_name, place_token=place_token, place_char=place_char, place_rank=place_rank,
        place_held=place_held, place_mention=place_mention,
        pair_text=pairs[0], subject=pairs[1], target=pairs[2], of_people=pairs[3],
        told=told, told_back=told_back, told_pair=near[0], told_one=near[1], told_two=near[2],
    )  # fmt: skip


def _pairs(
    names: list[Array], places: list[Array], code: Array, sentence: Array
) -> tuple[list[Array], list[Array]]:
    """The pairs of names that stand near each other (text, subject, target, whether both are people), and
    of each pair the places that may tell of one deed, nearest first."""
    text_of, is_person, rank, _ = names
    may_act = (is_person == 1) & ~_only_users(places, code, len(text_of))
    order = np.argsort(places[1], kind="stable")
    name, token = places[0][order], places[1][order]
    asked = rank[name] < np.where(is_person[name] == 1, MOST_PEOPLE, MOST_GOODS)
    name, token = name[asked], token[asked]
    again = np.zeros(len(name), dtype=bool)
    again[1:] = (name[1:] == name[:-1]) & (token[1:] == token[:-1])
    name, token = name[~again], token[~again]
    actor = np.flatnonzero(may_act[name])
    first = np.searchsorted(token, token[actor] - FARTHEST)
    last = np.searchsorted(token, token[actor] + FARTHEST, side="right")
    owner, other = ragged(first, last)
    one, two = actor[owner], other
    near = (text_of[name[one]] == text_of[name[two]]) & (name[one] != name[two])
    near &= np.abs(sentence[token[one]] - sentence[token[two]]) <= 1
    one, two = one[near], two[near]
    key, distance = name[one] * len(text_of) + name[two], np.abs(token[one] - token[two])
    order = np.lexsort((token[two], token[one], distance, key))
    key, one, two = key[order], token[one][order], token[two][order]
    start = np.flatnonzero(np.diff(key, prepend=-1))
    pair = np.repeat(np.arange(len(start)), np.diff(np.append(start, len(key))))
    told = np.arange(len(key)) - start[pair] < MOST_TOLD
    subject, target = np.divmod(key[start], max(len(text_of), 1))
    return [text_of[subject], subject, target, is_person[target]], [pair[told], one[told], two[told]]


def _only_users(places: list[Array], code: Array, names: int) -> Bools:
    """Who is called a user or buyer and never accused: no subject (of 1,091 such pairs in annotated texts 7
    are related)."""
    led = code[places[1] - 1]
    users, accused = (
        np.bincount(places[0][led == CODE[word]], minlength=names) > 0 for word in ("客", "被告")
    )
    only: Bools = users & ~accused
    return only


def ragged(starts: Array, ends: Array) -> tuple[Array, Array]:
    """All places from each start to before its end, with the number of the stretch they are of."""
    sizes = np.maximum(ends - starts, 0)
    owner = np.repeat(np.arange(len(sizes)), sizes)
    place = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) + np.repeat(starts, sizes)
    return owner, place


def _columns(rows: Sequence[tuple[int, ...]], width: int) -> list[Array]:
    return list(np.array(rows, dtype=np.int64).reshape(-1, width).T.copy())


def _whole(column: list[int]) -> Array:
    return np.array(column, dtype=np.int64)


def _done(rows: Sequence[tuple[int, int, int]], names: int) -> Floats:
    """How often each name is the actor (first half of the columns) or the other of each deed."""
    width = 2 * len(DEEDS)
    cells = [name * width + side * len(DEEDS) + deed for name, deed, side in rows]
    counts = np.bincount(np.array(cells, dtype=np.int64), minlength=names * width)
    done: Floats = counts.reshape(names, width).astype(np.float32)
    return done


def _told(
    rows: Sequence[tuple[int, int, int, float]], subject: Array, target: Array, names: int
) -> tuple[Floats, Floats]:
    """How often each deed is told of each pair, and of the pair turned round."""
    known = places_of(subject * names + target)
    out = []
    for forth in (True, False):
        table = np.zeros((len(subject), len(DEEDS)), dtype=np.float32)
        if rows and len(subject):
            one, two, deed = np.array([row[:3] for row in rows], dtype=np.int64).T
            at = known(one * names + two if forth else two * names + one)
            np.add.at(table, (at[at >= 0], deed[at >= 0]), np.array([row[3] for row in rows])[at >= 0])
        out.append(table)
    return out[0], out[1]


def places_of(keys: Array) -> Callable[[Array], Array]:
    """A look-up of where a key stands among different keys: -1 when it does not."""
    order = np.argsort(keys)
    ordered = keys[order]

    def find(wanted: Array) -> Array:
        if not len(ordered):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(ordered, wanted), len(ordered) - 1)
        found: Array = np.where(ordered[at] == wanted, order[at], -1)
        return found

    return find

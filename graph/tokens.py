"""Our own tokens for text search, the same for every store.

SQLite's `unicode61` finds no word inside a Chinese sentence, `trigram` misses names of two
characters, Neo4j's `cjk` single characters. So a store indexes the tokens made here, and a query is
turned into tokens here too. What a token means is in its head:

| token | of | finds |
|---|---|---|
| `符`, `符玮` | characters and pairs of a name; words in other scripts | parts of names |
| `w:符玮强` | the whole name | exactly that name |
| `p:fuweiqiang`, `p:fu`, `i:fwq` | pinyin: of the name, the surname, the initials | homophones |
| `n:13800001234` | a whole number, and its beginnings by prefix search | numbers |
| `r:43210000831` | the number backwards | its last digits, by prefix search |
| `h:138`, `h:1380`, `h:460100` | its first 3, 4, if long 6 (of plates 2) characters | beginnings many share |
| `m:138****1234` | a masked number | exactly that mask |
| `k:138-1234` | its visible ends, at most 3 and 4 characters | whole numbers it may stand for |

Suffixes are not listed one by one: a person would have 40 tokens, and the index is what writing
is slow at. Beginnings many numbers share are, because a prefix search reads each of those numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from msgspec import Struct

from schemas.claims import Features, MentionType
from schemas.identifiers import mask, names

_HAN = "\u3400-\u9fff\U00020000-\U0003ffff〇"
_WORDS = re.compile(rf"[{_HAN}]+|[^\W_{_HAN}]+")
_IS_HAN = re.compile(rf"[{_HAN}]")
_NOT_IN_NUMBERS = re.compile(r"[^\w@./-]")
_NOT_IN_NAMES = re.compile(r"[\W_]")
_SEPARATED = re.compile(r"(?<=[0-9a-z])[\s-]+(?=[0-9a-z])")
_DIGIT_MASK = re.compile(r"[\d*-]+")
_READINGS = 3
_HEAD, _TAIL = 3, 4
"""Visible characters of a mask's ends that its `k:` token holds."""
_LONG = 15
"""From this length on (ID numbers, cards) six leading characters are shared by very many."""
_LONGEST_QUERY = 100
_QUOTES = str.maketrans(dict.fromkeys('"＂“”„「」『』\x00', " "))
"""People put quotes around what they look for; they are no part of it. FTS5 ends a query at a NUL."""
_MOST_GRAMS = 24


class Term(NamedTuple):
    """A token, or all tokens that begin with it."""

    token: str
    prefix: bool = False


class Alternative(Struct, frozen=True):
    """One way to read a query: all groups must hit, each by any of its terms.

    `pattern` is a number (whole or masked) that a hit's own numbers must be compatible with,
    because tokens alone find a little too much there.
    """

    groups: tuple[tuple[Term, ...], ...]
    pattern: str | None = None


def tokens_of_features(features: Features, type: MentionType) -> str:  # noqa: A002  the word of the schema
    """Tokens of a profile, separated by spaces.

    >>> tokens_of_features(Features(name="符玮强"), "person")
    'w:符玮强 符 玮 强 符玮 玮强 p:fuweiqiang i:fwq p:fu p:fuweijiang i:fwj'
    """
    person = type == "person"
    tokens = list(_name_tokens(features.name, of_person=person))
    for alias in features.aliases:
        tokens += _name_tokens(alias, of_person=person)
    for whole in features.identifiers:
        tokens += _number_tokens(whole.value)
    for masked in features.masked:
        tokens += _mask_tokens(masked.value)
    return " ".join(dict.fromkeys(tokens))


def tokens_of_value(kind: str, value: str) -> str:
    """Tokens of a value (phone, account, case, place), separated by spaces.

    >>> tokens_of_value("phone", "13800001234")
    'n:13800001234 r:43210000831 h:138 h:1380'
    """
    tokens = _number_tokens(value)
    if kind not in ("phone", "bank_card", "region") and _IS_HAN.search(value):
        tokens += _name_tokens(value, of_person=False)
    return " ".join(dict.fromkeys(tokens))


def whole_name(name: str) -> str:
    """The token that only this exact name has, whatever its script or case.

    >>> whole_name("買買提•艾力") == whole_name("买买提·艾力")
    True
    """
    return "w:" + _NOT_IN_NAMES.sub("", names.key(name))


def whole_number(value: str) -> str:
    """The token that only this exact number has.

    >>> whole_number("琼A12345")
    'n:琼a12345'
    """
    return "n:" + _bare(value)


@lru_cache(maxsize=8192)
def _name_tokens(name: str, *, of_person: bool) -> tuple[str, ...]:
    """Names repeat, readings are slow: hence the cache."""
    if not name:
        return ()
    tokens = [whole_name(name), *_grams(names.key(name))]
    if of_person and _IS_HAN.search(name):
        tokens += _sounds(name)
    return tuple(dict.fromkeys(tokens))


def _grams(key: str) -> list[str]:
    tokens: list[str] = []
    for word in _WORDS.findall(key):
        if _IS_HAN.match(word):
            tokens += word
            tokens += [word[i : i + 2] for i in range(len(word) - 1)]
        else:
            tokens.append(word)
    return tokens


def _sounds(name: str) -> Iterator[str]:
    for syllables in names.readings(name)[:_READINGS]:
        yield "p:" + "".join(syllables)
        yield "i:" + "".join(syllable[0] for syllable in syllables)
        yield "p:" + syllables[0]


def _bare(value: str) -> str:
    return _NOT_IN_NUMBERS.sub("", value.casefold())


def _number_tokens(value: str) -> list[str]:
    bare = _bare(value)
    tokens = ["n:" + bare, "r:" + bare[::-1]]
    heads = (2, 3, 4) if _IS_HAN.match(bare) else (3, 4, 6) if len(bare) >= _LONG else (3, 4)
    return tokens + ["h:" + bare[:size] for size in heads if len(bare) > size]


def _mask_tokens(value: str) -> tuple[str, str]:
    return "m:" + _bare_mask(value), "k:" + _ends(value.casefold())


def _bare_mask(value: str) -> str:
    return re.sub(r"[^\w@./*-]", "", value.casefold().replace(mask.MANY, mask.ONE))


def _ends(value: str) -> str:
    visible = re.split(r"[*…]+", value)
    return f"{visible[0][:_HEAD]}-{visible[-1][-_TAIL:]}"


def query_tokens(text: str) -> list[Alternative]:
    """The readings of a query, the strictest first; none when nothing in it can be searched.

    >>> [each.groups[0][0].token for each in query_tokens("1234")]
    ['n:1234', 'h:1234', 'r:4321']
    """
    text = text[:_LONGEST_QUERY].translate(_QUOTES)
    folded = names.key(text)
    words = [names.key(word) for word in text.split()]
    if masked := _as_mask("".join(words)):
        return _mask_queries(masked)
    joined = _SEPARATED.sub("", folded) if not any(map(_IS_HAN.search, words)) else "".join(words)
    found = [*_number_queries(folded, joined), *_name_queries(folded)]
    if len(words) > 1 and all(map(_word_group, words)):
        found.append(Alternative(tuple(_word_group(word) for word in words)))
    return list(dict.fromkeys(found))


def _as_mask(joined: str) -> str | None:
    """A partly hidden number; 某 hides in names only, `x` only between digits."""
    hidden = mask.fold_digits(joined)
    if not _DIGIT_MASK.fullmatch(hidden):
        hidden = mask.fold_word(joined)
    if "某" in joined or mask.ONE not in hidden or sum(char.isdigit() for char in hidden) < 2:
        return None
    return hidden


def _mask_queries(value: str) -> list[Alternative]:
    head, tail = _ends(value).split("-", 1) if "-" not in value else ("", "")
    exact = Alternative(((Term("m:" + _bare_mask(value)),),))
    pattern = mask.loosen(value)
    groups = [(Term(f"h:{head}") if len(head) == _HEAD else Term(f"n:{head}", True),)] if head else []
    groups += [(Term(f"r:{tail[::-1]}", True),)] if tail else []
    if not groups:
        return [exact]
    return [exact, Alternative(((Term(f"k:{head}-{tail}"),),), pattern), Alternative(tuple(groups), pattern)]


def _number_queries(folded: str, joined: str) -> Iterator[Alternative]:
    for number in dict.fromkeys((_bare(folded.replace(" ", "")), _bare(joined))):
        if len(number) < 2 or not any(char.isascii() and char.isalnum() for char in number):
            continue
        if len(number) == 2:
            if _IS_HAN.match(number):
                yield Alternative(((Term("h:" + number),),))
            continue
        yield Alternative(((Term("n:" + number),),))
        if len(number) >= _HEAD + _TAIL:
            yield Alternative((tuple(_masks_over(number)),), number.upper())
        if len(number) in (3, 4, 6):
            yield Alternative(((Term("h:" + number),),))
        if len(number) > 4:
            yield Alternative(((Term("n:" + number, True),),))
        yield Alternative(((Term("r:" + number[::-1], True),),))


def _masks_over(number: str) -> Iterator[Term]:
    for head, tail in product(range(_HEAD + 1), range(_TAIL + 1)):
        if head + tail >= 2:
            yield Term(f"k:{number[:head]}-{number[len(number) - tail :]}")


def _name_queries(folded: str) -> Iterator[Alternative]:
    whole = _NOT_IN_NAMES.sub("", folded)
    if not whole or whole.isdigit():
        return
    yield Alternative(((Term("w:" + whole),),))
    if _IS_HAN.search(whole):
        yield from _han_queries(whole)
    elif whole.isascii() and whole.isalpha():
        yield from _latin_queries(whole)


def _han_queries(whole: str) -> Iterator[Alternative]:
    grams = _grams(whole)[:_MOST_GRAMS]
    pairs = [gram for gram in grams if len(gram) > 1]
    if pairs:
        yield Alternative(tuple((Term(gram),) for gram in pairs))
    if len(whole) > 1:
        sound = "".join(names.readings(whole)[0]) if len(whole) <= 8 else ""
        if sound:
            yield Alternative(((Term("p:" + sound),),))
    yield Alternative(tuple((Term(gram),) for gram in grams if len(gram) == 1 or not _IS_HAN.match(gram)))


def _latin_queries(whole: str) -> Iterator[Alternative]:
    yield Alternative(((Term("p:" + whole), Term(whole)),))
    if 1 < len(whole) <= 4:
        yield Alternative(((Term("i:" + whole),),))
    if len(whole) >= 4:
        yield Alternative(((Term("p:" + whole, True), Term(whole, True), Term("n:" + whole, True)),))


def _word_group(word: str) -> tuple[Term, ...]:
    """The loosest reading of one word among several."""
    bare = _bare(word)
    if _IS_HAN.search(word) and not any(char.isdigit() for char in word):
        return (Term(word[:2]),) if len(word) < 3 else (Term("w:" + word), Term(word[:2]))
    if bare.isalpha():
        return (Term("p:" + bare), Term(bare, True))
    if len(bare) in (3, 4, 6):
        return (Term("h:" + bare), Term("r:" + bare[::-1], True))
    return (Term("n:" + bare, True), Term("r:" + bare[::-1], True)) if len(bare) > 4 else ()

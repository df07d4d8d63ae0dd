"""Learning the tagger: a conditional random field by stochastic gradient descent (CRFsuite).

N-grams of fewer than three texts are dropped, and those that hold an annotated name: no person's name
is in the model.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np

from streams.text.reader.features import GRAMS, GramFinder, Vocabulary, gram_keys, shifted, templates
from streams.text.reader.mentions import KINDS, MentionKind
from streams.text.reader.symbols import Array, codes_of, symbols_of
from streams.text.reader.tagger import TaggerWeights, sentences
from streams.text.reader.viterbi import LABELS, labels_of
from streams.train.annotated import Annotated
from streams.train.renaming import renamed

FEWEST_TEXTS = 3
_SHORTEST_NAME, _LONGEST_NAME = 2, 10
MOST_NGRAMS = 60_000
"""N-grams at their places that the tagger keeps: twice as many read no better."""


_SETTINGS = {"c2": 0.05, "max_iterations": 10}
"""Of the stochastic gradient descent."""


def learn_taggers(
    lessons: Sequence[Sequence[Annotated]], kinds: Sequence[MentionKind] = KINDS
) -> Iterator[TaggerWeights]:
    """For each lesson the weights that fit annotated texts and copies of them under other names; the same
    texts give the same weights. `kinds` are the kinds of their mentions, as many as `KINDS` has. As many
    learn at a time as there are cores."""
    import pycrfsuite  # noqa: F401, PLC0415  of the group `train`: that it is missing is said here

    # CRFsuite draws by the chance of its process: only a new one always draws the same
    distinct = [list({each.text: each for each in texts}.values()) for texts in lessons]
    workers = min(len(distinct), os.cpu_count() or 1)
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn"), max_tasks_per_child=1) as alone:
        yield from alone.map(partial(_learned, kinds=kinds), distinct)


def _learned(texts: Sequence[Annotated], kinds: Sequence[MentionKind]) -> TaggerWeights:
    vocabulary = vocabulary_of(texts)
    states, moves = _fit([*texts, *map(renamed, texts)], vocabulary, kinds)
    return lightened(_weights(vocabulary, states, moves))


def lightened(weights: TaggerWeights) -> TaggerWeights:
    """The weights without the n-grams that make the least difference."""
    strength = np.abs(weights.emissions).max(axis=1)
    strength[0] = np.inf  # of no n-gram: stays the first
    least = np.sort(strength)[-min(MOST_NGRAMS, len(strength))]
    kept = strength >= least
    place = np.where(kept, np.cumsum(kept) - 1, 0)
    rows = [place[row] for row in weights.rows]
    used = {name: np.zeros(len(keys) + 1, dtype=bool) for name, keys in weights.vocabulary.keys.items()}
    for (name, _), row in zip(templates(), rows, strict=True):
        used[name] |= row > 0
    keys = {name: keys[used[name][1:]] for name, keys in weights.vocabulary.keys.items()}
    rows = [
        np.concatenate([row[:1], row[1:][used[name][1:]]])
        for (name, _), row in zip(templates(), rows, strict=True)
    ]
    vocabulary = Vocabulary(weights.vocabulary.alphabet, keys)
    return TaggerWeights(vocabulary, tuple(rows), weights.emissions[kept], weights.transitions)


def names_of(texts: Sequence[Annotated]) -> frozenset[str]:
    """The annotated people's names of two characters and more."""
    found = (each.text[m.start : m.end] for each in texts for m in each.mentions if m.kind == "person")
    return frozenset(name for name in found if len(name) >= _SHORTEST_NAME)


def vocabulary_of(texts: Sequence[Annotated]) -> Vocabulary:
    """The characters and n-grams of at least three texts that hold no annotated name."""
    alphabet = alphabet_of(texts)
    each_keys = [dict(gram_keys(symbols_of([each.text])[0], alphabet)) for each in texts]
    keys = {name: _frequent([found[name] for found in each_keys]) for name in GRAMS}
    names = frozenset("".join(map(chr, codes_of(name).tolist())) for name in names_of(texts))
    for name, gram in GRAMS.items():
        if gram.stream == "char":
            keys[name] = _without(keys[name], gram.size, names, alphabet)
    return Vocabulary(alphabet, keys)


def alphabet_of(texts: Sequence[Annotated]) -> Array:
    """The characters of at least three texts, sorted."""
    return _frequent([codes_of(each.text) for each in texts])


def _frequent(keys: Sequence[Array]) -> Array:
    every, counts = np.unique(np.concatenate([np.unique(each) for each in keys]), return_counts=True)
    kept: Array = every[counts >= FEWEST_TEXTS]
    return kept


def _without(keys: Array, size: int, names: frozenset[str], alphabet: Array) -> Array:
    """The keys of n-grams of characters in which no name stands whole."""
    texts = _texts_of(keys, size, alphabet)
    kept = [key for key, text in zip(keys.tolist(), texts, strict=True) if not holds_name(text, names)]
    return np.array(kept, dtype=np.int64)


def _texts_of(keys: Array, size: int, alphabet: Array) -> list[str]:
    """N-grams of characters as text, with □ for the unknown character."""
    base = len(alphabet) + 1
    chars = ["□", *map(chr, alphabet.tolist())]
    columns = [(keys // base ** (size - 1 - place) % base).tolist() for place in range(size)]
    return ["".join(chars[n] for n in row) for row in zip(*columns, strict=True)]


def spelt(vocabulary: Vocabulary) -> list[str]:
    """All n-grams of two and more characters that a tagger knows, as text."""
    grams = [(name, gram.size) for name, gram in GRAMS.items() if gram.stream == "char" and gram.size > 1]
    return [
        text for name, size in grams for text in _texts_of(vocabulary.keys[name], size, vocabulary.alphabet)
    ]


def holds_name(text: str, names: frozenset[str]) -> bool:
    """Whether a name stands in a text.

    >>> holds_name("向林某水卖", frozenset({"林某水"}))
    True
    """
    return any(
        text[start:end] in names
        for start in range(len(text))
        for end in range(start + _SHORTEST_NAME, min(len(text), start + _LONGEST_NAME) + 1)
    )


def _fit(texts: Sequence[Annotated], vocabulary: Vocabulary, kinds: Sequence[MentionKind]) -> tuple[Any, Any]:
    import pycrfsuite  # noqa: PLC0415  of the group `train`

    trainer = pycrfsuite.Trainer(algorithm="l2sgd", verbose=False)
    trainer.set_params(_SETTINGS)
    words, finder = _words(vocabulary), GramFinder(vocabulary)
    for each in texts:
        for features, labels in _sequences(each, finder, words, kinds):
            trainer.append(pycrfsuite.ItemSequence(features), labels)
    with tempfile.TemporaryDirectory() as folder:
        model = str(Path(folder) / "crf")
        trainer.train(model)
        tagger = pycrfsuite.Tagger()
        tagger.open(model)
        try:
            info = tagger.info()
            return dict(info.state_features), dict(info.transitions)
        finally:
            tagger.close()


def _words(vocabulary: Vocabulary) -> list[list[str]]:
    """For each template the names that the n-grams have in CRFsuite, made once and shared."""
    return [
        [f"{number}:{n}" for n in range(len(vocabulary.keys[name]) + 1)]
        for number, (name, _) in enumerate(templates())
    ]


def _sequences(
    each: Annotated, finder: GramFinder, words: list[list[str]], kinds: Sequence[MentionKind]
) -> Iterator[tuple[list[list[str]], list[str]]]:
    """The features and labels of each sentence of a text."""
    symbols, (begin,) = symbols_of([each.text])
    grams = finder.numbers(symbols)
    size = len(each.text)
    rows: list[list[str]] = [[] for _ in range(size)]
    for names, (name, offset) in zip(words, templates(), strict=True):
        for row, n in zip(rows, shifted(grams[name], offset)[begin : begin + size].tolist(), strict=True):
            if n:
                row.append(names[n])
    labels = labels_of(size, [(m.start, m.end, kinds.index(m.kind)) for m in each.mentions])
    for start, end in sentences(each.text):
        yield rows[start:end], labels[start:end]


def _weights(vocabulary: Vocabulary, states: Any, moves: Any) -> TaggerWeights:
    column = {label: n for n, label in enumerate(LABELS)}
    rows = [np.zeros(len(vocabulary.keys[name]) + 1, dtype=np.int64) for name, _ in templates()]
    emissions = [np.zeros(len(LABELS), dtype=np.float32)]
    for (attribute, label), weight in sorted(states.items()):
        template, n = map(int, attribute.split(":"))
        if not rows[template][n]:
            rows[template][n] = len(emissions)
            emissions.append(np.zeros(len(LABELS), dtype=np.float32))
        emissions[rows[template][n]][column[label]] = weight
    transitions = np.zeros((len(LABELS), len(LABELS)), dtype=np.float32)
    for (before, after), weight in moves.items():
        transitions[column[before], column[after]] = weight
    return TaggerWeights(vocabulary, tuple(rows), np.array(emissions), transitions)

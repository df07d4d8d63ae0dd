"""Learning the whole reader, and judging it by cross-validation with equal texts in one fold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from streams.bench.evaluate import Rate
from streams.text.reader.mentions import KINDS, Mention
from streams.text.reader.model import ReaderWeights
from streams.text.reader.relations import OF_GOODS, OF_PEOPLE, Relater
from streams.text.reader.tagger import Tagger
from streams.train.annotated import Annotated, Triplet, folds
from streams.train.relating import learn_relations
from streams.train.tagging import learn_taggers

FOLDS = 5
Tell = Callable[[str, int, int], None]
Spans = Mapping[str, Sequence[Mention]]


def learn(texts: Sequence[Annotated], tell: Tell) -> ReaderWeights:
    """The model of all texts; the same texts give the same model."""
    found = tag_across(texts, tell)
    tell("learning from all texts", 0, 2)
    (tagger,) = learn_taggers([texts])
    tell("learning from all texts", 1, 2)
    return ReaderWeights(tagger, learn_relations(texts, found))


def tag_across(texts: Sequence[Annotated], tell: Tell) -> dict[str, list[Mention]]:
    """The mentions in each text by a tagger that did not learn from it."""
    found: dict[str, list[Mention]] = {}
    parts = list(folds(texts, FOLDS))
    tell("learning to tag", 0, FOLDS)
    for n, weights in enumerate(learn_taggers([known for known, _ in parts])):
        new = [each.text for each in parts[n][1]]
        found.update(zip(new, Tagger(weights).tag(new), strict=True))
        tell("learning to tag", n + 1, FOLDS)
    return found


def relate_across(
    texts: Sequence[Annotated], found: Spans, tell: Tell
) -> list[tuple[Annotated, set[Triplet]]]:
    """Each text with the relations that a model which did not learn from it finds between `found`.

    The mentions that this model learns from were found by taggers some of which saw the text's own
    mentions, though never its relations.
    """
    told: list[tuple[Annotated, set[Triplet]]] = []
    for n, (known, new) in enumerate(folds(texts, FOLDS)):
        tell("learning to relate", n, FOLDS)
        relater = Relater(learn_relations(known, found))
        told += zip(new, triplets_of(new, found, relater), strict=True)
    return told


def triplets_of(texts: Sequence[Annotated], found: Spans, relater: Relater) -> Iterator[set[Triplet]]:
    """The relations of each text by the spelling of their names."""
    mentions = [found[each.text] for each in texts]
    related = relater.relate([each.text for each in texts], mentions)
    for each, of_text, relations in zip(texts, mentions, related, strict=True):
        names = [each.text[m.start : m.end] for m in of_text]
        yield {(names[r.subject], r.kind, names[r.object]) for r in relations}


def figures(
    texts: Sequence[Annotated], found: Spans, told: Sequence[tuple[Annotated, set[Triplet]]]
) -> dict[str, Any]:
    """Precision, recall and F1 of mentions (exact spans) and relations (triplets of names), by kind."""
    mentions = {kind: _mentions(texts, found, kind) for kind in KINDS}
    relations = {kind: _relations(told, kind) for kind in (*OF_PEOPLE, *OF_GOODS)}
    every = list(relations.values())
    total = Rate(*(sum(getattr(rate, name) for rate in every) for name in ("right", "found", "true")))
    return {
        "triplets": total.figures(),
        **{kind: rate.figures() for kind, rate in relations.items()},
        **{kind: rate.figures() for kind, rate in mentions.items()},
    }


def _mentions(texts: Sequence[Annotated], found: Spans, kind: str) -> Rate:
    right = told = true = 0
    for each in texts:
        wanted = {m.span for m in each.mentions if m.kind == kind}
        given = {m.span for m in found[each.text] if m.kind == kind}
        right, told, true = right + len(wanted & given), told + len(given), true + len(wanted)
    return Rate(right, told, true)


def _relations(told: Sequence[tuple[Annotated, set[Triplet]]], kind: str) -> Rate:
    right = found = true = 0
    for each, given in told:
        of_kind = {triplet for triplet in given if triplet[1] == kind}
        wanted = {triplet for triplet in each.triplets if triplet[1] == kind}
        right, found, true = right + len(of_kind & wanted), found + len(of_kind), true + len(wanted)
    return Rate(right, found, true)

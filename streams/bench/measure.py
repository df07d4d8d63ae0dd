"""Measures an open store against the truth of the made world that was put into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from graph.export import nodes
from graph.port import GraphReader
from graph.trace import trace
from streams.bench.evaluate import Evaluation, Found, Name, Truth, evaluate, read_truth


def measure(reader: GraphReader, truth: Path) -> Evaluation:
    """People, vehicles, deliveries and sources of the store against a `truth.jsonl`.

    Raises OSError when the file cannot be read.
    """
    return evaluate(truth_in(truth), found_in(reader), lambda mention: sources_of(reader, mention))


def truth_in(truth: Path) -> Truth:
    """The truth of a `truth.jsonl`. Raises OSError when it cannot be read."""
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    with truth.open("rb") as lines:
        return read_truth(decode(line) for line in lines)


def found_in(reader: GraphReader) -> Found:
    """What the store says: the entity of every mention that has a ref, and every delivery."""
    deliveries = tuple(
        (record, edge.source, edge.target)
        for edge in reader.all_edges()
        if edge.type == "supplied"
        for record in edge.records
    )
    return Found(entities_in(reader), deliveries)


def entities_in(reader: GraphReader) -> dict[Name, str]:
    """The entity of every mention that has a ref."""
    return {
        f"{mention.record}#{mention.ref}": entity.id
        for entity in nodes(reader)
        for mention in entity.mentions
        if mention.ref is not None
    }


def sources_of(reader: GraphReader, mention: str) -> set[str]:
    """Ids of the entities at which the traces up from a mention end; none when it is not known."""
    keys = reader.resolve(mention)
    if len(keys) != 1:
        return set()
    return {chain.hops[0].source.id for chain in trace(reader, keys[0]).chains}

"""Measures an open store against the truth of the made world that was put into it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from graph.export import nodes
from graph.port import GraphReader
from graph.trace import trace
from streams.bench.evaluate import Evaluation, Found, evaluate, read_truth


def measure(reader: GraphReader, truth: Path) -> Evaluation:
    """People, vehicles, deliveries and sources of the store against a `truth.jsonl`.

    Raises OSError when the file cannot be read.
    """
    decode = msgspec.json.Decoder(dict[str, Any]).decode
    with truth.open("rb") as lines:
        true = read_truth(decode(line) for line in lines)
    return evaluate(true, found_in(reader), lambda mention: sources_of(reader, mention))


def found_in(reader: GraphReader) -> Found:
    """What the store says: the entity of every mention that has a ref, and every delivery."""
    entity_of = {
        f"{mention.record}#{mention.ref}": entity.id
        for entity in nodes(reader)
        for mention in entity.mentions
        if mention.ref is not None
    }
    deliveries = tuple(
        (record, edge.source, edge.target)
        for edge in reader.all_edges()
        if edge.type == "supplied"
        for record in edge.records
    )
    return Found(entity_of, deliveries)


def sources_of(reader: GraphReader, mention: str) -> set[str]:
    """Ids of the entities at which the traces up from a mention end; none when it is not known."""
    keys = reader.resolve(mention)
    if len(keys) != 1:
        return set()
    return {chain.hops[0].source.id for chain in trace(reader, keys[0]).chains}

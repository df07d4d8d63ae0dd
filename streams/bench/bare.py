"""The least that any pipeline of this shape costs: Kafka to Neo4j by one UNWIND, nothing in between."""

from __future__ import annotations

import asyncio

import msgspec
from aiokafka import AIOKafkaConsumer
from neo4j import GraphDatabase

from graph.neo4j.access import Access
from streams.bench.worlds import Tell, quiet
from streams.kafka.connection import client_options
from streams.settings import KafkaSettings

_WRITE = """UNWIND $rows AS row MERGE (r:Bare {name: row.name}) SET r.kind = row.kind, r.text = row.text
WITH count(*) AS n MATCH (p:Projection {name: 'bare'}) SET p.seq = $seq"""


class _Said(msgspec.Struct):
    source: str
    source_id: str
    kind: str
    text: str | None = None


def run(kafka: KafkaSettings, topic: str, access: Access, records: int, tell: Tell = quiet) -> None:
    """Puts so many messages of a topic into Neo4j, each batch in one transaction."""
    asyncio.run(_loop(kafka, topic, access, records, tell))


async def _loop(kafka: KafkaSettings, topic: str, access: Access, records: int, tell: Tell) -> None:
    options = client_options(kafka, "suyuan-bench-bare")
    consumer = AIOKafkaConsumer(topic, auto_offset_reset="earliest", enable_auto_commit=False, **options)
    decode = msgspec.json.Decoder(_Said).decode
    done = 0
    auth = access.user, access.password
    async with consumer:
        with GraphDatabase.driver(access.uri, auth=auth) as driver, driver.session() as session:
            session.run(
                "CREATE CONSTRAINT bare IF NOT EXISTS FOR (r:Bare) REQUIRE r.name IS UNIQUE"
            ).consume()
            session.run("CREATE (:Projection {name: 'bare', seq: 0})").consume()
            while done < records:
                for batch in (await consumer.getmany(timeout_ms=20, max_records=1000)).values():
                    done += len(batch)
                    said = [decode(message.value) for message in batch]
                    rows = [
                        {"name": f"{each.source}/{each.source_id}", "kind": each.kind, "text": each.text}
                        for each in said
                    ]
                    session.run(_WRITE, rows=rows, seq=done).consume()
                    tell("bare loop", done, records)

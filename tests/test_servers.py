"""The servers that tests use."""

from __future__ import annotations

import subprocess
import sys

from graph.neo4j.schema import statements
from streams.local.kafka import Kafka
from tests.servers import ROOT, common, held, runs, tools, wipe


def test_the_shared_broker_takes_topics_and_gives_messages_back(kafka, topic_prefix):
    from kafka import KafkaConsumer, KafkaProducer
    from kafka.admin import KafkaAdminClient

    admin = KafkaAdminClient(bootstrap_servers=kafka)
    admin.create_topics({f"{topic_prefix}talk": {"num_partitions": 2, "replication_factor": 1}})
    admin.close()
    producer = KafkaProducer(bootstrap_servers=kafka)
    producer.send(f"{topic_prefix}talk", b"said").get(10)
    producer.close()
    consumer = KafkaConsumer(f"{topic_prefix}talk", bootstrap_servers=kafka, auto_offset_reset="earliest")
    assert next(consumer).value == b"said"
    consumer.close()


def test_the_shared_neo4j_is_empty_for_each_test(empty_neo4j):
    from neo4j import GraphDatabase

    with GraphDatabase.driver(empty_neo4j.uri, auth=empty_neo4j.auth) as driver:
        driver.execute_query("CREATE CONSTRAINT one_key FOR (p:Person) REQUIRE p.key IS UNIQUE")
        driver.execute_query("CREATE FULLTEXT INDEX names FOR (p:Person) ON EACH [p.name]")
        driver.execute_query("UNWIND range(1, 100) AS key CREATE (:Person {key: key})-[:MET]->(:Person)")
        wipe(empty_neo4j)
        assert driver.execute_query("MATCH (n) RETURN count(n) AS n").records[0]["n"] == 0
        left = driver.execute_query("SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'").records
        assert {row["name"] for row in left} <= {name for name, _ in statements()}, (
            "but for the product's own"
        )


HOLDER = """
import sys
from tests.servers import Kafka, common, held
with held(Kafka(common() / "kafka")) as port:
    print(port, flush=True)
    sys.stdin.read()
"""


class Holder:
    """Another process that holds the shared broker until it is told to go."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            (sys.executable, "-c", HOLDER), cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        self.port = int(self.process.stdout.readline())

    def go(self) -> None:
        self.process.communicate()

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


def test_the_shared_broker_lives_as_long_as_somebody_holds_it(monkeypatch, tmp_path):
    tools("kafka")
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", None)
    killed = Holder()
    server = Kafka(common() / "kafka")
    left_behind = server.running()
    killed.kill()
    assert server.running() == left_behind
    with held(server) as port:
        assert server.running() != left_behind
        assert not runs(left_behind.pid)
        other = Holder()
        assert other.port == port
        other.go()
        assert server.answers(port)
    assert server.running() is None
    assert not server.folder.exists()

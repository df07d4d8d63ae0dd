"""How a client reaches the broker, and what its errors mean to people."""

from __future__ import annotations

import asyncio
import logging
import ssl
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from aiokafka.conn import create_conn
from aiokafka.errors import KafkaError as AioError
from kafka import KafkaAdminClient
from kafka.errors import KafkaError

from schemas.errors import (
    KafkaDenied,
    KafkaUnavailable,
    SuyuanError,
    TopicMismatch,
    UsageError,
    WorkerFenced,
)
from streams.settings import KafkaSettings

_DENIED = (
    "SaslAuthenticationFailed", "AuthenticationFailed", "TopicAuthorizationFailed",
    "GroupAuthorizationFailed", "ClusterAuthorizationFailed", "UnsupportedSaslMechanism",
    "IllegalSaslState", "TransactionalIdAuthorizationFailed",
)  # fmt: skip

_AWAY = (ConnectionError, TimeoutError)
_FAILED = ("UnknownError", "KafkaStorageError")
"""What a broker says when it comes to grief itself, on a full disk first of all."""


def client_options(settings: KafkaSettings, client_id: str) -> dict[str, Any]:
    """The options by which aiokafka and kafka-python reach the broker; their names are the same.

    Raises `UsageError` when a certificate cannot be read.
    """
    options: dict[str, Any] = {
        "bootstrap_servers": list(settings.bootstrap),
        "client_id": client_id,
        "security_protocol": settings.protocol,
    }
    if settings.tls:
        options["ssl_context"] = _tls(settings)
    if settings.user is not None and settings.password is not None:
        options |= {
            "sasl_mechanism": settings.mechanism,
            "sasl_plain_username": settings.user,
            "sasl_plain_password": settings.password.value,
        }
    return options


def _tls(settings: KafkaSettings) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=settings.ca and str(settings.ca))
        if settings.certificate is not None:
            context.load_cert_chain(settings.certificate, settings.key)
    except (OSError, ssl.SSLError) as error:
        raise UsageError(
            f"Kafka's certificates cannot be read ({type(error).__name__}): check kafka.ca, "
            "kafka.certificate and kafka.key"
        ) from error
    return context


@contextmanager
def map_kafka_errors(settings: KafkaSettings) -> Iterator[None]:
    """The clients' exceptions as ours, which say what to do."""
    try:
        yield
    except SuyuanError:
        raise
    except (TimeoutError, KafkaError, AioError, OSError, ValueError) as error:
        raise meaning(error, settings) from error


def meaning(error: BaseException, settings: KafkaSettings) -> SuyuanError:
    """What a client's exception says to people."""
    name = type(error).__name__
    where = ", ".join(settings.bootstrap)
    if isinstance(error, ssl.SSLError):
        return KafkaDenied(
            f"Kafka at {where} does not agree on TLS ({name}): check kafka.tls, kafka.ca, kafka.certificate"
        )
    if name.removesuffix("Error") in _DENIED or "uthentication" in f"{name} {error}":
        return KafkaDenied(
            f"Kafka at {where} does not let us in: check kafka.user, kafka.password, kafka.mechanism"
        )
    if name == "InvalidSessionTimeoutError":
        return UsageError(
            f"Kafka at {where} allows no session of {settings.session:g} s: change kafka.session, or "
            "group.min.session.timeout.ms of the broker"
        )
    if name == "PlaceTaken":
        return WorkerFenced(
            "another worker took this one's place under the same name, or this one was away for too long: "
            "see that there is only one of its name, and start it again"
        )
    if name == "MessageSizeTooLargeError":
        return TopicMismatch("a topic takes less than it is declared to: see `suyuan topics check`")
    if name == "UnknownTopicOrPartitionError":
        return TopicMismatch("a topic is missing: make them with `suyuan topics create`")
    if name in _FAILED:
        return KafkaUnavailable(
            f"Kafka at {where} could not keep what was sent ({name}): see the broker's log and whether its "
            "disk is full"
        )
    return KafkaUnavailable(
        f"Kafka does not answer at {where} ({name}): start it (`suyuan local up`), "
        "or name another address with SUYUAN_KAFKA_BOOTSTRAP"
    )


@contextmanager
def admin(settings: KafkaSettings) -> Iterator[KafkaAdminClient]:
    """A client for topics and groups. Raises `KafkaUnavailable` or `KafkaDenied`."""
    milliseconds = int(settings.patience * 1000)
    with quiet(), map_kafka_errors(settings):
        asyncio.run(_knock(settings))
        client = KafkaAdminClient(
            bootstrap_timeout_ms=milliseconds,
            request_timeout_ms=milliseconds,
            **client_options(settings, "suyuan-admin"),
        )
        try:
            yield client
        finally:
            client.close()


async def _knock(settings: KafkaSettings) -> None:
    """Connect once, for the reason when that fails: kafka-python only says that it took too long."""
    end = time.monotonic() + settings.patience
    while True:
        try:
            return await _connect(settings)
        except _AWAY:
            if time.monotonic() > end:
                raise
        await asyncio.sleep(0.2)


async def _connect(settings: KafkaSettings) -> None:
    """Connect to the first broker that lets us. Raises what the first one said that gave another reason than
    being away, or else what the first one said.
    """
    options = client_options(settings, "suyuan-admin")
    addresses = [address.rpartition(":") for address in options.pop("bootstrap_servers")]
    failures: list[Exception] = []
    for host, _, port in addresses:
        try:
            connected = await create_conn(
                host.strip("[]"), int(port), request_timeout_ms=int(settings.patience * 1000), **options
            )
        except (TimeoutError, AioError, OSError, ValueError) as error:
            failures.append(error)
        else:
            connected.close()
            return
    raise next((each for each in failures if not isinstance(each, _AWAY)), failures[0])


async def answers(settings: KafkaSettings) -> bool:
    """Whether a broker takes a new connection, asked once of each address."""
    try:
        await _connect(settings)
    except (TimeoutError, AioError, OSError, ValueError):
        return False
    return True


@contextmanager
def quiet() -> Iterator[None]:
    """The clients' own logs say again, in many lines, what the exception says in one."""
    loggers = [logging.getLogger(name) for name in ("kafka", "aiokafka")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def must_be_there(settings: KafkaSettings, topics: Mapping[str, int]) -> None:
    """Raises when the broker does not answer, or lacks one of these topics or of their partitions."""
    with admin(settings) as client:
        found = {
            each["name"]: len(each["partitions"])
            for each in client.describe_topics(sorted(topics))
            if not each["error_code"]
        }
    missing = sorted(topics.keys() - found.keys())
    if missing:
        raise TopicMismatch(
            f"Kafka has no topic {', '.join(missing)}: make what is missing with `suyuan topics create`"
        )
    few = sorted(name for name, needed in topics.items() if found[name] < needed)
    if few:
        raise TopicMismatch(
            f"{', '.join(few)} has fewer partitions than there are jurisdictions: see `suyuan topics check`"
        )

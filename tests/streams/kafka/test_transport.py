"""What is taken out of Faust's and aiokafka's hands, without a broker."""

import asyncio
import socket
import struct

import faust
import pytest
from aiokafka.conn import AIOKafkaConnection
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest
from faust.types import TP
from mode import Service

from streams.kafka.transport import Consumer, Transport
from streams.kafka.worker import new_loop

HERE, THERE = TP("suyuan.claims", 0), TP("suyuan.claims", 1)
RECORDS = {HERE: ["a record"]}


class Fetching(Consumer):
    """A consumer that has records at once, without a thread to fetch them."""

    def _new_consumer_thread(self):
        return Service()

    async def _getmany(self, active_partitions, **_):
        assert active_partitions == {HERE}
        return RECORDS


async def ignore(*_):
    """Of no interest here."""


def fetching():
    app = faust.App("room", broker="kafka://127.0.0.1:1", autodiscover=False)
    transport = Transport(app.conf.broker_consumer, app)
    consumer = Fetching(transport, ignore, on_partitions_revoked=ignore, on_partitions_assigned=ignore)
    consumer._set_active_tps({HERE})
    return consumer


def on_a_workers_loop(work):
    loop = new_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(work(), 60))
    finally:
        loop.close()


def test_records_are_fetched_as_soon_as_there_is_room_for_them():
    """Faust comes back after a second, with nothing."""

    async def work():
        consumer = fetching()
        consumer.on_buffer_full(HERE)
        waiting = asyncio.ensure_future(consumer._wait_next_records(timeout=3600))
        for _ in range(10):
            await asyncio.sleep(0)
        assert not waiting.done()
        consumer.on_buffer_drop(HERE)
        return await waiting

    assert on_a_workers_loop(work)[0] == RECORDS


def test_records_are_fetched_at_once_where_there_is_room():
    async def work():
        return await fetching()._wait_next_records(timeout=3600)

    assert on_a_workers_loop(work)[0] == RECORDS


def test_room_for_one_partition_is_enough():
    async def work():
        consumer = fetching()
        consumer._set_active_tps({HERE, THERE})
        consumer.on_buffer_full(THERE)
        return await consumer._wait_next_records(timeout=3600)

    assert on_a_workers_loop(work)[0] == RECORDS


def test_a_connection_that_the_broker_cut_fails_as_one():
    """On uvloop it is a `RuntimeError` in the moment before aiokafka learns of it. That ends the task that
    finds brokers, for good, and whoever asks for one waits for ever (aio-libs/aiokafka#1038).
    """

    async def cut(_reader, writer):
        plug = writer.get_extra_info("socket")
        plug.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        writer.transport.abort()

    async def work():
        async with await asyncio.start_server(cut, "127.0.0.1", 0) as server:
            host, port = server.sockets[0].getsockname()
            connection = AIOKafkaConnection(host, port)
            connection._reader, connection._writer = await asyncio.open_connection(host, port)
            connection._read_task = asyncio.ensure_future(asyncio.sleep(3600))  # has not looked yet
            connection._closed_fut, connection._versions = None, {MetadataRequest.API_KEY: (0, 1)}
            with pytest.raises(ConnectionResetError):
                await connection._reader.read()
            try:
                answer = connection.send(MetadataRequest([]))
            finally:
                connection.close()
            await answer

    with pytest.raises(KafkaConnectionError):
        on_a_workers_loop(work)

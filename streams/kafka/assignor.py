"""Who reads which partition, where one worker has to have certain ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from aiokafka.cluster import ClusterMetadata
from aiokafka.coordinator.assignors.roundrobin import RoundRobinPartitionAssignor
from aiokafka.coordinator.protocol import ConsumerProtocolMemberAssignment, ConsumerProtocolMemberMetadata


def only(partitions: tuple[int, ...]) -> Any:
    """An assignor that gives these partitions of every topic to the first member, and nothing to others.

    The owner of a jurisdiction has its file beside it, so no balance may move its partition. Members
    that wait get it when the first one leaves.
    """

    class Only(RoundRobinPartitionAssignor):  # type: ignore[misc]  # it has no types
        name = "only-" + "-".join(map(str, partitions))

        @classmethod
        def assign(
            cls, cluster: ClusterMetadata, members: Mapping[str, ConsumerProtocolMemberMetadata]
        ) -> dict[str, ConsumerProtocolMemberAssignment]:
            first = min(members)
            wanted = []
            for topic in sorted(members[first].subscription):
                there = cluster.partitions_for_topic(topic) or set()
                wanted.append((topic, sorted(there & set(partitions))))
            return {
                member: ConsumerProtocolMemberAssignment(cls.version, wanted if member == first else [], b"")
                for member in members
            }

    return Only

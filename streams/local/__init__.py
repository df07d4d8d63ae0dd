"""Kafka and Neo4j on this machine without Docker: real servers from jars that Maven copies once."""

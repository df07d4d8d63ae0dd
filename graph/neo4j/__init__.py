"""The graph on a Neo4j server: a projection of the owner's changes, and the reader of it."""

"""How a Neo4j server is named, without loading its driver."""

from __future__ import annotations

from urllib.parse import urlsplit

from msgspec import Struct

from schemas.errors import UsageError

SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")
"""Of its addresses: `neo4j` for one server or several, `bolt` for exactly this one, `+s` over TLS with a
certificate that is checked, `+ssc` with one that the server signed itself."""
NOT_AN_ADDRESS = "this is no address of a Neo4j server: give neo4j://HOST:PORT"


class Access(Struct, frozen=True, kw_only=True):
    """Where a server is and how to get in; the password is never shown. Without `database`: its default."""

    uri: str
    user: str = "neo4j"
    password: str = ""
    database: str | None = None

    def __repr__(self) -> str:
        return f"Access(uri={self.uri!r}, user={self.user!r}, password=…)"

    def check(self) -> None:
        """Raises `UsageError` when the address is none, or holds a password: it would get into logs."""
        parts = urlsplit(self.uri)
        try:
            fits = parts.scheme in SCHEMES and parts.hostname and parts.port != 0
        except ValueError:  # a port that is no number
            fits = False
        if not fits:
            raise UsageError(NOT_AN_ADDRESS)
        if "@" in self.uri:
            raise UsageError(
                "leave user and password out of the address: they go into SUYUAN_NEO4J_USER and "
                "SUYUAN_NEO4J_PASSWORD"
            )

"""What can be set: one typed tree, from a TOML file and the environment.

`streams.bootstrap` reads it once; everyone else is given the part they need. In the file a setting is
`name` in its table (`[kafka] bootstrap = ["…"]`), in the environment `SUYUAN_KAFKA_BOOTSTRAP`, where
lists are separated by commas; the environment wins. A secret may stand in a file of its own:
`SUYUAN_KAFKA_PASSWORD_FILE`, or `password_file` in the TOML file.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from graph.neo4j.access import SCHEMES, Access
from schemas.errors import UsageError

DEFAULT_STORE = "suyuan.db"
DEFAULT_CONFIG = "suyuan.toml"

Prefix = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{0,40}\Z")]
Jurisdiction = Annotated[str, Meta(pattern=r"^[0-9]{2,6}\Z")]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,80}\Z")]
Port = Annotated[int, Meta(ge=0, le=65535)]
Batch = Annotated[int, Meta(ge=1, le=10_000)]
Seconds = Annotated[float, Meta(ge=0.001, le=60)]
Origin = Annotated[str, Meta(pattern=r"^https?://[^\s/?#@]+/?\Z")]
Site = Annotated[str, Meta(pattern=r"^https?://[^\s/?#@]+(/[^\s?#]*)?\Z")]


class Secret:
    """A password; it does not show itself. No struct, or msgspec would look into it by itself."""

    __slots__ = ("value",)

    def __init__(self, value: str) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other.value == self.value

    def __hash__(self) -> int:
        return hash(self.value)

    def __repr__(self) -> str:
        return "Secret(…)"


class KafkaSettings(Struct, frozen=True, kw_only=True):
    """Where Kafka is and how to get in.

    `prefix` stands before the names of topics and groups; `patience` is how many seconds a broker has to
    answer at the start; `session` after how many it gives up a worker that it does not hear of, and lets
    another one go on; `delivery` how many the gateway waits for a broker that is away.
    """

    bootstrap: tuple[str, ...] = ("127.0.0.1:9092",)
    prefix: Prefix = ""
    replicas: Annotated[int, Meta(ge=1, le=9)] = 1
    patience: Annotated[float, Meta(ge=1, le=600)] = 10.0
    session: Annotated[float, Meta(ge=1, le=60)] = 10.0
    delivery: Annotated[float, Meta(ge=10, le=86_400)] = 300.0
    tls: bool = False
    ca: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    mechanism: Literal["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"] = "SCRAM-SHA-512"
    user: str | None = None
    password: Secret | None = None

    @property
    def protocol(self) -> str:
        """Kafka's name of the combination."""
        return ("SASL_" if self.user else "") + ("SSL" if self.tls else "PLAINTEXT")

    def topic(self, name: str) -> str:
        """The name of a topic of `schemas.topics` on this broker; of a group as well."""
        return self.prefix + name


class Neo4jSettings(Struct, frozen=True, kw_only=True):
    """Where Neo4j is and how to get in; `neo4j+s://` for TLS."""

    uri: str = "neo4j://127.0.0.1:7687"
    user: str = "neo4j"
    password: Secret | None = None
    database: str = "neo4j"


class WorkerSettings(Struct, frozen=True, kw_only=True):
    """One worker. Without a name it has its kind's and its machine's. `instance` makes its membership in the
    group static: by default the name, when one is given; owners have one by their jurisdiction, whatever
    stands here. Port 0 takes a free one."""

    name: Name = ""
    instance: Name | None = None
    batch: Batch = 500
    within: Seconds = 0.01
    host: str = "127.0.0.1"
    port: Port = 0


class SealSettings(Struct, frozen=True, kw_only=True):
    """For machines that seal and have no vault: files made by `suyuan vault sealing`."""

    public_key: Path | None = None
    pepper: Path | None = None


class OidcSettings(Struct, frozen=True, kw_only=True):
    """Who else may say who somebody is, at the console: a provider of OpenID Connect.

    `issuer` is the provider's address as it writes it itself, `client` and `secret` are what it knows this
    console by, `address` is where browsers find the console; the provider has to know `address` +
    /api/oidc/callback. `claim` of its ID token holds the name of the account here, and must be one that the
    provider never gives to somebody else. `name` is what the page calls the provider.
    """

    issuer: Site | None = None
    client: str | None = None
    secret: Secret | None = None
    claim: Annotated[str, Meta(min_length=1, max_length=100)] = "preferred_username"
    address: Origin | None = None
    name: Annotated[str, Meta(max_length=40)] = ""


class Settings(Struct, frozen=True, kw_only=True):
    """All settings. `jurisdictions` are prefixes of GB/T 2260 codes; their order is that of partitions.

    `workbench` is the console's own file (accounts, sessions, answers), `audit` what is read and done in it.

    With `server`, which is made from the others, the store is a graph on a Neo4j server and can only be read.
    """

    store: Path
    vault: Path
    vault_key: Path
    workbench: Path
    audit: Path
    jurisdictions: tuple[Jurisdiction, ...] = ("46",)
    kafka: KafkaSettings = KafkaSettings()
    neo4j: Neo4jSettings = Neo4jSettings()
    worker: WorkerSettings = WorkerSettings()
    seal: SealSettings = SealSettings()
    oidc: OidcSettings = OidcSettings()
    server: Access | None = None


def read_settings(store: str, environ: Mapping[str, str]) -> Settings:
    """The files of the store named `store`; `SUYUAN_VAULT` and `SUYUAN_VAULT_KEY` move the vault,
    `SUYUAN_WORKBENCH` and `SUYUAN_AUDIT` what the console keeps.

    >>> read_settings("case/hainan.db", {}).vault.name
    'hainan.vault'
    >>> read_settings("hainan.db", {"SUYUAN_VAULT_KEY": "usb/key"}).vault_key.name
    'key'
    >>> read_settings("case/hainan.db", {}).workbench.name, read_settings("hainan.db", {}).audit.name
    ('hainan.console.db', 'hainan.audit.jsonl')

    `neo4j://HOST:PORT` is a graph on a server; for user and password see `server_access`.

    Raises `UsageError` for a store this version cannot use.
    """
    server = None
    if "://" in store:
        server, store = server_access(store, environ), DEFAULT_STORE
    path = Path(store)
    stem = path.name.removesuffix(".db")
    vault = Path(environ.get("SUYUAN_VAULT") or path.with_name(f"{stem}.vault"))
    return Settings(
        store=path,
        vault=vault,
        vault_key=Path(environ.get("SUYUAN_VAULT_KEY") or vault.with_name(f"{vault.name}.key")),
        workbench=Path(environ.get("SUYUAN_WORKBENCH") or path.with_name(f"{stem}.console.db")),
        audit=Path(environ.get("SUYUAN_AUDIT") or path.with_name(f"{stem}.audit.jsonl")),
        server=server,
    )


def server_access(uri: str, environ: Mapping[str, str]) -> Access:
    """How to get into the server at an address: `SUYUAN_NEO4J_USER` (else `neo4j`), and the password from
    `SUYUAN_NEO4J_PASSWORD` or the file that `SUYUAN_NEO4J_PASSWORD_FILE` names.

    >>> server_access("neo4j://graph.example:7687", {"SUYUAN_NEO4J_PASSWORD": "secret"})
    Access(uri='neo4j://graph.example:7687', user='neo4j', password=…)

    Raises `UsageError` for an address of another kind, or a file that cannot be read.
    """
    scheme = uri.partition("://")[0]
    if scheme not in SCHEMES:
        raise UsageError(
            f"there are no stores of the kind {scheme}://: give the path of a file, or neo4j://HOST:PORT"
        )
    password = environ.get("SUYUAN_NEO4J_PASSWORD")
    if password is None and (file := environ.get("SUYUAN_NEO4J_PASSWORD_FILE")):
        try:
            password = Path(file).read_text("utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError("the file that SUYUAN_NEO4J_PASSWORD_FILE names cannot be read") from error
    access = Access(uri=uri, user=environ.get("SUYUAN_NEO4J_USER") or "neo4j", password=password or "")
    access.check()
    return access

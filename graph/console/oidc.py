"""Signing in by OpenID Connect: the organisation's identity provider says who somebody is.

The authorization code flow with PKCE (OpenID Connect Core 1.0, RFC 7636). What the provider publishes is
fetched when it is first needed and kept for an hour; its keys once more when a token names one that is not
among them. An ID token is believed when one of these keys has signed it by an asymmetric algorithm, and when
it is of this issuer, for this client, of now, and of this very errand. Only the name of the account is taken
from it; no token is kept, and none is in a message or a log.

Needs the packages of the extra `oidc`: nothing that has to do without imports this module.
"""

from __future__ import annotations

import ssl
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import cached_property
from threading import Lock
from typing import Any, Generic, TypeVar
from urllib.parse import quote_plus, urlsplit

import httpx2
import msgspec
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import OAuth2Client
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from authlib.oidc.discovery import get_well_known_url
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from msgspec import Struct

from graph.console.errand import Errand
from graph.console.passwords import Fresh
from schemas.errors import NotVouched, ProviderSilent, UsageError
from schemas.times import HOUR, SECOND

CALLBACK = "/api/oidc/callback"
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""By which a token may be signed. Never none, and never a shared secret: the public key could pass for it."""
SCOPE = "openid profile"
SKEW = 60
"""Seconds by which the provider's clock may differ."""
SECONDS = 5.0
"""For which the provider may say nothing."""
_KEPT = HOUR
_SILENT = 3 * SECOND
"""For which it is not asked again after it has not answered."""
_LOOPBACK = ("127.0.0.1", "::1", "localhost")

T = TypeVar("T")


class Registration(Struct, frozen=True, kw_only=True):
    """How this console is known at a provider; see `streams.settings.OidcSettings`. It hides its secret."""

    issuer: str
    client: str
    address: str
    secret: str = ""
    claim: str = "preferred_username"
    name: str = ""

    def check(self) -> None:
        """Raises `UsageError` for addresses to which nothing secret may go."""
        for key, url in (("issuer", self.issuer), ("address", self.address)):
            if not _is_safe(url):
                raise UsageError(f"oidc.{key} has to begin with https:// (http:// on this machine only)")

    @property
    def callback(self) -> str:
        """Where the provider sends the browser back to."""
        return self.address.rstrip("/") + CALLBACK

    def __repr__(self) -> str:
        """Without what is secret."""
        return f"Registration(issuer={self.issuer!r}, client={self.client!r})"


class Published(Struct, frozen=True, kw_only=True):
    """What of a provider's description of itself matters here (OpenID Connect Discovery 1.0)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


class Keys(Struct, frozen=True):
    """The keys that a provider publishes (RFC 7517)."""

    keys: tuple[dict[str, Any], ...]


class Provider:
    """`graph.console.office.IdentityProvider` by OpenID Connect; for all threads. It asks nobody until
    somebody signs in. `fresh` gives random bytes.
    """

    def __init__(self, ours: Registration, fresh: Fresh) -> None:
        self._ours, self._fresh = ours, fresh
        self._published = _Kept(self._described)
        self._keys = _Kept(self._signing)

    @property
    def name(self) -> str:
        return self._ours.name

    @property
    def secure(self) -> bool:
        return self._ours.address.startswith("https:")

    def ask(self, back: str, at: int) -> tuple[Errand, str]:
        errand = Errand.begun(self._fresh, back)
        address = prepare_grant_uri(
            self._published.get(at).authorization_endpoint,
            client_id=self._ours.client,
            response_type="code",
            redirect_uri=self._ours.callback,
            scope=SCOPE,
            state=errand.state,
            nonce=errand.nonce,
            code_challenge=create_s256_code_challenge(errand.verifier),
            code_challenge_method="S256",
        )
        return errand, address

    def answered(self, errand: Errand, answer: Mapping[str, str], at: int) -> str:
        if answer.get("iss", self._ours.issuer) != self._ours.issuer:  # RFC 9207
            raise NotVouched("issuer")
        if "error" in answer:
            raise NotVouched("refused")
        if not answer.get("code"):
            raise NotVouched("code")
        given = self._redeemed(answer["code"], errand, self._published.get(at))
        name = self._believed(given, errand, at).get(self._ours.claim)
        if not isinstance(name, str) or not name:
            raise NotVouched("claim")
        return name

    def _redeemed(self, code: str, errand: Errand, published: Published) -> Mapping[str, Any]:
        """What the provider gives for a code."""
        try:
            with self._client(published) as client:
                given: Mapping[str, Any] = client.fetch_token(
                    published.token_endpoint,
                    grant_type="authorization_code",
                    code=code,
                    code_verifier=errand.verifier,
                )
                return given
        except OAuthError as error:
            ours = error.error in {"invalid_client", "unauthorized_client"}
            raise NotVouched("client" if ours else "code") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError):
            raise ProviderSilent("provider") from None

    def _client(self, published: Published) -> OAuth2Client:
        """A client for one exchange: it keeps the token it was given last, so threads must not share it."""
        methods = published.token_endpoint_auth_methods_supported
        way = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
        client = OAuth2Client(
            client_id=self._ours.client,
            client_secret=self._ours.secret,
            token_endpoint_auth_method=way if self._ours.secret else "none",
            redirect_uri=self._ours.callback,
            timeout=SECONDS,
            verify=self._trusted,
        )
        client.register_client_auth_method(("client_secret_basic", _basic))
        return client

    def _believed(self, given: Mapping[str, Any], errand: Errand, at: int) -> Mapping[str, Any]:
        """The claims of an ID token that is ours to believe."""
        text = given.get("id_token")
        if not isinstance(text, str):
            raise NotVouched("token")
        options = {
            "iss": {"essential": True, "value": self._ours.issuer},
            "aud": {"essential": True, "value": self._ours.client},
        }
        params = {
            "nonce": errand.nonce,
            "client_id": self._ours.client,
            "access_token": given.get("access_token"),
        }
        try:
            token = self._signed(text, at)
            claims = CodeIDToken(token.claims, token.header, options, params)
            claims.validate(now=at // SECOND, leeway=SKEW)
        except (JoseError, ValueError, TypeError):
            raise NotVouched("token") from None
        return token.claims

    def _signed(self, text: str, at: int) -> jwt.Token:
        try:
            return jwt.decode(text, self._keys.get(at), algorithms=ALGORITHMS)
        except InvalidKeyIdError:  # the provider has changed its keys, perhaps
            return jwt.decode(text, self._keys.get(at, anew=True), algorithms=ALGORITHMS)

    def _described(self, at: int) -> Published:
        """What the provider says of itself. Raises `ProviderSilent`."""
        del at
        published = self._fetched(get_well_known_url(self._ours.issuer, external=True), Published)
        if published.issuer != self._ours.issuer:
            raise ProviderSilent("issuer")
        ways = (published.authorization_endpoint, published.token_endpoint, published.jwks_uri)
        if not all(map(_is_safe, ways)):
            raise ProviderSilent("addresses")
        return published

    def _signing(self, at: int) -> KeySet:
        """The keys by which it signs. Raises `ProviderSilent`."""
        found = self._fetched(self._published.get(at).jwks_uri, Keys).keys
        fit = [key for key in found if key.get("kty") in ("RSA", "EC") and key.get("use", "sig") == "sig"]
        try:
            return KeySet.import_key_set({"keys": fit})
        except (JoseError, ValueError, TypeError):
            raise ProviderSilent("keys") from None

    def _fetched(self, url: str, kind: type[T]) -> T:
        try:
            with httpx2.Client(timeout=SECONDS, verify=self._trusted) as client:
                answer = client.get(url, headers={"Accept": "application/json"}).raise_for_status()
            return msgspec.json.decode(answer.content, type=kind)
        except (httpx2.HTTPError, httpx2.InvalidURL, msgspec.DecodeError):
            raise ProviderSilent("provider") from None

    @cached_property
    def _trusted(self) -> ssl.SSLContext:
        """Whom this machine trusts; to read that takes a while."""
        return httpx2.create_ssl_context()


class _Kept(Generic[T]):
    """Something of the provider's, fetched when it is asked for and is not there, or is old.

    Who asks meanwhile waits for the same answer; when there is none, for a few seconds nobody tries again.
    """

    def __init__(self, fetch: Callable[[int], T]) -> None:
        self._fetch, self._turn = fetch, Lock()
        self._found: tuple[int, T] | None = None
        self._failed: tuple[int, ProviderSilent] | None = None

    def get(self, at: int, *, anew: bool = False) -> T:
        """What is known at a moment (microseconds). Raises `ProviderSilent`."""
        with self._turn:
            if self._found is not None and at < self._found[0] + _KEPT and not anew:
                return self._found[1]
            if self._failed is not None and at < self._failed[0] + _SILENT:
                raise ProviderSilent(self._failed[1].why)
            try:
                self._found = at, self._fetch(at)
            except ProviderSilent as error:
                self._failed = at, error
                raise
            return self._found[1]


def _basic(client: Any, method: str, uri: str, headers: Any, body: Any) -> Any:
    """HTTP Basic as RFC 6749, 2.3.1 has it: both parts are encoded first, which authlib leaves out."""
    del method
    pair = f"{quote_plus(client.client_id)}:{quote_plus(client.client_secret)}"
    headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return uri, headers, body


def _is_safe(url: str) -> bool:
    """Whether what goes there cannot be read on the way."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return False
    return bool(host) and (parts.scheme == "https" or (parts.scheme == "http" and host in _LOOPBACK))

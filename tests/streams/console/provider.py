"""An identity provider of OpenID Connect on loopback, as good or as bad as a test wants it."""

from __future__ import annotations

import base64
import json
from contextlib import contextmanager
from functools import cache
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, unquote_plus, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

CLIENT, SECRET = "suyuan console", "geheim+%/7"  # made up; a client has to encode both


@cache
def key(name: str, kind: str = "RSA") -> RSAKey | ECKey:
    """A key pair with this `kid`; it takes a while to make one."""
    more = {"kid": name, "use": "sig"}
    return RSAKey.generate_key(2048, more) if kind == "RSA" else ECKey.generate_key("P-256", more)


class Provider:
    """What it says and does can be changed at any time; `asked` counts requests by path."""

    def __init__(self, now: Callable[[], int]) -> None:
        self.now = now
        self.address = ""
        self.user = "lin"
        self.keys = [key("first")]
        self.algorithm = "RS256"
        self.claims: dict[str, Any] = {}
        self.described: dict[str, Any] = {}
        self.answer: dict[str, str] = {}
        self.methods = ["client_secret_basic"]
        self.signed: Callable[[dict[str, Any]], str | None] = self.sign
        self.asked: dict[str, int] = {}
        self.said: list[str] = []
        self._codes: dict[str, dict[str, str]] = {}

    def sign(self, claims: dict[str, Any]) -> str | None:
        """The ID token, as it should be."""
        signing = self.keys[-1]
        return jwt.encode({"alg": self.algorithm, "kid": signing.kid}, claims, signing, [self.algorithm])

    def description(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "token_endpoint_auth_methods_supported": self.methods,
            **self.described,
        }

    def published(self) -> dict[str, Any]:
        """Its public keys, among others that are for something else."""
        other = {"kty": "oct", "k": "c2VjcmV0", "kid": "other"}
        return {"keys": [other, *(each.as_dict(private=False) for each in self.keys)], "more": 1}

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the browser is sent, with a code, as if somebody had signed in."""
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self.said)}-abc"
        self._codes[code] = asked
        self.said.append(code)
        answer = {"code": code, "state": asked["state"]} | self.answer
        return f"{asked['redirect_uri']}?{urlencode(answer)}"

    def redeem(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code, once."""
        if self._client(form, authorization) != (CLIENT, SECRET):
            return 401, {"error": "invalid_client"}
        asked = self._codes.pop(form["code"], None)
        challenge = sha256(form["code_verifier"].encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).decode().rstrip("=")
        if asked is None or asked["code_challenge"] != proof or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant", "error_description": "of no use"}
        now = self.now()
        claims = {
            "iss": self.address, "aud": CLIENT, "sub": "8-15", "iat": now, "exp": now + 300,
            "nonce": asked["nonce"], "preferred_username": self.user, **self.claims,
        }  # fmt: skip
        token = self.signed({name: value for name, value in claims.items() if value is not None})
        given = {"access_token": "opaque-access", "token_type": "Bearer", "expires_in": 300}
        self.said += [token or "", given["access_token"]]
        return 200, given if token is None else given | {"id_token": token}

    def _client(self, form: dict[str, str], authorization: str) -> tuple[str, str]:
        if self.methods == ["client_secret_post"]:
            return form.get("client_id", ""), form.get("client_secret", "")
        user, _, password = base64.b64decode(authorization.removeprefix("Basic ")).decode().partition(":")
        return unquote_plus(user), unquote_plus(password)


@contextmanager
def provided(now: Callable[[], int], port: int = 0, name: str = "127.0.0.1") -> Iterator[Provider]:
    """One that listens on loopback under a name; `now` is in seconds."""
    provider = Provider(now)

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_: Any) -> None:
            """It is silent."""

        def do_GET(self) -> None:
            path, query = self._asked()
            match path:
                case "/.well-known/openid-configuration":
                    self._say(200, provider.description())
                case "/jwks":
                    self._say(200, provider.published())
                case "/authorize":
                    self.send_response(302)
                    self.send_header("Location", provider.authorize(query))
                    self.end_headers()
                case _:
                    self._say(404, {})

        def do_POST(self) -> None:
            self._asked()
            form = dict(parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self._say(*provider.redeem(form, self.headers.get("Authorization", "")))

        def _asked(self) -> tuple[str, dict[str, str]]:
            parts = urlsplit(self.path)
            provider.asked[parts.path] = provider.asked.get(parts.path, 0) + 1
            return parts.path, dict(parse_qsl(parts.query))

        def _say(self, status: int, content: Any) -> None:
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    provider.address = f"http://{name}:{server.server_address[1]}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(10)

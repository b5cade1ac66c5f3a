"""An OpenID Connect provider for tests: a real HTTP server of its own, with keys, a login form, tokens and userinfo.

The protocol is Authlib's own server side. What it does wrong on purpose is set in `wrong`, so that each test can show
that a relying party notices.
"""

from __future__ import annotations

import html
import secrets
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import uvicorn
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core.grants.util import create_half_hash
from joserfc import jwt
from joserfc.jwk import KeySet, RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

CLIENT, SECRET = "gongkai", "s3cret: with & and ü"
ALGORITHM = "RS256"


@dataclass
class Provider:
    """`people` are names with their groups; `redirects` the addresses that it sends people back to."""

    address: str
    people: dict[str, list[str]]
    redirects: list[str] = field(default_factory=list)
    wrong: set[str] = field(default_factory=set)
    claims: dict[str, Any] = field(default_factory=dict)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    ended: list[dict[str, str]] = field(default_factory=list)
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, private=True))
    other_key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}, private=True))

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self.discovery),
                Route("/authorize", self.authorize, methods=["GET", "POST"]),
                Route("/token", self.token, methods=["POST"]),
                Route("/jwks", self.jwks),
                Route("/userinfo", self.userinfo),
                Route("/end", self.end),
                Route("/favicon.ico", lambda request: Response(status_code=204)),
            ]
        )

    def discovery(self, request: Request) -> Response:
        told = {
            "issuer": "https://other.example" if "discovery" in self.wrong else self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/jwks",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
            "token_endpoint_auth_methods_supported": [
                "client_secret_post" if "post" in self.wrong else "client_secret_basic"
            ],
            "code_challenge_methods_supported": ["S256"],
        }
        if "no end" not in self.wrong:
            told["end_session_endpoint"] = f"{self.address}/end"
        return JSONResponse(told)

    async def authorize(self, request: Request) -> Response:
        """The login form, and where it leads. Whatever a careful provider insists on, it insists on."""
        asked = dict(request.query_params)
        sound = asked.get("client_id") == CLIENT and asked.get("redirect_uri") in self.redirects
        strict = asked.get("code_challenge_method") == "S256" and len(asked.get("state", "")) > 20
        if not (sound and strict and asked.get("nonce") and "openid" in asked.get("scope", "").split()):
            return Response("refused", 400)
        if request.method == "GET":
            return HTMLResponse(
                f'<form method="post" action="?{html.escape(urlencode(asked))}"><label>Name <input name="name"></label><button>Go</button></form>'
            )
        name = str((await request.form()).get("name"))
        if name not in self.people:
            return self._back(asked, error="access_denied")
        code = secrets.token_urlsafe(24)
        self.codes[code] = asked | {"name": name}
        return self._back(asked, code=code)

    def _back(self, asked: dict[str, str], **told: str) -> Response:
        state = "another" if "state" in self.wrong else asked["state"]
        issuer = {"iss": "https://other.example"} if "iss" in self.wrong else {}
        return RedirectResponse(f"{asked['redirect_uri']}?{urlencode(told | {'state': state} | issuer)}", 302)

    async def token(self, request: Request) -> Response:
        form = {name: str(value) for name, value in (await request.form()).items()}
        if not self._is_client(request, form):
            return JSONResponse({"error": "invalid_client"}, 401)
        asked = self.codes.pop(form.get("code", ""), None)
        verifier = form.get("code_verifier", "")
        if asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return JSONResponse({"error": "invalid_grant"}, 400)
        if create_s256_code_challenge(verifier) != asked["code_challenge"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(24)
        self.tokens[access] = asked["name"]
        told = {"access_token": access, "token_type": "Bearer", "expires_in": 300}
        return JSONResponse(told | ({} if "no token" in self.wrong else {"id_token": self._id_token(asked, access)}))

    def _is_client(self, request: Request, form: dict[str, str]) -> bool:
        import base64
        from urllib.parse import unquote_plus

        if "post" in self.wrong:
            return (form.get("client_id"), form.get("client_secret")) == (CLIENT, SECRET)
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        name, _, secret = base64.b64decode(given).decode().partition(":")
        return scheme == "Basic" and (unquote_plus(name), unquote_plus(secret)) == (CLIENT, SECRET)

    def _id_token(self, asked: dict[str, str], access: str) -> str:
        now, half = int(time.time()), create_half_hash(access, ALGORITHM)
        claims: dict[str, Any] = {
            "iss": self.address,
            "sub": f"id of {asked['name']}",
            "aud": CLIENT,
            "iat": now,
            "exp": now + 300,
            "nonce": asked["nonce"],
            "at_hash": half.decode() if half else "",
            "preferred_username": asked["name"],
        }
        if "groups in userinfo" not in self.wrong:
            claims["groups"] = self.people[asked["name"]]
        claims |= {name: value for name, value in self.claims.items() if value is not None}
        claims = {name: value for name, value in claims.items() if self.claims.get(name, "") is not None}
        if "none" in self.wrong:
            import base64
            import json

            parts = [json.dumps(each).encode() for each in ({"alg": "none"}, claims)]
            return ".".join(base64.urlsafe_b64encode(each).rstrip(b"=").decode() for each in parts) + "."
        if "hmac" in self.wrong:
            from joserfc.jwk import OctKey

            public = OctKey.import_key(self.key.as_pem(private=False))
            return jwt.encode({"alg": "HS256", "kid": "one"}, claims, public, ["HS256"])
        key = self.other_key if "signature" in self.wrong else self.key
        return jwt.encode({"alg": ALGORITHM, "kid": "one"}, claims, key, [ALGORITHM])

    def jwks(self, request: Request) -> Response:
        return JSONResponse(KeySet([self.key]).as_dict(private=False))

    def userinfo(self, request: Request) -> Response:
        name = self.tokens.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        if name is None:
            return Response(status_code=401)
        subject = "another" if "userinfo" in self.wrong else f"id of {name}"
        return JSONResponse({"sub": subject, "groups": self.people[name]})

    def end(self, request: Request) -> Response:
        self.ended.append(dict(request.query_params))
        return HTMLResponse("<h1>Signed out</h1>")


@contextmanager
def running(people: dict[str, list[str]]) -> Iterator[Provider]:
    """A provider on a port of its own, in a thread of its own."""
    bound = socket.create_server(("127.0.0.1", 0))
    provider = Provider(f"http://127.0.0.1:{bound.getsockname()[1]}", people)
    server = uvicorn.Server(uvicorn.Config(provider.app(), log_level="error"))
    thread = threading.Thread(target=server.run, args=([bound],), daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.should_exit = True
        thread.join(10)

"""An OpenID Connect provider: where to send a person, and what a code they come back with says of them.

The authorization code flow with PKCE. Where the provider's own pages are is read from its discovery document, which
must be the issuer's; its keys are fetched for every sign-in, so that one it withdrew opens nothing. Knows no session.
"""

from __future__ import annotations

import secrets
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
from authlib.oauth2.rfc7636 import create_s256_code_challenge
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from dashboard.messages import UserError
from dashboard.settings import Settings

_SECONDS = 10
_LEEWAY = 60  # how far two clocks may differ
# Signatures that only the provider can make; none of them with a secret that we hold too.
_ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")
_ENDPOINTS = ("authorization_endpoint", "token_endpoint", "jwks_uri")


@dataclass(frozen=True, slots=True)
class Asked:
    """One sign-in on its way: what must come back with it, and where to send the person."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Vouched:
    """Whom the provider vouches for; `sign_out` is its address to end the session there, empty where it has none."""

    subject: str
    name: str
    groups: tuple[str, ...]
    sign_out: str


class Provider:
    """Each call asks the provider. Raises UserError where it cannot be reached, or says what does not hold."""

    def __init__(self, settings: Settings, return_path: str) -> None:
        self._settings = settings
        self._return = settings.address + return_path
        self._home = f"{settings.address}/admin/login"

    def ask(self) -> Asked:
        """A new sign-in."""
        with _client() as client:
            told = self._discovery(client)
        state, nonce, verifier = (secrets.token_urlsafe(48) for _ in range(3))
        address = prepare_grant_uri(
            told["authorization_endpoint"],
            self._settings.oidc_client_id,
            "code",
            redirect_uri=self._return,
            scope=self._settings.oidc_scope,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
        )
        return Asked(str(address), state, nonce, verifier)

    def vouch(self, query: Mapping[str, str], nonce: str, verifier: str) -> Vouched:
        """Whom the code in the query, sent to us by the provider, stands for."""
        if query.get("iss", self._settings.oidc_issuer) != self._settings.oidc_issuer:
            raise _refused("issuer")
        if "error" in query or not query.get("code"):
            raise _refused(query.get("error", "no code")[:100])
        with _client() as client:
            told = self._discovery(client)
            tokens = self._exchange(client, told, query["code"], verifier)
            claims = self._claims(client, told, tokens, nonce)
            groups = _groups(claims, self._settings.oidc_claim)
            if groups is None and "userinfo_endpoint" in told:
                groups = _groups(_userinfo(client, told, tokens, claims["sub"]), self._settings.oidc_claim)
        names = (claims.get(each) for each in ("preferred_username", "email", "name", "sub"))
        name = next(str(each) for each in names if each)
        return Vouched(claims["sub"], name[:64], groups or (), self._sign_out(told, tokens["id_token"]))

    def _discovery(self, client: httpx.Client) -> dict[str, Any]:
        issuer = self._settings.oidc_issuer
        told = _json(client.get, f"{issuer.rstrip('/')}/.well-known/openid-configuration")
        if told.get("issuer") != issuer:
            raise _refused("issuer")
        asked = [*_ENDPOINTS, *(each for each in ("userinfo_endpoint", "end_session_endpoint") if each in told)]
        if not all(_is_sound(told.get(each), issuer) for each in asked):
            raise _refused("discovery")
        return told

    def _exchange(self, client: httpx.Client, told: Mapping[str, Any], code: str, verifier: str) -> dict[str, Any]:
        body = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": self._return,
            "code_verifier": verifier,
        }
        name, secret = self._settings.oidc_client_id, self._secret()
        methods = told.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
        if "client_secret_basic" in methods:
            tokens = _json(client.post, told["token_endpoint"], data=body, auth=_basic(name, secret))
        else:
            tokens = _json(
                client.post, told["token_endpoint"], data=body | {"client_id": name, "client_secret": secret}
            )
        if not isinstance(tokens.get("id_token"), str):
            raise _refused("no id_token")
        return tokens

    def _claims(
        self, client: httpx.Client, told: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str
    ) -> CodeIDToken:
        """What the ID token says, once signature, issuer, audience, time, nonce and access token are right."""
        issuer, name = self._settings.oidc_issuer, self._settings.oidc_client_id
        must = {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True, "value": name}}
        must |= {each: {"essential": True} for each in ("sub", "exp", "iat", "nonce")}
        try:
            keys = KeySet.import_key_set(_json(client.get, told["jwks_uri"]))  # type: ignore[arg-type]  # checked there
            token = jwt.decode(tokens["id_token"], keys, algorithms=_ALGORITHMS)
            params = {"nonce": nonce, "client_id": name, "access_token": tokens.get("access_token")}
            claims = CodeIDToken(token.claims, token.header, must, params)
            claims.validate(leeway=_LEEWAY)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise _refused(f"ID token: {error}"[:200]) from error
        return claims

    def _secret(self) -> str:
        path = self._settings.oidc_client_secret_file
        try:
            return path.read_text("utf-8").strip() if path else ""
        except (OSError, UnicodeDecodeError) as error:
            raise UserError("admin.secret_unreadable", file=str(path)) from error

    def _sign_out(self, told: Mapping[str, Any], id_token: str) -> str:
        address = told.get("end_session_endpoint", "")
        query = {
            "id_token_hint": id_token,
            "client_id": self._settings.oidc_client_id,
            "post_logout_redirect_uri": self._home,
        }
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}" if address else ""


def _client() -> httpx.Client:
    """Trusts whom this machine trusts, follows no redirect, and takes no proxy from the environment."""
    context = ssl.create_default_context()
    return httpx.Client(timeout=_SECONDS, follow_redirects=False, trust_env=False, verify=context)


def _json(send: Any, address: str, **options: Any) -> dict[str, Any]:
    try:
        answer = send(address, headers={"Accept": "application/json"}, **options)
        answer.raise_for_status()
        told = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        reason = (
            f"HTTP {error.response.status_code}" if isinstance(error, httpx.HTTPStatusError) else type(error).__name__
        )
        raise UserError("admin.provider_unreachable", reason=f"{urlsplit(address).netloc}: {reason}") from error
    if not isinstance(told, dict):
        raise _refused("not an object")
    return told


def _basic(name: str, secret: str) -> httpx.BasicAuth:
    """Both are form-encoded first, as RFC 6749 wants it."""
    encoded = [urlencode({"": each})[1:] for each in (name, secret)]
    return httpx.BasicAuth(*encoded)


def _userinfo(client: httpx.Client, told: Mapping[str, Any], tokens: Mapping[str, Any], subject: str) -> dict[str, Any]:
    bearer = httpx.Headers({"Authorization": f"Bearer {tokens.get('access_token', '')}"})
    client.headers.update(bearer)
    claims = _json(client.get, told["userinfo_endpoint"])
    if claims.get("sub") != subject:
        raise _refused("userinfo")
    return claims


def _groups(claims: Mapping[str, Any], path: str) -> tuple[str, ...] | None:
    """The groups under a claim, whose name may lead inwards by dots; None where there is no such claim."""
    found: Any = claims
    if path in claims:
        found = claims[path]
    else:
        for part in path.split("."):
            found = found.get(part) if isinstance(found, Mapping) else None
    if isinstance(found, str):
        return tuple(found.split())
    return tuple(each for each in found if isinstance(each, str)) if isinstance(found, list) else None


def _is_sound(address: object, issuer: str) -> bool:
    """Encrypted, unless the issuer itself is one on this machine that is not."""
    return isinstance(address, str) and address.startswith(
        ("https://", *(("http://",) if issuer[:5] == "http:" else ()))
    )


def _refused(reason: str) -> UserError:
    return UserError("admin.provider_refused", reason=reason)

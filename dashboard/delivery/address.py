"""The address of the page a first layout is asked for.

Dash's renderer asks without naming the page; the browser names it as referrer, with path and query as the
policy in wire allows. Where something on the way strips that header there is no address: the layout is then
a shell, and dcc.Location tells the rest by callback.
"""

from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode, urlsplit

from dash import Dash, dcc
from starlette.requests import Request

# Of what a parameter holds, so much is read; what a plain page may be asked for beside it.
_LONGEST = 2000
_OWN = ("lang", "theme")


@dataclass(frozen=True)
class Address:
    """A page's address as the browser writes it; the fragment never reaches a server."""

    href: str
    pathname: str
    search: str


def asked_address(app: Dash) -> Address | None:
    """The page whose layout is being built now; None outside a request or without a referrer."""
    if not app.backend.has_request_context():
        return None
    return read_address(app.backend.request_adapter().headers.get("referer", ""))


def read_address(href: str) -> Address | None:
    """A full address taken apart as window.location does; None where it is none."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.netloc:
        return None
    return Address(href, parts.path or "/", f"?{parts.query}" if parts.query else "")


def came_from(request: Request) -> Address:
    """The page that the parameter `from` names, empty where it names none; the request's own language and theme go before its."""
    try:
        parts = urlsplit(request.query_params.get("from", "")[:_LONGEST])
    except ValueError:
        parts = urlsplit("")
    own = {name: request.query_params[name] for name in _OWN if name in request.query_params}
    pairs = [*(pair for pair in parse_qsl(parts.query) if pair[0] not in own), *own.items()]
    return Address("", parts.path, f"?{urlencode(pairs)}" if pairs else "")


def location(id: str, address: Address | None) -> dcc.Location:
    """A dcc.Location that knows where it is, so that it does not tell, and the routing callback stays still.

    Without an address it tells as usual. Never `refresh=True`, Dash's default: it would load the page again
    wherever a fragment makes the address differ.
    """
    if address is None:
        return dcc.Location(id=id, refresh=False)
    return dcc.Location(
        id=id, refresh=False, href=address.href, pathname=address.pathname, search=address.search, hash=""
    )

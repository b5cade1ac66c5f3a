"""What the environment may set: the only reader of it. Each setting has a default and one sentence.

Nothing else of the program looks at `os.environ`; `gongkai settings` prints what holds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from dashboard.messages import Language, UserError

PREFIX = "GONGKAI_"
ROOT = Path(__file__).parents[1]
_HOST = r"(?:[A-Za-z0-9.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?"


@dataclass(frozen=True)
class Settings:
    """How this installation runs. A field `data_dir` is set by `GONGKAI_DATA_DIR`."""

    data_dir: Path = field(default=ROOT / "data", metadata={"about": "The data folder: tables, sources, snapshots."})
    assets_dir: Path = field(
        default=ROOT / "assets",
        metadata={"about": "The folder with style sheets and scripts for the browser."},
    )
    cache_dir: Path = field(
        default=ROOT / "build" / "cache",
        metadata={"about": "Where compressed assets are kept between starts; may be emptied at any time."},
    )
    host: str = field(default="127.0.0.1", metadata={"about": "The address the server listens on."})
    port: int = field(default=8050, metadata={"about": "The port the server listens on."})
    workers: int = field(default=1, metadata={"about": "How many server processes share the port."})
    language: Language = field(
        default=Language.ZH,
        metadata={"about": "The language of the command line and of pages that name none: zh or en."},
    )
    body: str = field(
        default="",
        metadata={"about": "The body shown first, by division code; empty: the one with the newest report."},
    )
    fall_limit: int = field(
        default=20,
        metadata={
            "about": "By how many percent the figures, in all or of one report, may fall before a refresh needs --force."
        },
    )
    browser: str = field(
        default="",
        metadata={
            "about": "The Chromium or Chrome that draws charts for other sites and as files; empty: the one on the PATH."
        },
    )
    browser_mb: int = field(
        default=800,
        metadata={"about": "Megabytes of memory the drawing browser may take before a fresh one replaces it."},
    )
    stills_mb: int = field(
        default=64,
        metadata={"about": "Megabytes of drawn charts kept in the cache folder; the least used go first."},
    )

    database: str = field(
        default="",
        metadata={
            "about": "A server that speaks PostgreSQL and answers for what is live, such as postgresql://gongkai@db/gongkai; "
            "empty: the snapshot's own files do.",
            "read": "database_address",
        },
    )
    snapshot_store: str = field(
        default="",
        metadata={
            "about": "An S3-compatible store by which servers share snapshots, such as s3://gongkai/snapshots; empty: none.",
            "read": "store_address",
        },
    )
    snapshot_store_endpoint: str = field(
        default="",
        metadata={
            "about": "Where that store answers, such as https://s3.example.cn; nothing else is asked.",
            "read": "web_address",
        },
    )
    snapshot_store_region: str = field(
        default="us-east-1", metadata={"about": "The store's region, where it has several."}
    )
    snapshot_store_keys_file: Path | None = field(
        default=None,
        metadata={"about": "A file with the store's access key and its secret, a line each; empty: it asks for none."},
    )

    public_url: str = field(
        default="",
        metadata={
            "about": "Where readers reach this server, such as https://data.example.cn; empty: the address it listens on.",
            "read": "site_address",
        },
    )
    embed_hosts: str = field(
        default="*",
        metadata={
            "about": "Who may frame embeds: *, or web addresses such as https://*.example.cn with spaces between.",
            "read": "frame_hosts",
        },
    )
    proxies: str = field(
        default="127.0.0.1",
        metadata={
            "about": "Proxies in front whose word on the client's address is taken: addresses or networks, by comma."
        },
    )
    api_limit: int = field(
        default=600, metadata={"about": "Requests a minute that one client may make to the API; 0: without limit."}
    )

    log: str = field(
        default="text",
        metadata={"about": "How the log is written to standard error: text or json.", "read": "log_format"},
    )
    log_slow_ms: int = field(
        default=2000,
        metadata={"about": "Requests that take so many milliseconds are logged, failed ones always; 0: every request."},
    )
    metrics_port: int = field(
        default=0, metadata={"about": "The port at which /metrics shows counts to Prometheus; 0: not counted at all."}
    )
    metrics_host: str = field(
        default="127.0.0.1",
        metadata={"about": "The address /metrics listens on: never one that the public reaches."},
    )

    admin_dir: Path | None = field(
        default=None,
        metadata={"about": "Where accounts and sessions of /admin are kept, outside data; empty: no /admin at all."},
    )
    admin_idle_minutes: int = field(
        default=30, metadata={"about": "A session of /admin ends after so many minutes without a request."}
    )
    admin_session_hours: int = field(
        default=12, metadata={"about": "A session of /admin ends after so many hours in any case."}
    )
    oidc_issuer: str = field(
        default="",
        metadata={
            "about": "The OpenID Connect provider by which people enter /admin, such as https://login.example.cn; empty: none.",
            "read": "issuer",
        },
    )
    oidc_client_id: str = field(default="", metadata={"about": "What the provider calls this server."})
    oidc_client_secret_file: Path | None = field(
        default=None, metadata={"about": "A file with the secret that the provider shares with this server."}
    )
    oidc_scope: str = field(
        default="openid profile email", metadata={"about": "What is asked of the provider about a person."}
    )
    oidc_claim: str = field(
        default="groups",
        metadata={"about": "The claim that tells a person's groups; a dot leads inwards, as in realm_access.roles."},
    )
    oidc_roles: str = field(
        default="",
        metadata={
            "about": "Which group has which role, such as viewer=staff editor=data publisher=office; several groups by comma.",
            "read": "group_roles",
        },
    )

    @property
    def address(self) -> str:
        """Where readers reach this server, without a slash at the end; never taken from a request."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def snapshots_dir(self) -> Path:
        return self.data_dir / "snapshots"

    @property
    def sources_dir(self) -> Path:
        return self.data_dir / "sources"


def load(environment: Mapping[str, str] | None = None) -> Settings:
    """The settings of `environment` (default: the process's). Raises UserError for a value that does not fit."""
    given = os.environ if environment is None else environment
    values: dict[str, object] = {}
    for setting in fields(Settings):
        name = PREFIX + setting.name.upper()
        if name in given:
            read = _NAMED.get(setting.metadata.get("read", "")) or _READ[type(setting.default)]
            values[setting.name] = _convert(name, given[name], read)
    return Settings(**values)  # type: ignore[arg-type]  # each value was made with its field's type


def _convert(name: str, raw: str, kind: Callable[[str], object]) -> object:
    try:
        return kind(raw)
    except ValueError as error:
        raise UserError("settings.invalid", name=name, value=_unopened(raw), kind=kind.__name__.strip("_")) from error


def hand_on(**values: object) -> None:
    """Sets settings for the processes that this one starts, such as the port that was found free."""
    os.environ.update({PREFIX + name.upper(): str(value) for name, value in values.items()})


# The library that counts reads it for itself, and writes its files there.
_COUNTS = "PROMETHEUS_MULTIPROC_DIR"


def count_in(folder: Path) -> None:
    """The processes that this one starts share their counts in `folder`."""
    os.environ[_COUNTS] = str(folder)


def is_counting() -> bool:
    return _COUNTS in os.environ


def _path(raw: str) -> Path:
    return Path(raw).expanduser().absolute()


def _number(raw: str) -> int:
    """Whole and not negative: a port or a count."""
    if not raw.isdecimal():
        raise ValueError(raw)
    return int(raw)


def web_address(raw: str) -> str:
    """Scheme, host and at most a path; empty stays empty. Raises ValueError."""
    if raw and not re.fullmatch(rf"https?://{_HOST}(/[\w.~/-]*)?", raw):
        raise ValueError(raw)
    return raw.rstrip("/")


def _site_address(raw: str) -> str:
    """A web address without a path: the site's own addresses begin at the root."""
    if web_address(raw).count("/") > 2:
        raise ValueError(raw)
    return web_address(raw)


def _database_address(raw: str) -> str:
    """As libpq reads it: a URL, with its password or, better, without."""
    if raw and not re.fullmatch(r"postgres(ql)?://[^\s/?]*/[^\s/?]*(\?\S*)?", raw):
        raise ValueError(raw)
    return raw


def _store_address(raw: str) -> str:
    """A bucket and at most a path in it."""
    if raw and not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]+(/[\w./-]*)?", raw):
        raise ValueError(raw)
    return raw


def _unopened(text: str) -> str:
    """Without the passwords in it, also where somebody mistyped the rest."""
    return re.sub(r"(?i)(password=)[^&\s]*", r"\1***", re.sub(r"(://[^:/?#\s]*):[^/?#\s]*@", r"\1:***@", text))


def _frame_hosts(raw: str) -> str:
    hosts = raw.split()
    if not hosts or not all(each == "*" or re.fullmatch(rf"https?://(\*\.)?{_HOST}", each) for each in hosts):
        raise ValueError(raw)
    return " ".join(hosts)


def _optional_path(raw: str) -> Path | None:
    return _path(raw) if raw.strip() else None


def _issuer(raw: str) -> str:
    """As the provider writes it, with its slash at the end if it has one; http on this machine alone."""
    if raw and not re.fullmatch(
        rf"(https://{_HOST}|http://(localhost|127\.0\.0\.1|\[::1\])(:\d{{1,5}})?)(/[\w.~/-]*)?", raw
    ):
        raise ValueError(raw)
    return raw


def _group_roles(raw: str) -> str:
    if not all(re.fullmatch(r"(viewer|editor|publisher)=[^\s=]+", each) for each in raw.split()):
        raise ValueError(raw)
    return raw


def _log_format(raw: str) -> str:
    if raw not in ("text", "json"):
        raise ValueError(raw)
    return raw


_NAMED: dict[str, Callable[[str], object]] = {
    "site_address": _site_address,
    "frame_hosts": _frame_hosts,
    "database_address": _database_address,
    "store_address": _store_address,
    "web_address": web_address,
    "issuer": _issuer,
    "log_format": _log_format,
    "group_roles": _group_roles,
}
# How a setting is read, by the type of its default.
_READ: dict[type, Callable[[str], object]] = {
    type(ROOT): _path,
    type(None): _optional_path,
    int: _number,
    str: str,
    Language: Language,
}


def table(settings: Settings) -> list[tuple[str, str, str]]:
    """One row a setting: the variable's name, its value here, what it is for."""
    return [
        (PREFIX + setting.name.upper(), _shown(getattr(settings, setting.name)), setting.metadata["about"])
        for setting in fields(Settings)
    ]


def _shown(value: object) -> str:
    return "" if value is None else _unopened(str(value))

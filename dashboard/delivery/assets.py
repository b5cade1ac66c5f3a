"""The files under assets/: read once, each at an address that follows its content, so it may be kept."""

import gzip
import hashlib
import mimetypes
import posixpath
import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from dashboard.delivery.stored import Cache, Stored

# What a machine's own table of types gets wrong or leaves out.
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}

_PACKED = ".gz"
_REFERENCE = re.compile(r"""url\(\s*(["']?)(?![a-z]+:|/|#)([^"')?#]+)([^"')]*)\1\s*\)""", re.IGNORECASE)


class Assets:
    """Every file of a folder, compressed once and addressed by content.

    `url("vendor/plotly.min.js")` is `/assets/vendor/plotly.min.<hash8>.js`; an unknown name is a
    KeyError, for it is a mistake in our own code. A file that has itself beside it with `.gz` after its name was
    packed more tightly than a server would find the time for.
    """

    def __init__(self, folder: Path, cache: Cache, base: str = "/") -> None:
        self._folder = folder
        self._prefix = f"{base}assets/"
        self._bodies: dict[str, bytes] = {}
        self._paths: dict[str, str] = {}
        for name in sorted(_names(folder)):
            self._read(name)
        with ThreadPoolExecutor() as pool:
            held = pool.map(lambda name: self._compressed(name, cache), self._bodies)
            self._stored = dict(zip((self._paths[name] for name in self._bodies), held, strict=True))

    def __contains__(self, name: str) -> bool:
        return name in self._paths

    def url(self, name: str) -> str:
        """The address of a file, for good: other content has another address."""
        return self._prefix + self._paths[name]

    def body(self, name: str) -> bytes:
        """A file as it is sent, uncompressed."""
        return self._bodies[name]

    def find(self, path: str) -> Stored | None:
        """What stands at a hashed path below /assets/; a plain name finds nothing, it could not be kept."""
        return self._stored.get(path)

    def latest(self, path: str) -> bytes | None:
        """What stands today where `path` names an earlier content of the same file: pages that are kept may ask for it."""
        match = re.fullmatch(r"(.+)\.[0-9a-f]{8}(\.\w+)", path)
        return self._bodies.get(match[1] + match[2]) if match else None

    def _compressed(self, name: str, cache: Cache) -> Stored:
        body, packed = self._bodies[name], self._folder / f"{name}{_PACKED}"
        if not packed.is_file():
            return Stored.of(body, media_type(name), cache)
        content = packed.read_bytes()
        if gzip.decompress(content) != body:
            raise ValueError(f"assets/{name}{_PACKED} does not hold assets/{name}: pack it anew")
        return Stored.of(body, media_type(name), cache, packed=content)

    def _read(self, name: str) -> None:
        if name in self._paths:
            return
        body = (self._folder / name).read_bytes()
        if name.endswith(".css"):
            body = self._with_hashed_references(name, body)
        self._bodies[name] = body
        self._paths[name] = hashed(name, body)

    def _with_hashed_references(self, name: str, body: bytes) -> bytes:
        """A stylesheet's url() to its neighbours, by their hashed names; its own hash then follows theirs."""

        def replace(found: re.Match[str]) -> str:
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), found[2]))
            if not (self._folder / target).is_file():
                raise FileNotFoundError(f"assets/{name} refers to {found[2]}, which is not under assets/")
            self._read(target)
            return f'url("{self.url(target)}{found[3]}")'

        return _REFERENCE.sub(replace, body.decode()).encode()


def hashed(name: str, body: bytes) -> str:
    """`name` with eight digits of its content before the extension."""
    stem, extension = posixpath.splitext(name)
    return f"{stem}.{hashlib.sha256(body).hexdigest()[:8]}{extension}"


def media_type(name: str) -> str:
    """The Content-Type of a file, by its extension."""
    extension = posixpath.splitext(name)[1].lower()
    return _TYPES.get(extension) or mimetypes.guess_type(name)[0] or "application/octet-stream"


def _names(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    names = {path.relative_to(folder).as_posix() for path in files if not path.name.startswith(".")}
    return [name for name in names if not (name.endswith(_PACKED) and name.removesuffix(_PACKED) in names)]

"""Changes inside the ZIP of an office file: its members' XML, their bytes, their names, the archive itself."""

from __future__ import annotations

import io
import zipfile
from random import Random

from tests.fuzz import markup, raw


def spoiled(content: bytes, chance: Random) -> bytes:
    if chance.random() < 0.08:
        return raw.spoiled(content, chance)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    for _ in range(chance.choice((1, 1, 2))):
        _change(members, chance)
    return _zipped(members)


def _change(members: dict[str, bytes], chance: Random) -> None:
    # The largest member is where the document is.
    name = max(members, key=lambda each: len(members[each])) if chance.random() < 0.8 else chance.choice(list(members))
    match chance.randrange(20):
        case 0 | 1:
            members[name] = raw.spoiled(members[name], chance)
        case 2:
            del members[name]
        case 3:
            other = chance.choice(list(members))
            members[name], members[other] = members[other], members[name]
        case _:
            members[name] = markup.spoiled_xml(members[name], chance)


def _zipped(members: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()

"""Office Open XML packages put together by hand: parts and the relations between them, zipped, the same bytes each time."""

from __future__ import annotations

import io
import zipfile

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_KINDS = "application/vnd.openxmlformats-officedocument."


def package(main: str, content: str, kind: str, related: dict[str, tuple[str, str]]) -> bytes:
    """`main` is the document's part, `related` its others: path below its folder -> kind of relation, content."""
    folder, _, name = main.partition("/")
    types = (
        f'{HEAD}<Types xmlns="{_TYPES}"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package'
        f'.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/{main}" ContentType="{_KINDS}{kind}.main+xml"/>'
        + "".join(
            f'<Override PartName="/{folder}/{path}" ContentType="{_KINDS}{kind.split(".")[0]}.{relation}+xml"/>'
            for path, (relation, _) in related.items()
        )
        + "</Types>"
    )
    parts = {
        "[Content_Types].xml": types,
        "_rels/.rels": _relations({main: "officeDocument"}),
        main: content,
        f"{folder}/_rels/{name}.rels": _relations({path: relation for path, (relation, _) in related.items()}),
        **{f"{folder}/{path}": part for path, (_, part) in related.items()},
    }
    return _zipped(parts)


def _relations(targets: dict[str, str]) -> str:
    links = "".join(
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (target, kind) in enumerate(targets.items(), start=1)
    )
    return f'{HEAD}<Relationships xmlns="{_RELATIONS}">{links}</Relationships>'


def _zipped(parts: dict[str, str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, part in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(2020, 1, 1, 0, 0, 0))  # so that the file does not change by itself
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, part)
    return out.getvalue()

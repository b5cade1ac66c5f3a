"""The page of the open draft: reports come in, are recognised, prepared, published or discarded.

A request comes in, a page goes out. What a draft is, and what may be done to it, `drafts` knows; what its page shows,
`drafted` says.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from starlette.datastructures import UploadFile
from starlette.responses import JSONResponse, Response

from dashboard import documents
from dashboard.admin import drafted, folder
from dashboard.admin.area import Area
from dashboard.admin.roles import Role, require
from dashboard.admin.visit import HOME, Visit
from dashboard.documents import limits
from dashboard.drafts import changes, publishing, receiving, setting_back, work
from dashboard.drafts.record import Draft, Item, Told
from dashboard.drafts.shelf import Shelf
from dashboard.messages import UserError
from dashboard.schema import Body
from dashboard.snapshots import previews
from dashboard.snapshots.releases import Wish

PATH = f"{HOME}/reports"
DONE = ("published", "discarded")
# A form without a script sends several documents in one request.
_FORM_BYTES = 4 * limits.MAX_FILE_BYTES
_ENVELOPE = limits.MEGABYTE
_ADDRESS = re.compile(r"https?://[^\s<>\"]{1,480}")


def routes(area: Area) -> None:
    publishing.recover(Shelf(area.settings))  # a server that starts again ends what it was killed at

    @area.route(PATH, require(Role.VIEWER), menu="admin.menu_reports")
    def show(visit: Visit) -> Response:
        return page(visit)

    @area.route(PATH, require(Role.EDITOR), methods=["POST"], largest=_FORM_BYTES + _ENVELOPE)
    def add(visit: Visit) -> Response:
        shelf = shelf_of(visit)
        sent = _files(visit)
        if not sent:
            return page(visit, visit.text("draft.no_file"), 400)
        return _tried(visit, lambda: [_receive(visit, shelf, each) for each in sent])

    @area.route(
        f"{PATH}/files", require(Role.EDITOR), methods=["POST"], is_data=True, largest=limits.MAX_FILE_BYTES + _ENVELOPE
    )
    def add_one(visit: Visit) -> Response:
        """By a script, one document a request, so that each has its progress."""
        sent = _files(visit)
        if not sent:
            return visit.refused(400, visit.text("draft.no_file"))
        shelf = shelf_of(visit)
        item = _receive(visit, shelf, sent[0])
        work.wake(shelf)
        return JSONResponse({"document": item.id, "name": item.name}, 201)

    _changing(area)
    _deciding(area)


def _changing(area: Area) -> None:
    """What an editor does with the documents of the draft."""

    @area.route(f"{PATH}/document", require(Role.EDITOR), methods=["POST"])
    def tell(visit: Visit) -> Response:
        return _tried(visit, lambda: changes.tell(shelf_of(visit), _draft(visit), _document(visit), _told(visit)))

    @area.route(f"{PATH}/remove", require(Role.EDITOR), methods=["POST"])
    def remove(visit: Visit) -> Response:
        return _tried(visit, lambda: changes.remove(shelf_of(visit), _draft(visit), _document(visit)))

    @area.route(f"{PATH}/folder", require(Role.EDITOR), methods=["POST"])
    def set_back(visit: Visit) -> Response:
        """The reports of the data folder that are ticked stay out of the draft, and no others."""
        keys = [each[:60] for each in visit.form.getlist("report") if isinstance(each, str)]

        def chosen() -> None:
            shelf = shelf_of(visit)
            setting_back.choose(shelf, _draft(visit) or changes.start(shelf, visit.actor.signature).id, keys)

        return _tried(visit, chosen)

    @area.route(f"{PATH}/again", require(Role.EDITOR), methods=["POST"])
    def again(visit: Visit) -> Response:
        return _tried(visit, lambda: changes.again(shelf_of(visit), _draft(visit)))


def _deciding(area: Area) -> None:
    """What becomes of the draft."""

    @area.route(f"{PATH}/prepare", require(Role.EDITOR), methods=["POST"])
    def prepare(visit: Visit) -> Response:
        """A draft without a document prepares what the data folder holds."""

        def asked() -> None:
            shelf, by = shelf_of(visit), visit.actor.signature
            id_ = _draft(visit) or changes.start(shelf, by).id
            changes.prepare(shelf, id_, by)

        return _tried(visit, asked)

    @area.route(f"{PATH}/publish", require(Role.PUBLISHER), methods=["POST"])
    def publish(visit: Visit) -> Response:
        wish = Wish(visit.actor.signature, visit.field("reason"), force=visit.field("force") == "yes")
        snapshot = visit.field("snapshot", 200)
        return _tried(visit, lambda: publishing.publish(shelf_of(visit), _draft(visit), snapshot, wish), "published")

    @area.route(f"{PATH}/discard", require(Role.EDITOR), methods=["POST"])
    def discard(visit: Visit) -> Response:
        by = visit.actor.signature
        return _tried(visit, lambda: changes.discard(shelf_of(visit), _draft(visit), by), "discarded")


def shelf_of(visit: Visit) -> Shelf:
    return Shelf(visit.area.settings)


def page(visit: Visit, problem: str = "", status: int = 200) -> Response:
    """The draft as it is; looking at it sees to it that its work goes on."""
    shelf = shelf_of(visit)
    publishing.recover(shelf)
    work.wake(shelf)
    draft = shelf.read()
    bodies = drafted.bodies(shelf, draft)
    rows = drafted.rows(draft, bodies, visit.language) if draft else []
    changed, damage = _changes(visit, shelf, draft, bodies)
    return visit.page(
        "reports.html",
        status,
        draft=draft,
        rows=rows,
        names=sorted(bodies.values(), key=lambda each: each.body) if any(each.is_unsure for each in rows) else [],
        is_busy=drafted.is_busy(draft),
        progress=drafted.progress(draft) if draft else (0, 0),
        changes=changed,
        folder=folder.told(visit.area.settings, draft, bodies, visit.language),
        preview=_preview(visit, changed),
        problem=problem or damage,
        trouble=drafted.say(draft.trouble, visit.language) if draft and draft.trouble else "",
        done=next((each for each in DONE if each == visit.request.query_params.get("done")), ""),
        may_edit=visit.actor.role.may(Role.EDITOR),
        may_publish=visit.actor.role.may(Role.PUBLISHER),
        accepted=",".join(sorted(documents.endings())),
        most=limits.MAX_FILE_BYTES // limits.MEGABYTE,
        most_bytes=limits.MAX_FILE_BYTES,
        reason=visit.field("reason"),
    )


def _changes(
    visit: Visit, shelf: Shelf, draft: Draft | None, bodies: dict[str, Body]
) -> tuple[drafted.Changes | None, str]:
    try:
        return (drafted.changes(shelf, draft, bodies, visit.language) if draft else None), ""
    except UserError as error:  # the snapshot was removed, or is damaged: it is prepared again
        return None, error.say(visit.language)


def _preview(visit: Visit, changed: drafted.Changes | None) -> str:
    """Where the whole dashboard shows the prepared snapshot; empty where there is none, or for who only reads."""
    if changed is None or not changed.snapshot or not visit.actor.role.may(Role.EDITOR):
        return ""
    return visit.href("/", snapshot=previews.given(visit.area.settings.snapshots_dir, changed.snapshot))


def _tried(visit: Visit, act: Callable[[], object], done: str = "") -> Response:
    """Back to the page when it is done; where it cannot be, the page says why."""
    try:
        act()
    except UserError as error:
        return page(visit, error.say(visit.language), 409)
    work.wake(shelf_of(visit))
    return visit.to(PATH, **({"done": done} if done else {}))


def _receive(visit: Visit, shelf: Shelf, sent: UploadFile) -> Item:
    return receiving.receive(shelf, sent.filename or "", sent.file, visit.actor.signature)


def _files(visit: Visit) -> list[UploadFile]:
    """What was sent as files; a field that was left empty comes as one without a name."""
    found = [each for each in visit.form.getlist("files") if isinstance(each, UploadFile)]
    return [each for each in found if each.filename or each.size]


def _draft(visit: Visit) -> str:
    return visit.field("draft", 40)


def _document(visit: Visit) -> str:
    return visit.field("document", 64)


def _told(visit: Visit) -> Told:
    """As the form has it. Raises UserError for a year or address that is none."""
    body, year, url = (visit.field(each, 500).strip() for each in ("body", "year", "url"))
    body = body.partition(" · ")[0] if " · " in body else body
    if year and not re.fullmatch(r"(19|20)\d\d", year, re.ASCII):
        raise UserError("draft.year_invalid", year=year[:20])
    if url and not _ADDRESS.fullmatch(url):
        raise UserError("draft.url_invalid")
    return Told(body[:100], int(year) if year else None, url, visit.field("add_body") == "yes")

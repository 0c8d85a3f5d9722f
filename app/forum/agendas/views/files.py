"""The agenda as a file: checked line by line before anything is stored, and given back in both forms."""

from typing import Any

from flask import Response, make_response
from flask_babel import gettext as _
from flask_login import current_user

from app.core.access import access
from app.core.errors import Refused
from app.core.hypermedia import go, render, say
from app.forum.agendas import change, policy, queries, service, working
from app.forum.agendas.forms import FileForm, TokenForm
from app.forum.agendas.models import WorkingCopy
from app.forum.agendas.views import shared
from app.forum.agendas.views.shared import bp
from app.forum.meetings import agenda_data, agenda_file
from app.forum.meetings.agenda_file import FaultyFile

SHOWN = 100


@bp.route("/<id:meeting_id>/editing/import", methods=["GET", "POST"])
@access(policy.can_edit, quiet=True)
def load(meeting_id: int) -> Response:
    """The dry run: every fault with its line, or what the file would change."""
    copy, form, faults = shared.held(meeting_id), FileForm(), []
    if form.validate_on_submit():
        sent = form.file.data
        try:
            head = working.head_of(copy.head.data)
            data = agenda_file.read(sent.read(), sent.filename, head)
        except FaultyFile as found:
            faults = found.faults
        else:
            service.hold_file(current_user, copy, data)
            return go(".load", meeting_id=meeting_id)
    return _page(copy, form, faults, 422 if faults or form.errors else 200)


def _page(copy: WorkingCopy, form: FileForm, faults: list[Any], status: int, *, changed: bool = False) -> Response:
    pending, changes = copy.pending, []
    if pending and not faults:
        wanted = (
            {**copy.head.data, **_head(pending)},
            pending["venues"],
            [(d["date"], d["slots"]) for d in pending["days"]],
        )
        changes = change.between(working.of_copy(copy), wanted, shared.names(copy))
    return render(
        "agendas/import.html",
        copy=copy,
        form=form,
        faults=faults[:SHOWN],
        more=max(0, len(faults) - SHOWN),
        pending=pending if not faults and not form.errors else None,
        changes=changes,
        token=_token(copy),
        changed=changed,
        untranslated=len(agenda_file.missing_translations(pending)) if pending else 0,
        status=status,
    )  # fmt: skip


def _token(copy: WorkingCopy) -> str:
    """What the differences were made of: the file, and the copy that it replaces, which a colleague may be writing."""
    return working.digest([copy.pending, working.of_copy(copy)])


def _head(pending: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in pending["meeting"].items() if name != "document_status"}


@bp.post("/<id:meeting_id>/editing/import/store")
@access(policy.can_edit, quiet=True)
def store(meeting_id: int) -> Response:
    copy, form = shared.held(meeting_id), TokenForm()
    if not form.validate_on_submit():
        return _page(copy, FileForm(formdata=None), [], 422)
    if copy.pending is None:
        page = FileForm(formdata=None)
        page.form_errors = [_("Another file was checked meanwhile, or this one was stored already. Send yours again.")]
        return _page(copy, page, [], 409)
    if form.shown.data != _token(copy):
        return _page(copy, FileForm(formdata=None), [], 409, changed=True)
    try:
        service.take_file(current_user, copy, copy.pending)
    except Refused as refusal:
        page = FileForm(formdata=None)
        page.form_errors = [refusal.message]
        return _page(copy, page, [], 422)
    say(_("The file is in the working copy. Nothing is public before you publish."))
    return go(".overview", meeting_id=meeting_id)


@bp.get("/<id:meeting_id>/editing/export-yaml")
@access(policy.can_edit, quiet=True)
def export_yaml(meeting_id: int) -> Response:
    return _file(meeting_id, agenda_file.dump_yaml, "yaml", "application/yaml")


@bp.get("/<id:meeting_id>/editing/export-csv")
@access(policy.can_edit, quiet=True)
def export_csv(meeting_id: int) -> Response:
    return _file(meeting_id, agenda_file.dump_csv, "csv", "text/csv")


def _file(meeting_id: int, dump: Any, extension: str, mimetype: str) -> Response:
    """The working copy, or the stored agenda when there is none."""
    copy = queries.copy(meeting_id, current_user)
    data = working.agenda(copy) if copy else agenda_data.of(queries.meeting(meeting_id, current_user))
    response = make_response(dump(data))
    response.mimetype = mimetype
    response.headers["Content-Disposition"] = f'attachment; filename="agenda-{meeting_id}.{extension}"'
    return response

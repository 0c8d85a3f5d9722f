"""A person asks about their data; the staff finds, hands over and erases. An address is never part of a URL."""

from flask import Blueprint, Response, make_response, request, url_for
from flask_babel import lazy_gettext as _l
from flask_login import current_user

from app.core import once, paging, throttle
from app.core.access import access, anyone, signed_in
from app.core.errors import NotFound, Refused
from app.core.hypermedia import go, render, say
from app.forum.administration.queries import is_alone
from app.forum.personal_data import dossier, policy, queries, service
from app.forum.personal_data.forms import ErasureForm, PersonForm, RequestForm
from app.forum.personal_data.states import DataRequestKind, DataRequestStatus

bp = Blueprint("personal_data", __name__)
REQUESTS_PER_HOUR = 20
STATES = {None: DataRequestStatus.RECEIVED, "answered": DataRequestStatus.ANSWERED}


# -- anyone ----------------------------------------------------------------------------------------------------------
@bp.route("/personal-data/request", methods=["GET", "POST"])
@access(anyone, quiet=True)
def ask() -> Response:
    form = RequestForm()
    if form.validate_on_submit():
        who = request.remote_addr or "-"
        throttle.check("data-request", who, limit=REQUESTS_PER_HOUR)

        def send() -> str:
            row = service.ask(
                kind=DataRequestKind(form.kind.data),
                name=form.name.data,
                email=form.email.data,
                message=form.message.data,
            )
            throttle.count("data-request", who, seconds=3600)
            return url_for("personal_data.sent", reference=row.reference)

        return once.answer(form.once.data, send, content=[field.data for field in form if field.name != "csrf_token"])
    return render("personal_data/ask.html", form=form, status=422 if form.errors else 200)


@bp.get("/personal-data/request/sent/<string(length=10):reference>")
@access(anyone)
def sent(reference: str) -> Response:
    """Says again what the mail says, without a word of the request: the address can be kept safely."""
    response = render("personal_data/sent.html", asked=queries.by_reference(reference))
    response.headers["Cache-Control"] = "private, no-store"
    return response


# -- oneself ---------------------------------------------------------------------------------------------------------
@bp.get("/account/my-data")
@access(signed_in, fresh=True)
def mine() -> Response:
    return render("personal_data/mine.html", dossier=dossier.own(current_user.email))


@bp.post("/account/my-data/file")
@access(signed_in, quiet=True, fresh=True)
def download_mine() -> Response:
    return _file(service.export(current_user, current_user.email))


def _file(found: dossier.Dossier) -> Response:
    response = make_response(found.as_json())
    response.mimetype = "application/json"
    response.headers["Content-Disposition"] = f'attachment; filename="personal-data-{found.made_at:%Y%m%d}.json"'
    return response


# -- the staff -------------------------------------------------------------------------------------------------------
@bp.route("/desk/personal-data/", methods=["GET", "POST"])
@access(policy.can_handle, quiet=True, fresh=True)
def desk() -> Response:
    """The requests, and the form that finds one person; what it finds is the answer itself, so that it is journaled."""
    form = PersonForm()
    if form.validate_on_submit():
        return render("personal_data/person.html", dossier=_look_up(form))
    state = request.args.get("state") or None
    if state not in STATES:
        raise NotFound
    page = queries.page(STATES[state], paging.asked())
    status = 422 if form.errors else 200
    return _desk(form, page, answered=state is not None, status=status)


def _look_up(form: PersonForm) -> dossier.Dossier:
    return service.look_up(current_user, form.email.data, person=form.person.data or "")


def _desk(form: PersonForm, page: paging.Page, *, answered: bool, status: int) -> Response:
    return render(
        "personal_data/desk.html",
        form=form,
        page=page,
        answered=answered,
        waiting=queries.waiting_erasures(current_user),
        erasures=queries.last_erasures(),
        status=status,
    )


@bp.get("/desk/personal-data/requests/<id:request_id>")
@access(policy.can_handle)
def show(request_id: int) -> Response:
    return render("personal_data/show.html", asked=queries.get(request_id))


@bp.post("/desk/personal-data/requests/<id:request_id>/answered")
@access(policy.can_handle, quiet=True)
def answer(request_id: int) -> Response:
    service.settle(current_user, queries.get(request_id), answered=True)
    return go(".desk")


@bp.post("/desk/personal-data/requests/<id:request_id>/reopened")
@access(policy.can_handle, quiet=True)
def reopen(request_id: int) -> Response:
    service.settle(current_user, queries.get(request_id), answered=False)
    return go(".show", request_id=request_id)


@bp.post("/desk/personal-data/export")
@access(policy.can_handle, quiet=True, fresh=True)
def export() -> Response:
    form = PersonForm()
    if not form.validate_on_submit():
        return _refused(form)
    try:
        return _file(service.export(current_user, form.email.data, person=form.person.data or ""))
    except Refused as refusal:
        form.email.errors = [refusal.message]
        return _refused(form)


def _refused(form: PersonForm) -> Response:
    return _desk(form, queries.page(DataRequestStatus.RECEIVED, 1), answered=False, status=422)


@bp.post("/desk/personal-data/erase")
@access(policy.can_handle, quiet=True, fresh=True)
def erase() -> Response:
    """First what will happen, then, with its reason, the request that somebody else confirms."""
    form, finder = ErasureForm(), PersonForm()
    if not finder.validate_on_submit():
        return _refused(finder)
    if form.step.data != "confirmed":
        form.form_errors, form.reason.errors = [], []
        return _erase_page(form, _look_up(finder))
    if form.validate_on_submit():
        typed = (form.email.data, form.reason.data, form.person.data or "")
        try:
            return once.answer(form.once.data, lambda: _ask_erasure(*typed), content=typed)
        except Refused as refusal:
            if refusal.field == "reason":
                form.reason.errors = [refusal.message]
            else:
                form.form_errors.append(refusal.message)
    return _erase_page(form, dossier.of(finder.email.data, finder.person.data or ""), status=422)


def _ask_erasure(email: str, reason: str, person: str) -> str:
    asked = service.ask_erasure(current_user, email, reason=reason, person=person)
    say(_l("Your request is stored."))
    return url_for("administration.act", act_id=asked.id)


def _erase_page(form: ErasureForm, found: dossier.Dossier, *, status: int = 200) -> Response:
    can_be_confirmed = service.can_be_confirmed(current_user, found.email, found.person)
    return render(
        "personal_data/erase.html",
        form=form,
        dossier=found,
        can_be_confirmed=can_be_confirmed,
        alone=not can_be_confirmed and is_alone(),
        status=status,
    )


@bp.get("/desk/personal-data/erasures/<id:erasure_id>")
@access(policy.can_handle)
def erased(erasure_id: int) -> Response:
    return render("personal_data/erased.html", erasure=queries.erasure(erasure_id))

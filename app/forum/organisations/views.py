"""The secretariat's screens for organisations: list, create, edit, other names, merge."""

from typing import Any

from flask import Blueprint, Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import once, paging, text
from app.core.access import access
from app.core.errors import NotFound, undo
from app.core.hypermedia import go, render
from app.forum.organisations import policy, queries, service
from app.forum.organisations.forms import AliasForm, MergeForm, OrganisationForm
from app.forum.organisations.models import Organisation

bp = Blueprint("organisations", __name__)
FIELDS = ("name_fr", "name_en", "acronym", "college", "siren", "rna", "website")


@bp.get("/")
@access(policy.can_edit)
def index() -> Response:
    asked = (text.tidy(request.args.get("q", "")) or "")[:100]
    return render(
        "organisations/index.html",
        "organisations/_organisation_list.html",
        asked=asked,
        page=queries.page(asked, paging.asked()),
    )


@bp.route("/new", methods=["GET", "POST"])
@access(policy.can_edit)
def create() -> Response:
    """The key comes first: a form sent twice finds its own organisation, not a duplicate of it."""
    form, twins = OrganisationForm(), []
    if form.validate_on_submit():
        try:
            return once.answer(form.once.data, lambda: _made(form), content=[form.details, form.distinct.data])
        except _Lookalike:
            undo()
            twins = _twins(form, None)
    return _form_page("organisations/create.html", form, twins)


class _Lookalike(Exception):
    """The organisation may already be in the register."""


def _made(form: OrganisationForm) -> str:
    if _twins(form, None):
        raise _Lookalike
    made = service.create(current_user, form.details)
    return url_for("members.organisation", organisation_id=made.id, slug=made.slug)


def _twins(form: OrganisationForm, but: int | None) -> list[Organisation]:
    """What may be the same organisation, unless the form says that it is another one."""
    known = form.details
    found = queries.lookalikes(name=known.name[0], acronym=known.acronym, siren=known.siren, rna=known.rna, but=but)
    return [] if form.distinct.data else list(found)


def _form_page(template: str, form: Any, twins: list[Organisation], **context: Any) -> Response:
    status = 422 if form.errors or twins else 200
    return render(template, form=form, twins=twins, status=context.pop("status", status), **context)


@bp.route("/<id:organisation_id>/edit", methods=["GET", "POST"])
@access(policy.can_edit)
def edit(organisation_id: int) -> Response:
    organisation = _standing(organisation_id)
    form, twins = OrganisationForm(obj=organisation), []
    if form.validate_on_submit():
        twins = _twins(form, organisation.id)
        if form.is_stale(organisation, {name: getattr(organisation, name) for name in FIELDS}):
            return _form_page("organisations/edit.html", form, twins, status=409, organisation=organisation)
        if not twins:
            service.edit(current_user, organisation, form.details)
            return go("members.organisation", organisation_id=organisation.id, slug=organisation.slug)
    return _form_page("organisations/edit.html", form, twins, organisation=organisation)


def _standing(organisation_id: int) -> Organisation:
    """An organisation that can still change: a merged one cannot."""
    found = queries.get(organisation_id)
    if found.merged_into_id is not None:
        raise NotFound
    return found


@bp.route("/<id:organisation_id>/names", methods=["GET", "POST"])
@access(policy.can_edit)
def names(organisation_id: int) -> Response:
    organisation, form = _standing(organisation_id), AliasForm()
    if form.validate_on_submit():
        label, lang = form.label.data or "", form.lang.data
        first, last = form.valid_from.day, form.valid_until.day

        def add() -> str:
            service.add_alias(current_user, organisation, label=label, lang=lang, valid_from=first, valid_until=last)
            return url_for(".names", organisation_id=organisation.id)

        return once.answer(form.once.data, add, content=[organisation.id, label, lang, first, last])
    return render("organisations/names.html", form=form, organisation=organisation, status=422 if form.errors else 200)


@bp.post("/<id:organisation_id>/names/<id:alias_id>/remove")
@access(policy.can_edit)
def remove_name(organisation_id: int, alias_id: int) -> Response:
    organisation = _standing(organisation_id)
    alias = next((one for one in organisation.aliases if one.id == alias_id), None)
    if alias is not None:  # removed twice is removed
        service.remove_alias(current_user, organisation, alias)
    return go(".names", organisation_id=organisation.id)


@bp.route("/<id:organisation_id>/merge", methods=["GET", "POST"])
@access(policy.can_edit, fresh=True)
def merge(organisation_id: int) -> Response:
    """First the name of the one that is kept, then what would move, then the button."""
    lost, form, kept = _standing(organisation_id), MergeForm(), None
    form.version.data = form.version.data or str(lost.version)
    if form.validate_on_submit():
        kept = _kept(form, lost)
        if kept is not None and form.is_stale(lost, {}):
            return _merge_page(lost, form, kept, 409)
        if kept is not None and form.confirmed.data:
            service.merge(current_user, lost, into=kept)
            return go("members.organisation", organisation_id=kept.id, slug=kept.slug)
    return _merge_page(lost, form, kept, 422 if form.errors else 200)


def _kept(form: MergeForm, lost: Organisation) -> Organisation | None:
    """The organisation that the form names, or None with the reason at its field."""
    found = [one for one in queries.named(form.into.data) if one.id != lost.id]
    if len(found) == 1:
        return found[0]
    form.into.errors = [
        _("Several organisations have this name: write the one you mean in full.")
        if found
        else _("No other organisation has this name.")
    ]
    return None


def _merge_page(lost: Organisation, form: MergeForm, kept: Organisation | None, status: int) -> Response:
    return render(
        "organisations/merge.html",
        form=form,
        lost=lost,
        kept=kept,
        moved=queries.what_moves(lost) if kept is not None else [],
        offered=queries.offered(),
        status=status,
    )

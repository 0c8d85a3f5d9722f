"""The course of a write, the same for decisions and for actions: form, service, a word, the page of what was written.

`act` is the call of the service, `page` draws the form again: `page(form, status, one)`.
"""

from collections.abc import Callable
from typing import Any

from flask import Response, request, url_for
from flask_babel import gettext as _
from flask_login import current_user

from app.core import once
from app.core.editing import EditForm
from app.core.errors import IllegalMove, NotFound, Refused, undo
from app.core.hypermedia import go, render, say
from app.forum.decisions import policy, queries
from app.forum.decisions.forms import VersionForm
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.views.shared import asked_section, shown_first
from app.forum.minutes.models import Section

Page = Callable[[Any, int, Any], Response]


def cut_out(section: Section, form: Any, act: Callable[[Section], Decision | Action], page: Page) -> Response:
    """Something new, once however often its form is sent; `page` takes the section. Nothing of minutes adopted."""
    if form.validate_on_submit():
        content = [field.data for field in form if field.name != "csrf_token"]
        try:
            return once.answer(form.once.data, lambda: _cut(section.id, act), content=content)
        except Refused as refusal:
            form.refuse(refusal)
            section = asked_section(lock=False)
    elif request.method == "GET" and (section.minutes.is_public or not section.minutes.french_is_open):
        raise NotFound
    return page(form, 422 if form.errors else 200, section)


def _cut(section_id: int, act: Callable[[Section], Decision | Action]) -> str:
    row = act(queries.section(section_id, lock=True))
    say(_("%(number)s is cut out of the minutes.", number=row.number))
    return url_for(row.screen("show"), number=row.number)


def form_of(kind: Any, one: Any, stored: dict[str, Any], **more: Any) -> Any:
    """The form of something that exists, as it is stored."""
    return kind(data=shown_first({**stored, **more, "version": str(one.version)}))


def save(one: Any, form: EditForm, stored: dict[str, Any], act: Callable[[], Any], page: Page, said: str) -> Response:
    """Unless somebody saved meanwhile (409) or a rule refuses it (422): then the form again. `one` is held."""
    number = one.number
    if not form.validate_on_submit():
        return page(form, 422 if form.errors else 200, one)
    if form.is_stale(one, stored):
        return page(form, 409, one)
    try:
        act()
    except Refused as refusal:
        form.refuse(refusal)
        return page(form, 422, queries.get(type(one), number, current_user))
    say(said)
    return go(one.screen("show"), number=number)


def takes_english_alone(one: Decision | Action) -> bool:
    """Its French is sealed; a form that was opened before is not taken for that of its English: it is refused."""
    return policy.is_sealed(one) and "title_fr" not in request.form


def translate(one: Any, kind: Any, names: tuple[str, ...], act: Callable[..., None]) -> Response:
    """Its French is sealed: English may still be written, or put right."""
    if one.status == "withdrawn":
        raise NotFound
    stored = {name: getattr(one, name) for name in names}
    form = form_of(kind, one, stored)
    return save(
        one, form, stored, lambda: act(current_user, one, *(form[name].data or None for name in names)),
        _english_page, _("The English is stored."),
    )  # fmt: skip


def _english_page(form: Any, status: int, one: Decision | Action) -> Response:
    return render("decisions/translate.html", form=form, one=one, status=status)


def press(one: Any, act: Callable[[Any, Any], None], said: str) -> Response:
    """A button of its page; nothing when it changed since, or when its rules no longer allow it."""
    form, number = VersionForm(), one.number
    try:
        if not form.validate_on_submit() or form.version.data != str(one.version):
            raise IllegalMove("it changed since it was read")
        act(current_user, one)
        say(said)
    except IllegalMove:
        undo()
        say(_("This changed since you read it: nothing was written. Read it as it is now."), "warning")
    return go(one.screen("show"), number=number)

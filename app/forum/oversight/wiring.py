"""What the oversight room registers: the desk's own screens, failed mail, what is past its term."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from flask import Flask, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core import clock, i18n, mail, pdf
from app.core.extensions import db
from app.core.registry import Check, DeskGroup, DeskLink, Job, Todo, of
from app.forum.oversight import details, keeping, policy, queries


def wire(app: Flask) -> None:
    app.jinja_env.filters["mail_status"] = lambda value: details.MAIL_STATUSES[value]
    app.jinja_env.globals["can_use_desk"] = policy.can_use_desk
    registry = of(app)
    registry.persons += keeping.PERSONS
    registry.retentions += keeping.RETENTIONS
    registry.words.update(keeping.WORDS)
    registry.nouns.update(keeping.NOUNS)
    registry.fields.update(keeping.FIELDS)
    registry.subjects["outgoing_mail"] = _label_mail
    registry.todos += [failed_mail, past_their_term]
    registry.desk_links += LINKS
    registry.jobs.append(Job("trim_pdfs", pdf.sweep, timedelta(days=1)))
    registry.checks.append(Check("retention", lambda: queries.late_sweeps(clock.now())))


def failed_mail(viewer: Any) -> Iterable[Todo]:
    """Messages that could not be delivered, as one line."""
    if not policy.can_read_outbox(viewer):
        return
    count = mail.count_failed()
    if count:
        label = ngettext(
            "%(count)s e-mail could not be delivered", "%(count)s e-mails could not be delivered", count,
            count=i18n.number(count),
        )  # fmt: skip
        yield Todo(label, url_for("oversight.outbox", status=mail.FAILED))


def past_their_term(viewer: Any) -> Iterable[Todo]:
    if not policy.can_read_retention(viewer):
        return
    count = queries.proposals(clock.now())
    if count:
        label = ngettext(
            "%(count)s record has reached the end of its retention period: decide",
            "%(count)s records have reached the end of their retention period: decide",
            count,
            count=i18n.number(count),
        )
        yield Todo(label, url_for("oversight.retention", _anchor="proposals"))


def _label_mail(_viewer: Any, mail_id: int) -> tuple[str, str] | None:
    message = db.session.get(mail.OutgoingMail, mail_id)
    if message is None:
        return None
    return _("E-mail %(number)s", number=mail_id), url_for("oversight.mail", mail_id=mail_id)


LINKS = [
    DeskLink(DeskGroup.ADMINISTRATION, _l("E-mails sent by the site"), "oversight.outbox", policy.can_read_outbox),
    DeskLink(DeskGroup.ADMINISTRATION, _l("Journal of acts"), "oversight.journal", policy.can_read_journal),
    DeskLink(
        DeskGroup.ADMINISTRATION, _l("What is kept, and for how long"), "oversight.retention", policy.can_read_retention
    ),
]

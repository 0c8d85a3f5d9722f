"""A fault after each statement of each use case: all of it is stored, or nothing (R02)."""

import sqlite3
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import MetaData, select
from sqlalchemy.exc import OperationalError

from app.accounts.policy import OPERATOR
from app.core import clock, mail
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.meetings import agenda_import
from app.forum.meetings import service as meetings
from app.forum.meetings.models import Meeting
from tests import make
from tests.support.faults import FaultInjector, InjectedError

pytestmark = pytest.mark.long


def content():
    """Every row of every table but what is derived."""
    db.session.remove()
    found = MetaData()
    with db.engine.connect() as connection:
        found.reflect(connection, only=lambda name, _: not name.startswith("search_words"))
        return {
            table.name: sorted(map(repr, connection.execute(select(table)))) for table in found.sorted_tables
        }  # fmt: skip


def gone():
    raise OperationalError("the statement", None, sqlite3.OperationalError("disk I/O error"))


def each_fault(act, *, strike=None):
    """Runs `act` with a fault at its first, second, ... statement until none strikes; gives how many there were.

    `act` says whether it was acknowledged. A fault leaves the database as it was; the last run, whole, changes it.
    """
    before = content()
    for number in count():
        options = {"strike": strike} if strike else {}
        with FaultInjector(db.engine, after=number, **options) as injector:
            try:
                acknowledged = act()
            except InjectedError:
                acknowledged = False
            finally:
                db.session.rollback()
        if not injector.fired:
            assert acknowledged
            assert content() != before
            return number
        assert not acknowledged, f"acknowledged in spite of a fault after statement {number}"
        assert content() == before, f"a fault after statement {number} left something"


def test_contact(as_):
    with writing():
        from app.core import rules

        rules.put("identity.contact_email", "team@example.org", valid_from=clock.today(), reason="test")
    visitor = as_()
    form = visitor.get("pages.contact").form("/fr/contact")
    fields = {**form, "subject": "general", "name": "C", "email": "c@example.org", "message": "m"}

    def act():
        answer = visitor.open("POST", "/fr/contact", status=None, data=fields)
        assert answer.status in (303, 503)
        return answer.status == 303

    assert each_fault(act, strike=gone) >= 7


def test_sign_in(as_):
    make.user("someone@example.org")
    visitor = as_()
    form = visitor.get("accounts.sign_in").form("/fr/sign-in")
    fields = {**form, "email": "someone@example.org", "password": make.PASSWORD}

    def act():
        answer = visitor.open("POST", "/fr/sign-in", status=None, data=fields)
        assert answer.status in (303, 503)
        return answer.status == 303

    assert each_fault(act, strike=gone) >= 4


def test_publish_a_meeting(app):
    key = make.meeting(published=False, slots=[make.slot()], introduction=("Bonjour.", "Hello.")).id

    def act():
        with writing():
            meetings.publish(OPERATOR, db.session.get(Meeting, key))
        return True

    assert each_fault(act) >= 6


def test_import_an_agenda(app):
    key = make.meeting(slots=[make.slot("s1"), make.slot("s2")]).id
    file = agenda_import.export(str(key), "yaml").replace("Un point", "Un autre point").replace("id: s2", "id: s3")
    db.session.remove()

    def act():
        return not agenda_import.run(str(key), file.encode(), "agenda.yaml", dry_run=False).faults

    assert each_fault(act) >= 8


def test_mail_is_delivered_in_spite_of_each_fault(app):
    """A message may go twice when the fault comes after the sending, with the same Message-ID; it is never lost."""
    for number in count():
        with writing(public=False):
            mail.queue("pages/contact_received", to="c@example.org", lang="fr", reference="M-1", subject="general",
                       received_at=clock.now().isoformat(), due_at=clock.now().isoformat())  # fmt: skip
        sent = []
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(mail, "_hand_over", sent.append)
            with FaultInjector(db.engine, after=number) as injector:
                try:
                    mail.deliver(clock.now())
                except InjectedError:
                    db.session.rollback()
            for hours in (1, 2):
                mail.deliver(clock.now() + timedelta(hours=hours))
        row = db.session.scalars(select(mail.OutgoingMail).order_by(mail.OutgoingMail.id.desc())).first()
        assert row.status == mail.SENT
        assert 1 <= len(sent) <= 2
        assert {message["Message-ID"] for message in sent} == {row.message_id}
        db.session.remove()
        if not injector.fired:
            assert number >= 4
            return

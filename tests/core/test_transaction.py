"""A request that commits before its answer is drawn: its act is stored, and what follows only reads."""

import pytest
from flask import Flask
from sqlalchemy import update

from app.core import mail, transaction
from app.core.database import WriteDuringRead
from app.core.extensions import db
from app.core.mail import OutgoingMail
from app.core.site_version import current as site_version
from tests import make

ARGUMENTS = {"reference": "M-ABCDEFGH", "subject": "general", "received_at": "", "due_at": ""}


@pytest.mark.parametrize(("path", "public"), [("/fr/contact", 0), ("/fr/members/needs/new", 1)])
def test_what_is_committed_before_the_answer_is_stored_whatever_follows(app: Flask, path: str, public: int) -> None:
    before = site_version()
    with app.test_request_context(path, method="POST"):
        transaction.note_reading()
        mail.queue("pages/contact_received", to="camille@example.org", lang="fr", **ARGUMENTS)
        transaction.commit_before_answer()
        db.session.rollback()
    assert (make.count(OutgoingMail), site_version()) == (1, before + public)


def test_nothing_is_written_once_the_answer_is_being_drawn(app: Flask) -> None:
    with app.test_request_context("/fr/contact", method="POST"):
        transaction.note_reading()
        transaction.commit_before_answer()
        with pytest.raises(WriteDuringRead):
            db.session.execute(update(OutgoingMail).values(lang="en"))
        db.session.rollback()


def test_an_act_is_undone_when_its_early_commit_fails(app: Flask) -> None:
    undone = []
    with app.test_request_context("/fr/contact", method="POST"):
        transaction.note_reading()
        transaction.on_undo(lambda: undone.append("file"))
        db.session.add(OutgoingMail(template=None, arguments={}, address="x", lang="fr", message_id="x"))
        with pytest.raises(Exception, match="NOT NULL|not-null"):
            transaction.commit_before_answer()
        db.session.rollback()
    assert (make.count(OutgoingMail), undone) == (0, ["file"])

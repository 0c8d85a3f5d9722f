"""The demo's decisions, with its minutes: of every kind and in every status that the public reads."""

from sqlalchemy import select

from app import demo
from app.core import clock, text
from app.core.extensions import db
from app.forum.decisions.models import Action, Decision
from app.forum.decisions.states import DecisionKind, DecisionStatus
from app.forum.editions.models import MinutesEdition


def test_the_demo_has_three_minutes_of_1500_words_and_twelve_decisions_in_every_status(app):
    demo.fill()
    decisions, actions = (db.session.scalars(select(model).order_by(model.id)).all() for model in (Decision, Action))
    assert (len(decisions), len(actions)) == (12, 6)
    assert {one.kind for one in decisions} == set(DecisionKind)
    assert {one.status for one in decisions} == set(DecisionStatus) - {DecisionStatus.WITHDRAWN}
    assert {one.status for one in actions} == {"open", "done", "dropped"}
    assert all(one.published_at is not None for one in decisions)
    assert any(one.is_pending and one.deadline and one.deadline < clock.today() for one in decisions)
    editions = db.session.scalars(select(MinutesEdition).order_by(MinutesEdition.id)).all()
    assert [(one.number, one.erratum) for one in editions] == [(1, None), (2, 1), (1, None), (1, None)]
    for one in editions:
        blocks = [block["html"] for section in one.content["sections"] for block in section["fr"]]
        assert sum(len(text.plain(html).split()) for html in blocks) >= 1500

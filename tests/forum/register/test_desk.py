"""What the register puts on the secretariat's desk: terms that are over, and those that soon will be."""

from datetime import timedelta

from flask import Flask

from app.core import clock
from app.core.registry import Todo
from app.forum.members.states import BodyKind, SeatKind
from app.forum.register import wiring
from tests import make


def listed(app: Flask, who: str = "secretariat") -> list[Todo]:
    with app.test_request_context("/fr/"):
        return list(wiring.terms_that_end(make.cast(who)))


def test_terms_over_and_terms_that_end_within_sixty_days_wait_the_most_pressing_first(app):
    today = clock.today()
    started = today - timedelta(days=700)
    for name, seat, days in (
        ("Passée", SeatKind.CO_CHAIR, -10), ("Loin", SeatKind.MEMBER, 61), ("Proche", SeatKind.MEMBER, 60),
    ):  # fmt: skip
        make.mandate(
            make.person(name), seat, organisation=make.organisation(f"Association {name}"),
            starts_on=started, ends_on=today + timedelta(days=days),
        )  # fmt: skip
    found = listed(app)
    assert [(str(one.label).split(" (")[0], one.due) for one in found] == [
        ("Mandat expiré, en fonction\u00a0: Passée", today - timedelta(days=10)),
        ("Préparer la fin d’un mandat\u00a0: Proche", today + timedelta(days=60)),
    ]
    assert all("/members/mandates/" in one.url for one in found)
    assert listed(app, "administrator") == []


def test_the_desk_lists_twenty_terms_at_most(app):
    organisation, ends_on = make.organisation(), clock.today() + timedelta(days=5)
    for number in range(21):
        group = make.body(BodyKind.WORKING_GROUP, f"Groupe {number}")
        make.mandate(make.person(f"Nom {number}"), body=group, organisation=organisation, ends_on=ends_on)
    assert len(listed(app)) == 20

"""The screens of planning, as the secretariat and the members use them; nothing typed is lost."""

from datetime import date, timedelta

import pytest

from app.accounts.policy import OPERATOR
from app.core import registry
from app.core.extensions import db
from app.core.transaction import writing
from app.forum.agendas import queries as copies
from app.forum.meetings.models import Meeting
from app.forum.members.models import Mandate
from app.forum.members.states import BodyKind
from app.forum.planning import queries
from app.forum.planning.models import DatePoll, MeetingTemplate, PollAnswer
from app.forum.planning.states import Choice
from tests import make
from tests.support import hostile

TITLE = "<img src=x onerror=alert(1)>"
HEAD = {
    "title_fr": "Séance {number}", "title_en": "", "mode": "hybrid", "starts": "9 h 30", "ends": "12:00",
    "months": ["3", "10"], "every_months": "", "weekday": "", "is_active": "y",
}  # fmt: skip
LINE = {"slots-0-title_fr": "Ouverture", "slots-0-title_en": "", "slots-0-kind": "opening", "slots-0-minutes": "15"}


@pytest.fixture(autouse=True)
def _today(app, at):
    at("2026-11-20T10:00")


@pytest.fixture
def desk(as_):
    return as_("secretariat")


def stored(model):
    db.session.remove()
    return db.session.query(model).order_by(model.id).all()


# -- templates ---------------------------------------------------------------------------------------------------------
def test_a_template_is_written_line_by_line_without_javascript(desk):
    body = make.standing_body(BodyKind.PLENARY)
    page = desk.post("planning.add_template", {**HEAD, **LINE, "body": body.id, "act": "add"}, status=200)
    assert page.css("//input[@name='slots-0-title_fr']/@value") == ["Ouverture"]
    assert page.css("//input[@name='slots-1-title_fr']/@value") == [""]
    more = {"slots-1-title_fr": "Clôture", "slots-1-kind": "closing", "slots-1-minutes": ""}
    page = desk.post("planning.add_template", {**HEAD, **LINE, **more, "body": body.id, "act": "up-1"}, status=200)
    assert page.css("//input[contains(@name, 'title_fr') and starts-with(@name, 'slots')]/@value") == [
        "Clôture", "Ouverture",
    ]  # fmt: skip
    assert stored(MeetingTemplate) == []
    desk.post("planning.add_template", {**HEAD, **LINE, "body": body.id, "act": "save"})
    made = stored(MeetingTemplate)[0]
    assert (made.months, made.starts.isoformat(), made.slots) == (
        [3, 10], "09:30:00", [{"kind": "opening", "title": {"fr": "Ouverture", "en": None}, "minutes": 15}],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"title_fr": "Séance {numero}"}, "Entre accolades"), ({"months": []}, "Choisissez des mois"),
        ({"every_months": "3"}, "Choisissez des mois"), ({"ends": "8:00"}, "vient après"),
        ({"slots-0-minutes": "900"}, "de 1 à 600"), ({"slots-0-title_fr": ""}, "titre en français"),
        ({"starts": "23:50", "ends": ""}, "après minuit"), ({"title_fr": "x" * 401}, "400"),
    ],
)  # fmt: skip
def test_a_template_that_cannot_be_comes_back_with_what_was_typed(desk, wrong, said):
    body = make.standing_body(BodyKind.PLENARY)
    page = desk.post("planning.add_template", {**HEAD, **LINE, "body": body.id, **wrong}, status=422)
    assert said in page.words
    assert page.css("//input[@name='place_fr']/@value") == [""] and stored(MeetingTemplate) == []


def test_of_two_who_edit_a_template_the_second_sees_what_the_first_wrote(desk):
    template = make.meeting_template()
    form = desk.get("planning.edit_template", template_id=template.id).form(f"/fr/meetings/templates/{template.id}")
    with writing():
        db.session.get(MeetingTemplate, template.id).title_fr = "Titre du premier"
    sent = {**form, **HEAD, "title_fr": "Titre du second"}
    page = desk.open("POST", f"/fr/meetings/templates/{template.id}", status=409, data=sent)
    assert "Titre du premier" in page.words
    assert page.css("//input[@name='title_fr']/@value") == ["Titre du second"]
    assert stored(MeetingTemplate)[0].title_fr == "Titre du premier"


@pytest.mark.parametrize("title", [TITLE, hostile.XSS[6]])
def test_a_hostile_title_is_only_text(desk, title):
    url = plan_url(make.meeting_template(title=(title, None)))
    page = desk.get("planning.templates")
    assert title in page.words and not page.css("//img[@src='x']")
    preview = desk.post(url, {"act": "preview"}, status=200)
    assert preview.words.count(title) == 2 and not preview.css("//img[@src='x']")


# -- series ------------------------------------------------------------------------------------------------------------
def plan_url(template):
    return f"/fr/meetings/plan?template={template.id}&year=2027"


def test_a_year_is_planned_read_again_then_created_once(desk):
    template = make.meeting_template()
    page = desk.get(plan_url(template))
    assert page.css("//h1")[0].text_content() == "Prévoir les réunions de 2027"
    assert page.css("//input[@type='date']/@value") == ["2027-03-16", "2027-10-14"]
    preview = desk.post(plan_url(template), {"act": "preview", "rows-1-day": "2027-10-16"}, status=200)
    assert "Séance n° 2 de 2027" in preview.words and "Fin de semaine" in preview.words
    assert stored(Meeting) == []
    form = preview.form("/fr/meetings/plan")
    for _twice in range(2):
        desk.open("POST", plan_url(template), status=303, data=form)
    assert [one.first_day for one in stored(Meeting)] == [date(2027, 3, 16), date(2027, 10, 16)]
    again = desk.get(plan_url(template))
    assert "Existe déjà" in again.words
    assert again.css("//input[@type='checkbox' and @checked]") == []


def test_a_meeting_left_out_is_not_created_and_a_year_changed_meanwhile_is_read_again(desk):
    template = make.meeting_template()
    page = desk.get(plan_url(template))
    form = {name: value for name, value in page.form("/fr/meetings/plan").items() if name != "rows-0-keep"}
    make.meeting(first_day=date(2027, 6, 8), body=make.standing_body(BodyKind.PLENARY), published=False)
    answer = desk.open("POST", plan_url(template), status=409, data={**form, "act": "create"})
    assert "ont changé entre-temps" in answer.words
    seen = answer.form("/fr/meetings/plan")["seen"]
    desk.open("POST", plan_url(template), status=303, data={**form, "seen": seen, "act": "create"})
    assert [one.first_day for one in stored(Meeting)] == [date(2027, 6, 8), date(2027, 10, 14)]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"rows-0-day": "31/02/2027"}, "entre 1990 et 2100"), ({"rows-0-day": ""}, "Indiquez le jour"),
        ({"first_number": "zéro"}, "nombre entier"), ({"rows-0-day": "2026-01-05"}, "n’est pas en 2027"),
    ],
)  # fmt: skip
def test_a_day_that_cannot_be_is_said_and_nothing_is_created(desk, wrong, said):
    page = desk.post(plan_url(make.meeting_template()), {"act": "create", **wrong}, status=422)
    assert said in page.words and stored(Meeting) == []


def test_the_working_copy_has_a_button_that_refreshes_its_lines(desk):
    template = make.meeting_template()
    desk.open(
        "POST", plan_url(template), status=303,
        data={**desk.get(plan_url(template)).form("/fr/meetings/plan"), "act": "create"},
    )  # fmt: skip
    meeting = stored(Meeting)[0]
    url, page = f"/fr/meetings/{meeting.id}/standing-lines", f"/fr/meetings/{meeting.id}/editing"
    line = registry.StandingLine("x", {"fr": TITLE, "en": None})
    give = lambda _meeting: [line]  # noqa: E731
    with desk.app.app_context():
        registry.current().standing_lines.append(give)
    try:
        desk.post(url, page=page)
        assert f"1 point ajouté\u00a0: «\u00a0{TITLE}\u00a0»" in desk.get(page).words
    finally:
        registry.of(desk.app).standing_lines.remove(give)
    desk.post(url, page=page)
    assert "N’ont plus lieu d’être" in desk.get(page).words
    held = lambda _meeting: True  # noqa: E731
    registry.of(desk.app).frozen.append(held)
    try:
        assert "Actualiser les points récurrents" not in desk.get(page).words
        token = desk.get("/fr/contact").form("/fr/contact")["csrf_token"]
        desk.open("POST", url, status=409, data={"csrf_token": token})
    finally:
        registry.of(desk.app).frozen.remove(held)
    assert "standing-x" in [slot.key for slot in copies.copy(meeting.id, OPERATOR).slots]


# -- polls -------------------------------------------------------------------------------------------------------------
DATES = {
    "options-0-day": "2026-12-15", "options-0-starts": "9 h 30", "options-0-ends": "12:00",
    "options-1-day": "16/12/2026", "options-1-starts": "14:00", "options-1-ends": "17:00",
}  # fmt: skip


def test_a_poll_is_opened_once_by_a_form_that_takes_more_dates(desk):
    body = make.standing_body(BodyKind.PLENARY)
    sent = {"title_fr": TITLE, "body": body.id, "closes_on": "2026-12-01", **DATES}
    page = desk.post("planning.open_poll", {**sent, "act": "more"}, status=200)
    assert len(page.css("//input[contains(@name, '-starts')]")) == 6 and stored(DatePoll) == []
    form = {**page.form("/fr/meetings/polls/new"), "act": "open"}
    for _twice in range(2):
        desk.open("POST", "/fr/meetings/polls/new", status=303, data=form)
    poll = stored(DatePoll)[0]
    assert make.count(DatePoll) == 1
    shown = desk.get("planning.poll", poll_id=poll.id)
    assert TITLE in shown.words and "Mardi 15\u00a0décembre 2026, 9\u00a0h\u00a030\u00a0– 12\u00a0h" in shown.words


def test_after_a_step_back_another_body_with_the_same_dates_is_another_poll(desk):
    bodies = [make.standing_body(BodyKind.PLENARY).id, make.body().id]
    sent = {"title_fr": TITLE, "body": bodies[0], "closes_on": "2026-12-01", **DATES}
    form = {**desk.post("planning.open_poll", {**sent, "act": "more"}, status=200).form("/fr/meetings/polls/new")}
    for body in bodies:
        desk.open("POST", "/fr/meetings/polls/new", status=303, data={**form, "act": "open", "body": body})
    assert [poll.body_id for poll in stored(DatePoll)] == bodies


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"options-1-starts": ""}, "le début et la fin"), ({"options-1-day": "32/12/2026"}, "entre 1990 et 2100"),
        ({"options-0-starts": "25:00"}, "Saisissez une heure"), ({"title_fr": ""}, "de quelle réunion"),
        ({"options-1-day": "2027-03-28", "options-1-starts": "2:30"}, "n’existe pas"),
        ({"closes_on": ""}, "dernier jour"),
    ],
)  # fmt: skip
def test_a_poll_that_cannot_be_comes_back_with_what_was_typed(desk, wrong, said):
    body = make.standing_body(BodyKind.PLENARY)
    sent = {"title_fr": "Séance", "body": body.id, "closes_on": "2026-12-01", **DATES, "act": "open", **wrong}
    page = desk.post("planning.open_poll", sent, status=422)
    assert said in page.words and stored(DatePoll) == []
    assert page.css("//input[@name='options-0-day']/@value") == ["2026-12-15"]


def test_a_date_too_many_is_refused_and_none_is_dropped(desk):
    dates = {}
    for number in range(21):
        dates |= {f"options-{number}-day": f"2026-12-{number + 2:02}", f"options-{number}-starts": "9:00"}
        dates[f"options-{number}-ends"] = "11:00"
    sent = {"title_fr": "Séance", "body": make.standing_body(BodyKind.PLENARY).id, "closes_on": "2026-12-01"}
    page = desk.post("planning.open_poll", {**sent, **dates, "act": "open"}, status=422)
    assert "Proposez de 2 à 20 dates" in page.words and stored(DatePoll) == []
    assert page.css("//input[@name='options-20-day']/@value") == ["2026-12-22"]


def test_the_second_half_past_two_of_an_october_night_is_said_to_be_the_first(desk):
    dates = {**DATES, "options-1-day": "2027-10-31", "options-1-starts": "2:30", "options-1-ends": "5:00"}
    sent = {"title_fr": "Séance", "body": make.standing_body(BodyKind.PLENARY).id, "closes_on": "2026-12-01"}
    desk.post("planning.open_poll", {**sent, **dates, "act": "open"})
    assert "cette heure vient deux fois" in desk.get("planning.poll", poll_id=stored(DatePoll)[0].id).words


def test_a_member_answers_changes_and_is_refused_after_the_closing_day_with_the_result(as_, desk, at):
    poll_id = make.date_poll(None, date(2026, 12, 15), date(2026, 12, 16), closes_in=1).id
    member = as_("member")
    seat = db.session.query(Mandate).filter(Mandate.person.has(user_id=make.cast("member").id)).one().id
    options = [one.id for one in queries.poll(poll_id, OPERATOR).options]
    names = [f"seat_{seat}_date_{option}" for option in options]
    url, page = f"/fr/meetings/polls/{poll_id}/answer/{seat}", f"/fr/meetings/polls/{poll_id}"
    assert "Répondez au sondage de date" in str(_todos(make.cast("member")))
    answer = member.post(url, {names[0]: "yes"}, page=page, status=422)
    assert "Répondez pour cette date" in answer.words and len(answer.css("//input[@checked]")) == 1
    member.post(url, {names[0]: "yes", names[1]: "no"}, page=page)
    assert _todos(make.cast("member")) == []
    member.post(url, {names[0]: "if_needed"}, page=page)
    assert [row.choice for row in stored(PollAnswer)] == [Choice.IF_NEEDED, Choice.NO]
    at("2026-11-22T09:00")
    member = as_("member")
    token = member.get("/fr/contact").form("/fr/contact")["csrf_token"]
    late = member.open("POST", url, status=409, data={"csrf_token": token, names[0]: "yes", names[1]: "yes"})
    assert "ne reçoit plus de réponse" in late.words and "Si\u00a0besoin\u00a0:\u00a01" in late.words
    assert "Choisissez la date" in str(_todos(make.cast("secretariat")))


def _todos(viewer):
    from flask import current_app

    from app.forum.planning import wiring

    with current_app.test_request_context("/fr/"):
        return [str(one.label) for one in wiring.todos(viewer)]


def test_the_secretariat_chooses_and_the_meeting_is_there(desk, as_):
    make.cast("member")
    poll_id = make.date_poll(None, date(2026, 12, 15), date(2026, 12, 16)).id
    url, page = f"/fr/meetings/polls/{poll_id}/decide", f"/fr/meetings/polls/{poll_id}"
    option = queries.poll(poll_id, OPERATOR).options[1].id
    form = {**desk.get(page).form(url), "option": str(option)}
    desk.open("POST", url, status=422, data={**form, "option": "999999"})
    for _twice in range(2):
        desk.open("POST", url, status=303, data=form)
    assert [one.first_day for one in stored(Meeting)] == [date(2026, 12, 16)]
    assert "Date retenue" in desk.get(page).words
    other = queries.poll(poll_id, OPERATOR).options[0].id
    assert "clos entre-temps" in desk.open("POST", url, status=409, data={**form, "option": str(other)}).words
    assert "Date retenue" in as_("member").get(page).words


def test_a_reminder_and_a_withdrawal_by_their_buttons(desk, as_):
    make.cast("member")
    poll_id = make.date_poll(None, date(2026, 12, 15), date(2026, 12, 16)).id
    page = f"/fr/meetings/polls/{poll_id}"
    form = desk.get(page).form(f"{page}/remind")
    desk.open("POST", f"{page}/remind", status=303, data=form)
    assert "Rappel envoyé à 1 personne." in desk.get(page).words
    assert "déjà été envoyé" in desk.open("POST", f"{page}/remind", status=422, data=form).words
    desk.post(f"{page}/withdraw", {"reason_fr": ""}, status=422)
    desk.post(f"{page}/withdraw", {"reason_fr": "Salle indisponible"})
    assert "Salle indisponible" in as_("member").get(page).words
    assert "clos entre-temps" in desk.post(f"{page}/withdraw", {"reason_fr": "Encore"}, status=409).words


def test_a_planned_meeting_asks_for_its_date_from_its_checklist(desk):
    body = make.standing_body(BodyKind.PLENARY)
    meeting = make.meeting("Prévue", first_day=date(2026, 12, 10), body=body, published=False)
    checklist = desk.get("meetings.preparation", meeting_id=meeting.id, slug="prevue")
    assert checklist.css("//a[contains(@href, '/polls/new')]/text()") == ["Demander sa date par un sondage"]
    url = f"/fr/meetings/polls/new?meeting={meeting.id}"
    desk.post(url, {"closes_on": "2026-12-01", **DATES, "act": "open"})
    assert stored(DatePoll)[0].meeting_id == meeting.id
    again = desk.post(url, {"closes_on": "2026-12-01", **DATES, "act": "open"}, status=422)
    assert "déjà ouvert" in again.words
    assert (
        "Choisir la date après le sondage"
        in desk.get("meetings.preparation", meeting_id=meeting.id, slug="prevue").words
    )


def test_the_list_of_polls_and_a_poll_cost_the_same_whatever_their_length(desk):
    counts = []
    for more in (1, 4):
        for number in range(more):
            make.date_poll(None, date(2026, 12, 15), date(2026, 12, 16) + timedelta(days=number))
        counts.append(desk.get("planning.polls").statements)
    assert counts[0] == counts[1]

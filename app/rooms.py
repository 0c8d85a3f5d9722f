"""Every room's door and what it registers; only the factory reads this list."""

from app.accounts import views as accounts
from app.accounts import wiring as accounts_wiring
from app.forum.action_plan import views as action_plan
from app.forum.administration import views as administration
from app.forum.administration import wiring as administration_wiring
from app.forum.adoptions import views as adoptions
from app.forum.adoptions import wiring as adoptions_wiring
from app.forum.agendas import views as agendas
from app.forum.agendas import wiring as agendas_wiring
from app.forum.agreements import views as agreements
from app.forum.agreements import wiring as agreements_wiring
from app.forum.attendance import views as attendance
from app.forum.attendance import wiring as attendance_wiring
from app.forum.convocations import views as convocations
from app.forum.convocations import wiring as convocations_wiring
from app.forum.decisions import views as decisions
from app.forum.decisions import wiring as decisions_wiring
from app.forum.documents import views as documents
from app.forum.documents import wiring as documents_wiring
from app.forum.editions import views as editions
from app.forum.editions import wiring as editions_wiring
from app.forum.meetings import views as meetings
from app.forum.meetings import wiring as meetings_wiring
from app.forum.members import views as members
from app.forum.members import wiring as members_wiring
from app.forum.minutes import views as minutes
from app.forum.minutes import wiring as minutes_wiring
from app.forum.organisations import views as organisations
from app.forum.organisations import wiring as organisations_wiring
from app.forum.oversight import views as oversight
from app.forum.oversight import wiring as oversight_wiring
from app.forum.pages import machines, messages
from app.forum.pages import views as pages
from app.forum.pages import wiring as pages_wiring
from app.forum.personal_data import views as personal_data
from app.forum.personal_data import wiring as personal_data_wiring
from app.forum.planning import views as planning
from app.forum.planning import wiring as planning_wiring
from app.forum.register import views as register
from app.forum.register import wiring as register_wiring
from app.forum.sheets import views as sheets
from app.forum.sheets import wiring as sheets_wiring
from app.forum.translations import views as translations
from app.forum.translations import wiring as translations_wiring
from app.forum.what_we_heard import views as what_we_heard
from app.working_groups import views as working_groups
from app.working_groups import wiring as working_groups_wiring

ROOMS = [
    (machines.bp, None),
    (pages.bp, ""),
    (accounts.bp, ""),
    (organisations.bp, "/members/organisations"),
    (members.bp, "/members"),
    (register.bp, "/members"),
    (meetings.bp, "/meetings"),
    (agendas.bp, "/meetings"),
    (agreements.bp, "/meetings"),
    (convocations.bp, "/meetings"),
    (attendance.bp, "/meetings"),
    (sheets.bp, "/meetings"),
    (minutes.bp, "/meetings"),
    (adoptions.bp, "/meetings"),
    (editions.bp, "/meetings"),
    (planning.bp, "/meetings"),
    (decisions.bp, "/decisions"),
    (translations.bp, "/desk/translations"),
    (working_groups.bp, "/working-groups"),
    (documents.bp, "/documents"),
    (action_plan.bp, "/action-plan"),
    (what_we_heard.bp, "/what-we-heard"),
    (administration.bp, "/desk/administration"),
    (personal_data.bp, ""),
    (oversight.bp, "/desk"),
    (messages.bp, "/desk/messages"),
]
WIRINGS = [
    accounts_wiring.wire,
    organisations_wiring.wire,
    documents_wiring.wire,
    members_wiring.wire,
    register_wiring.wire,
    meetings_wiring.wire,
    agendas_wiring.wire,
    agreements_wiring.wire,
    convocations_wiring.wire,
    attendance_wiring.wire,
    sheets_wiring.wire,
    minutes_wiring.wire,
    adoptions_wiring.wire,
    editions_wiring.wire,
    decisions_wiring.wire,
    planning_wiring.wire,
    translations_wiring.wire,
    working_groups_wiring.wire,
    administration_wiring.wire,
    personal_data_wiring.wire,
    oversight_wiring.wire,
    pages_wiring.wire,
]

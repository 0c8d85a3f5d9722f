"""Every room's door and what it registers; only the factory reads this list."""

from app.accounts import views as accounts
from app.accounts import wiring as accounts_wiring
from app.forum.action_plan import views as action_plan
from app.forum.agendas import views as agendas
from app.forum.agendas import wiring as agendas_wiring
from app.forum.documents import views as documents
from app.forum.meetings import views as meetings
from app.forum.meetings import wiring as meetings_wiring
from app.forum.members import wiring as members_wiring
from app.forum.pages import machines
from app.forum.pages import views as pages
from app.forum.pages import wiring as pages_wiring
from app.forum.translations import views as translations
from app.forum.translations import wiring as translations_wiring
from app.forum.what_we_heard import views as what_we_heard
from app.working_groups import views as working_groups
from app.working_groups import wiring as working_groups_wiring

ROOMS = [
    (machines.bp, None),
    (pages.bp, ""),
    (accounts.bp, ""),
    (meetings.bp, "/meetings"),
    (agendas.bp, "/meetings"),
    (translations.bp, "/desk/translations"),
    (working_groups.bp, "/working-groups"),
    (documents.bp, "/documents"),
    (action_plan.bp, "/action-plan"),
    (what_we_heard.bp, "/what-we-heard"),
]
WIRINGS = [
    accounts_wiring.wire,
    members_wiring.wire,
    meetings_wiring.wire,
    agendas_wiring.wire,
    translations_wiring.wire,
    working_groups_wiring.wire,
    pages_wiring.wire,
]

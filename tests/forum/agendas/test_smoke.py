from app.accounts.policy import OPERATOR
from app.core.transaction import writing
from app.forum.agendas import queries, service
from tests import make


def test_every_screen(as_, app):
    meeting = make.meeting(slots=[make.slot("a"), make.slot("b")])
    number = meeting.id
    client = as_("secretariat")
    with writing():
        service.begin(make.cast("secretariat"), queries.meeting(number, OPERATOR))
    copy = queries.copy(number, OPERATOR)
    ids = [part.id for part in copy.parts]
    slot = copy.slots[0].id
    m = number
    pages = [f"/fr/meetings/{m}/editing" + x for x in ("", "/discard", "/preview", "/publish", "/import", "/export-yaml", "/export-csv", "/slots/new", "/venues/new", f"/parts/{slot}/remove", f"/parts/{slot}/split", *(f"/parts/{i}" for i in ids))]
    for page in [*pages, "/fr/meetings/new", "/fr/desk/translations/", "/en/desk/translations/"]:
        answer = client.get(page)
        print(page, answer.status, answer.statements)

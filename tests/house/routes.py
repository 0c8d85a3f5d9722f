"""Every route of the portal, as an address that can be asked for on the populated forum."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from app.accounts.states import TokenPurpose
from app.core import clock
from app.core.access import anyone, rule_of
from app.core.audit import AuditEntry
from app.core.extensions import db
from app.core.four_eyes import ActStatus, PendingAct
from app.core.i18n import LANGUAGES
from app.core.mail import OutgoingMail
from app.core.rules import RuleValue
from app.forum.agreements.models import ItemRequest
from app.forum.attendance.models import Proxy
from app.forum.decisions.models import Action, Decision, DecisionUpdate
from app.forum.documents.models import Document
from app.forum.meetings.models import Meeting
from app.forum.members import queries as members
from app.forum.members.models import Need, Person
from app.forum.pages.models import ContactMessage
from app.forum.personal_data.models import DataRequest, Erasure
from app.forum.planning.models import MeetingTemplate
from tests.house import population

ACCOUNT_PAGES = ("account", "grant", "deactivate", "reactivate", "reset_second_factor", "resend_invitation")
EDITING = (
    "overview", "begin", "discard", "show_preview", "publish", "edit", "add_slot", "add_venue", "remove", "split",
    "move", "renumber", "days", "load", "store", "export_yaml", "export_csv",
)  # fmt: skip
"""The screens of a working copy: of a draft, of a revision in progress, of a meeting that does not exist."""

CONVENING = ("convene", "update", "put_on", "postpone", "cancel", "restore", "second_notice")
"""What the secretariat does with a meeting of a body: one that is over, a draft, one that does not exist."""
LETTERS = ("show", "file", "ledger", "send_again")


@dataclass(frozen=True)
class Address:
    """`row`: the route's line in access.yaml. `lang`: None for an address outside the two languages."""

    row: str
    rule: Rule
    path: str
    lang: str | None

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def methods(self) -> set[str]:
        return set(self.rule.methods or ())


def rules(app: Flask) -> list[Rule]:
    return sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)


def _things() -> dict[str, dict[str, dict[str, Any]]]:
    """What the routes with arguments are asked for: for each endpoint, the cases to try and their arguments."""
    public, draft = population.public_meeting(), population.draft()
    group, secretary = members.working_groups()[0], population.person("secretariat")
    meetings = {
        "": {"meeting_id": public.id, "slug": public.slug},
        "draft": {"meeting_id": draft.id, "slug": draft.slug},
        "unknown": {"meeting_id": 999_999, "slug": "rien"},
    }
    agreement, agreed = population.agreement(), population.agreed()
    askable = population.agreement(population.ASKABLE)
    agreements = {
        "": {"meeting_id": agreement.id, "slug": agreement.slug},
        "unknown": {"meeting_id": 999_999, "slug": "rien"},
        "outside": {"meeting_id": draft.id, "slug": draft.slug},
    }
    published_version = {"meeting_id": agreed.meeting_id, "slug": agreed.meeting.slug, "number": agreed.number}
    waiting = db.session.scalars(select(PendingAct).where(PendingAct.status == ActStatus.WAITING)).all()
    asked = next(one for one in waiting if one.reason == population.REQUEST)
    coming = db.session.scalars(select(RuleValue.id).where(RuleValue.valid_from > clock.today())).all()
    someone = {"": {"user_id": asked.arguments["user_id"]}, "unknown": {"user_id": 999_999}}
    own = {"": {"key": "max-proxies-per-holder", "body_id": group.id}, "unknown": {"key": "term-months", "body_id": 1}}
    rule = {"": {"key": "notice-days"}, "unknown": {"key": "nothing"}}
    kept, merged = population.organisation(merged=False), population.organisation(merged=True)
    organisation = {"organisation_id": kept.id, "slug": kept.slug, "alias_id": kept.aliases[0].id}
    organisations = {"": organisation, "unknown": {**organisation, "organisation_id": 999_999}}
    people = {"": {"person_id": population.first(Person).id}, "unknown": {"person_id": 999_999}}
    mandates = {"": {"mandate_id": population.mandate().id}, "unknown": {"mandate_id": 999_999}}
    needs = {"": {"need_id": population.first(Need).id}, "unknown": {"need_id": 999_999}}
    papers = {"": population.paper(public).id, "draft": population.paper(draft).id, "unknown": 999_999}
    published, kept, held, withdrawn = population.documents()
    nothing = {"token_id": 999_999, "secret": "A" * 43}
    links = {
        endpoint: {"": {"token_id": population.link(purpose).id, "secret": population.SECRET}, "unknown": nothing}
        for endpoint, purpose in (
            ("accounts.verify", TokenPurpose.VERIFICATION),
            ("accounts.reset", TokenPurpose.RESET),
            ("accounts.accept_invitation", TokenPurpose.INVITATION),
            ("accounts.give_email_back", TokenPurpose.EMAIL_UNDO),
        )
    }
    editing = population.editing()
    draft_copy, revision = ({"meeting_id": copy.meeting_id, "part_id": copy.slots[0].id} for copy in editing)
    unknown = {"meeting_id": 999_999, "part_id": 999_999}
    copies = {"": draft_copy, "revision": revision, "unknown": unknown}
    convened = population.convened()
    letters = {
        "": {"meeting_id": convened.id, "slug": convened.slug, "number": 1},
        "unknown": {"meeting_id": convened.id, "slug": convened.slug, "number": 999},
        "draft": {**meetings["draft"], "number": 1},
    }
    reference = db.session.scalars(select(ContactMessage.reference)).first()
    wanted = db.session.scalars(select(DataRequest.reference)).first()

    def one(name: str, model: Any) -> dict[str, dict[str, Any]]:
        return {"": {name: db.session.scalars(select(model.id).order_by(model.id)).first()}, "unknown": {name: 999_999}}

    message, mail, request = (
        one("message_id", ContactMessage),
        one("mail_id", OutgoingMail),
        one("request_id", DataRequest),
    )
    poll = population.poll()
    asked_of = {"poll_id": poll.id, "mandate_id": population.seat_in(poll).id}
    polls = {"": asked_of, "unknown": {"poll_id": 999_999, "mandate_id": 999_999}}
    return {
        **links,
        **dict.fromkeys([f"planning.{name}" for name in ("poll", "answer", "decide", "remind", "withdraw")], polls),
        "planning.edit_template": one("template_id", MeetingTemplate),
        "planning.refresh_standing": {case: copies[case] for case in ("", "unknown")},
        "accounts.confirm_email": {"unknown": nothing},  # a button uses it up: its own tests do
        "meetings.show": meetings,
        "meetings.agenda": meetings,
        "meetings.entry": meetings,
        "meetings.calendar_of": {
            "": {"body_id": group.id, "slug": group.slug},
            "unknown": {"body_id": 999_999, "slug": "rien"},
        },
        **dict.fromkeys(("meetings.preparation", "meetings.arrange"), meetings),
        **dict.fromkeys(("meetings.announce", "meetings.hold"), {one: meetings[one] for one in ("", "unknown")}),
        **{f"agreements.{name}": agreements for name in ("show", "answer", "requests")},
        "agreements.ask": {**agreements, "open": {"meeting_id": askable.id, "slug": askable.slug}},
        **{
            f"agreements.{name}": {one: agreements[one] for one in ("unknown", "outside")}
            for name in ("share", "approve", "withdraw")  # of a version that is waited for: their own tests do
        },
        "agreements.version": {
            "": published_version,
            "shared": {**agreements[""], "number": 1},
            "unknown": {**published_version, "number": 999},
        },
        **dict.fromkeys(("agreements.decide", "agreements.take_back"), one("request_id", ItemRequest)),
        **_adoptions(),
        **{f"convocations.{name}": meetings for name in CONVENING},
        **{f"convocations.{name}": letters for name in LETTERS},
        **_attendance(draft),
        **_minutes(),
        "members.organisation": {**organisations, "merged": {"organisation_id": merged.id, "slug": merged.slug}},
        **dict.fromkeys(("organisations.edit", "organisations.names", "organisations.merge"), organisations),
        "organisations.remove_name": organisations,
        **dict.fromkeys(
            ("register.person", "register.edit_person", "register.account", "register.unlink", "register.open_mandate"),
            people,
        ),
        **dict.fromkeys(
            ("register.mandate", "register.end", "register.extend", "register.replace", "register.correct"), mandates
        ),
        **dict.fromkeys(("register.edit_need", "register.close_need"), needs),
        **{f"agendas.{name}": copies for name in EDITING},
        "working_groups.show": {
            "": {"body_id": group.id, "slug": group.slug},
            "unknown": {"body_id": 999_999, "slug": "rien"},
        },
        "pages.rule": {**rule, "identity": {"key": "identity-publisher-name"}},
        "administration.rule": rule,
        "administration.change_rule": rule,
        "administration.change_for_body": own,
        "administration.end_exception": own,
        "administration.withdraw_value": {"": {"value_id": coming[-1]}, "unknown": {"value_id": 999_999}},
        "administration.act": {"": {"act_id": asked.id}, "unknown": {"act_id": 999_999}},
        "administration.withdraw_act": {"": {"act_id": asked.id}, "unknown": {"act_id": 999_999}},
        **{f"administration.{name}": someone for name in ACCOUNT_PAGES},
        "administration.end_function": {
            "": {"function_id": secretary.functions[0].id},
            "unknown": {"function_id": 999_999},
        },
        **dict.fromkeys(("meetings.documents", "meetings.attach"), meetings),
        **dict.fromkeys(
            (
                "meetings.describe_attachment",
                "meetings.replace_attachment",
                "meetings.remove_attachment",
                "meetings.move_attachment_up",
                "meetings.move_attachment_down",
            ),
            {case: {**values, "attachment_id": papers[case]} for case, values in meetings.items()},
        ),
        **_sheets(meetings),
        **_decisions(),
        "documents.show": {
            "": _document(published),
            "secretariat": _document(kept),
            "draft": _document(held),
            "withdrawn": _document(withdrawn),
            "unknown": {"document_id": 999_999, "slug": "rien"},
        },
        "documents.file": {
            "": _file(published),
            "secretariat": _file(kept),
            "draft": _file(held),
            "withdrawn": _file(withdrawn),
            "unknown": {"file_id": 999_999, "slug": "rien"},
        },
        "pages.contact_sent": {"": {"reference": reference}, "unknown": {"reference": "M-22222222"}},
        "messages.show": message,
        "messages.answer": message,
        "messages.reopen": message,
        "oversight.mail": mail,
        "oversight.send_again": mail,
        "oversight.entry": one("entry_id", AuditEntry),
        "personal_data.sent": {"": {"reference": wanted}, "unknown": {"reference": "P-22222222"}},
        "personal_data.show": request,
        "personal_data.answer": request,
        "personal_data.reopen": request,
        "personal_data.erased": one("erasure_id", Erasure),
    }


def _adoptions() -> dict[str, dict[str, dict[str, Any]]]:
    """Minutes with a correction that waits for an answer, and none."""
    correction = population.corrected()
    meeting = correction.minutes.meeting
    cases = {
        "": {"meeting_id": meeting.id, "slug": meeting.slug, "correction_id": correction.id},
        "unknown": {"meeting_id": 999_999, "slug": "rien", "correction_id": 999_999},
    }
    return {f"adoptions.{name}": cases for name in ADOPTIONS}


def _attendance(draft: Meeting) -> dict[str, dict[str, dict[str, Any]]]:
    """A meeting of the plenary with an answer and a proxy; a draft; one that does not exist."""
    asked = population.asked()
    proxy = db.session.scalars(select(Proxy).where(Proxy.meeting_id == asked.id).order_by(Proxy.id)).first()
    assert proxy is not None
    seat = {"mandate_id": proxy.principal_id}
    cases = {
        "": {"meeting_id": asked.id, "slug": asked.slug, **seat, "proxy_id": proxy.id},
        "draft": {"meeting_id": draft.id, "slug": draft.slug, **seat, "proxy_id": proxy.id},
        "unknown": {"meeting_id": 999_999, "slug": "rien", **seat, "proxy_id": 999_999},
    }
    some = {one: cases[one] for one in ("", "unknown")}
    return {
        **dict.fromkeys(("attendance.answer", "attendance.answers"), cases),
        **dict.fromkeys(("attendance.key", "attendance.remind", "attendance.proxy"), some),
    }


def _sheets(meetings: dict[str, dict[str, Any]]) -> dict[str, dict[str, dict[str, Any]]]:
    """The addresses of the sheet of the public meeting; the draft is of no body, so that it has none."""
    found = {case: meetings[case] for case in ("", "unknown")}
    ids = population.on_the_sheet()
    return {f"sheets.{name}": {case: {**values, **ids} for case, values in found.items()} for name in SHEETS}


def _minutes() -> dict[str, dict[str, dict[str, Any]]]:
    """Minutes that are public, in two editions; some that are circulated; some that do not exist."""
    cases = {"unknown": {"meeting_id": 999_999, "slug": "rien", "number": 1, "section_id": 999_999}}
    for case, title, number in (("", population.MINUTES, 2), ("draft", population.CIRCULATED, 1)):
        found = population.minutes_of(title)
        here = {"meeting_id": found.meeting_id, "slug": found.meeting.slug}
        cases[case] = {**here, "number": number, "section_id": found.sections[0].id}
    found = population.minutes_of(population.CIRCULATED)
    section = found.sections[0]
    desk = {"section_id": section.id, "track": "fr"}
    written = {"": {**cases["draft"], **desk}, "unknown": {**cases["unknown"], "track": "en", "vote_id": 999_999}}
    nothing_kept = {case: {**values, "track": "en"} for case, values in written.items()}
    decided = population.voted()  # a decision rests on it: it stays
    kept = {"meeting_id": decided.section.minutes.meeting_id, "slug": decided.section.minutes.meeting.slug}
    return {
        **{f"editions.{name}": cases for name in MINUTES},
        **{f"minutes.{name}": written for name in WRITING},
        "minutes.give_up": nothing_kept,
        "minutes.take_back": {"": {**cases[""], **desk}, "unknown": written["unknown"]},  # public: it is refused
        "minutes.remove_vote": {"": {**kept, "vote_id": decided.id}, "unknown": written["unknown"]},
    }


def _decisions() -> dict[str, dict[str, dict[str, Any]]]:
    """A decision and an action that are public, those of minutes that are not, and none."""
    cases: dict[str, dict[str, dict[str, Any]]] = {}
    for model in (Decision, Action):
        found = {"": population.cut_out(model, public=True), "draft": population.cut_out(model, public=False)}
        cases[model.__tablename__] = {case: {"number": one.number} for case, one in found.items()}
        cases[model.__tablename__]["unknown"] = {"number": "D-1999-999"}
    updates = {case: {**values, "update_id": population.first(DecisionUpdate).id}
               for case, values in cases["decision"].items()}  # fmt: skip
    meeting_id = population.cut_out(Decision, public=False).minutes.meeting_id
    return {
        **{f"decisions.{name}": cases["decision"] for name in (*CUT_OUT, "reword", "give_back")},
        **{f"decisions.{name}_action": cases["action"] for name in CUT_OUT},
        "decisions.translate_update": updates,
        "decisions.sections": {"": {"meeting_id": meeting_id}, "unknown": {"meeting_id": 999_999}},
    }


def _document(one: Document) -> dict[str, Any]:
    return {"document_id": one.id, "slug": one.slug}


def _file(one: Document) -> dict[str, Any]:
    assert one.file is not None
    return {"file_id": one.file.id, "slug": one.file.slug}


def addresses(app: Flask) -> list[Address]:
    """Each route, in each language, for each case. A route with arguments that nobody described raises KeyError."""
    things = _things()
    db.session.rollback()  # an open transaction would make the requests wait
    return [address for rule in rules(app) for address in _of(rule, things)]


def _of(rule: Rule, things: dict[str, dict[str, dict[str, Any]]]) -> Iterator[Address]:
    named = set(rule.arguments) - {"lang"} - set(rule.defaults or ())
    cases = things[str(rule.endpoint)] if named else {"": {}}
    for case, values in cases.items():
        for lang in LANGUAGES if "lang" in rule.arguments else (None,):
            given = {**{name: values[name] for name in named}, **(rule.defaults or {})}
            built = rule.build({**given, **({"lang": lang} if lang else {})})
            assert built is not None, rule.rule
            yield Address(f"{rule.rule} {case}".strip(), rule, built[1], lang)


def pages(app: Flask) -> list[Address]:
    """The addresses that give a page to whoever may read it."""
    return [one for one in addresses(app) if one.lang and "GET" in one.methods and " " not in one.row]


CUT_OUT = ("show", "edit", "follow", "withdraw")
ADOPTIONS = ("corrections", "propose", "decide", "take_back", "show", "adopt", "open_procedure", "stop", "answer")
SHEETS = ("show", "mark", "times", "arrive", "changes", "close", "guests", "open_item", "item", "open_sheet", "paper",
          "to_sign", "reopen", "refresh_seats")  # fmt: skip
WRITING = ("overview", "begin", "head", "write", "keep", "give_up", "history", "add_section", "take_items",
           "rename_section", "remove_section", "vote", "remove_vote", "circulate", "take_back")  # fmt: skip
MINUTES = ("show", "full", "edition", "compare", "file", "edition_file", "publish", "publish_again", "withhold",
           "give_back")  # fmt: skip
FILES = {
    "editions.file",
    "editions.edition_file",
    "sheets.paper",
    "convocations.file",
    "documents.file",
    "decisions.table",
    "decisions.action_table",
    "agendas.export_csv",
    "agendas.export_yaml",
}
"""What is read in another program."""
STEPS = {"accounts.code", "accounts.set_up_first"}
"""Pages that lead back to the sign-in page whoever has not just shown a password."""


def gives_a_page_to_all(app: Flask, address: Address) -> bool:
    """Whether an anonymous reader gets the page itself, not the way to the sign-in page."""
    return rule_of(app.view_functions[address.endpoint]) is anyone and address.endpoint not in STEPS

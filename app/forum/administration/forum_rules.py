"""The Forum's rules (A.20): what each one may hold, its default until somebody decides, and where it comes from.

What the sources settle once for all, or for one plan only, is no rule: the register of proposals is always kept (#20),
and the horizon of a plan's commitments belongs to the plan (#23).
"""

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from app.core import rules
from app.core.rule_kinds import Choice, Day, Number, Seats, Several, YesNo
from app.core.rules import Rule

PLAN = _l("National Action Plan 2024-2026, commitment 3")
REGISTER = _l("National Action Plan 2024-2026, co-creation chapter")
CUSTOM = _l("Usual practice of State advisory committees (French code CRPA, articles R. 133-3 and following)")
STANDARD = _l("OGP Participation and Co-creation Standards, standard 1")
DEFAULT = _l("Default value, until the plenary decides")

GROUPS = {
    "secretariat": _l("Secretariat"),
    "members": _l("Members"),
    "meetings": _l("Meetings"),
    "elections": _l("Elections and terms of office"),
    "register": _l("Co-creation and What We Heard"),
}
INSTITUTIONS = {"cese": _l("CESE"), "mrd": _l("Ministry for Democratic Renewal"), "ditp": _l("DITP")}
SIDES = {"government": _l("Government"), "civil_society": _l("Civil society")}
SIDE = Choice({"elected": _l("elected"), "designated": _l("designated")})


def _days(value: int) -> str:
    return ngettext("%(num)d day", "%(num)d days", value)


def _months(value: int) -> str:
    return ngettext("%(num)d month", "%(num)d months", value)


def _points(value: int) -> str:
    return ngettext("%(num)d percentage point", "%(num)d percentage points", value)


def days(least: int, most: int) -> Number:
    return Number(least, most, _days, _l("days"))


def months(least: int, most: int) -> Number:
    return Number(least, most, _months, _l("months"))


def declare() -> None:
    rules.declare(
        *_secretariat(), *_members(), *_meetings(), *_agreement(), *_votes(), *_minutes(), *_elections(), *_register()
    )


def _rule(key: str, group: str, label: Any, default: Any, source: Any, kind: Any, help: Any, **more: Any) -> Rule:
    return Rule(key, group, label, default, source, kind, help, **more)


def _secretariat() -> list[Rule]:
    one = Choice(INSTITUTIONS)
    return [
        _rule(
            "secretariat_bodies", "secretariat", _l("The secretariat is provided by"), ["cese", "mrd"], PLAN,
            Several(INSTITUTIONS), _l("Every institution that shares the secretariat."),
        ),
        _rule(
            "operating_body", "secretariat", _l("Day-to-day secretariat"), "cese", DEFAULT, one,
            _l("The institution that members write to and that prepares the meetings."),
        ),
        _rule(
            "convening_body", "secretariat", _l("Meetings are convened by"), "cese", DEFAULT, one,
            _l("The institution in whose name notices of meeting are signed."),
        ),
    ]  # fmt: skip


def _members() -> list[Rule]:
    decider = {
        "committee": _l("the management committee, on the secretariat's report"),
        "secretariat": _l("the secretariat"),
    }
    return [
        _rule(
            "founded_on", "members", _l("First plenary session of the Forum"), "", DEFAULT,
            Day(_l("not yet held")), _l("The day of the constituting plenary; leave empty until it has been held."),
        ),
        _rule(
            "selection_decided_by", "members", _l("Applications from civil society are decided by"), "committee",
            DEFAULT, Choice(decider), _l("As long as there is no management committee, the secretariat decides."),
        ),
    ]  # fmt: skip


def _meetings() -> list[Rule]:
    return [
        _rule(
            "plenaries_per_year", "meetings", _l("Plenary sessions each year"), 2, PLAN, Number(1, 12),
            _l("A target, followed by an indicator: nothing is blocked when it is missed."),
        ),
        _rule(
            "months_between_meetings", "meetings", _l("Government and civil society meet at least every"), 6, STANDARD,
            months(1, 6), _l("The international standard asks for a meeting every six months at least."),
        ),
        _rule(
            "working_group_months", "meetings", _l("A working group meets every"), 3, PLAN, months(1, 24),
            _l("A target, followed by an indicator."), scoped=True,
        ),
        _rule(
            "notice_days", "meetings", _l("Notice before a meeting"), 15, DEFAULT, days(1, 120),
            _l("Days between the notice of meeting, with its agenda, and the meeting."),
            scoped=True, at_least="notice_floor_days",
        ),
        _rule(
            "notice_floor_days", "meetings", _l("Shortest notice, even when urgent"), 5, CUSTOM, days(0, 60),
            _l("Below this number of days, the site warns whoever sends the notice of meeting."),
            at_most="notice_days",
        ),
        _rule(
            "answer_reminder_days", "meetings", _l("Reminder to those who have not answered a notice"), 4, DEFAULT,
            days(0, 60), _l("Days before the meeting; one message to each. 0: never."), scoped=True,
        ),
        _rule(
            "agenda_requires_committee_agreement", "meetings",
            _l("The agenda is agreed by the management committee before the secretariat approves it"), True, PLAN,
            YesNo(), _l("If not, the secretariat approves the agenda alone."), scoped=True,
        ),
    ]  # fmt: skip


def _agreement() -> list[Rule]:
    threshold = {
        "both_co_chairs": _l("both co-chairs"),
        "majority": _l("more than half of the management committee"),
        "count": _l("a number of its members"),
    }
    stand_in = {"secretariat": _l("the secretariat"), "members": _l("more than half of the members of the body")}
    return [
        _rule(
            "agenda_agreement_threshold", "meetings", _l("An agenda is agreed once it is approved by"),
            "both_co_chairs", DEFAULT, Choice(threshold),
            _l("While a co-chair’s seat is vacant, the other one agrees; without co-chairs, more than half."),
            scoped=True,
        ),
        _rule(
            "agenda_agreement_count", "meetings", _l("Members of the committee who must approve an agenda"), 3,
            DEFAULT, Number(1, 40), _l("Read only when the agenda is agreed by a number of members."), scoped=True,
        ),
        _rule(
            "agenda_agreement_days", "meetings", _l("Time to approve an agenda"), 5, DEFAULT, days(0, 60),
            _l("Counted from the day it is shared. 0: no deadline."), scoped=True,
        ),
        _rule(
            "agenda_silent_consent", "meetings", _l("Silence at the deadline means consent to the agenda"), False,
            DEFAULT, YesNo(), _l("Never against an objection, nor before the whole time to approve has run."),
            scoped=True,
        ),
        _rule(
            "agenda_stand_in", "meetings", _l("Before a management committee sits, an agenda is agreed by"),
            "secretariat", DEFAULT, Choice(stand_in), _l("The page of the meeting then says so."), scoped=True,
        ),
    ]  # fmt: skip


def _votes() -> list[Rule]:
    share = {
        "half": _l("at least half of the members, present or represented"),
        "third": _l("at least a third of the members, present or represented"),
        "none": _l("no quorum"),
    }
    base = {"members": _l("all the members of the body"), "college": _l("each college separately")}
    majority = {
        "expressed": _l("the votes for and against"),
        "present": _l("the members present or represented"),
        "members": _l("all the members of the body, present or not"),
    }
    return [
        _rule(
            "quorum", "meetings", _l("Quorum"), "half", CUSTOM, Choice(share),
            _l("How many members must take part for a vote to count."), scoped=True,
        ),
        _rule(
            "quorum_of", "meetings", _l("The quorum is counted among"), "members", DEFAULT, Choice(base),
            _l("Counted for each college, it must be reached on both sides."), scoped=True,
        ),
        _rule(
            "second_notice_without_quorum", "meetings",
            _l("After a second notice with the same agenda, no quorum is needed"), True, CUSTOM, YesNo(),
            _l("If not, a vote waits until the quorum is reached."), scoped=True,
        ),
        _rule(
            "max_proxies_per_holder", "meetings", _l("Proxies that one member may hold"), 1, CUSTOM, Number(0, 5),
            _l("0: nobody may vote for an absent member."), scoped=True,
        ),
        _rule(
            "proxies_same_college", "meetings", _l("A proxy goes to a member of the same college"), True, DEFAULT,
            YesNo(), _l("If not, a member of either college may hold it."), scoped=True,
        ),
        _rule(
            "resolution_base", "meetings", _l("A resolution is adopted by more than half of"), "present", CUSTOM,
            Choice(majority), _l("In votes, proxies included. Members recused for the item are none of them."),
            scoped=True,
        ),
        _rule(
            "casting_vote", "meetings", _l("The chair’s vote decides a tie"), False, DEFAULT, YesNo(),
            _l("With two co-chairs a casting vote has no holder: a tie then rejects."), scoped=True,
        ),
    ]  # fmt: skip


def _minutes() -> list[Rule]:
    adoption = {
        "meeting": _l("at a meeting of the body only"),
        "written": _l("at a meeting, or in writing by a majority of the members"),
        "silence": _l("at a meeting, or in writing when nobody objects"),
    }
    names = {
        "never": _l("nobody"),
        "function": _l("people who spoke in their function"),
    }
    return [
        _rule(
            "minutes_correction_days", "meetings", _l("Time to propose a correction to the minutes"), 10, DEFAULT,
            days(1, 60), _l("Counted from the day they are circulated, for those who were there."), scoped=True,
        ),
        _rule(
            "minutes_adoption", "meetings", _l("Minutes are adopted"), "meeting", CUSTOM, Choice(adoption),
            _l("The minutes then say when, and by whom or how."), scoped=True,
        ),
        _rule(
            "minutes_procedure_days", "meetings", _l("Time to answer a written procedure on minutes"), 15, DEFAULT,
            days(5, 60), _l("Counted from the day it is opened."), scoped=True,
        ),
        _rule(
            "minutes_attribution", "meetings", _l("The minutes may attribute remarks to"), "never", PLAN,
            Choice(names), _l("Civil servants too must be able to speak freely."), scoped=True,
        ),
    ]  # fmt: skip


def _elections() -> list[Rule]:
    voters = {"plenary": _l("the whole plenary"), "college": _l("each college")}
    return [
        _rule(
            "cochair_mode_government", "elections", _l("Government co-chair"), "elected", DEFAULT, SIDE,
            _l("Whether the government's co-chair is elected or named by the government."),
        ),
        _rule(
            "cochair_mode_civil_society", "elections", _l("Civil-society co-chair"), "elected", DEFAULT, SIDE,
            _l("Whether civil society's co-chair is elected or named by its members' organisations."),
        ),
        _rule(
            "electorate", "elections", _l("Who elects the co-chairs and the committee"), "plenary", DEFAULT,
            Choice(voters), _l("In both cases candidates stand for the seats of their own college."),
        ),
        _rule(
            "committee_seats", "elections", _l("Elected seats of the management committee"),
            {"government": 2, "civil_society": 2}, DEFAULT, Seats(SIDES, 1, 20), _l("Without the co-chairs."),
        ),
        _rule(
            "cochairs_on_committee", "elections", _l("Co-chairs who sit on the management committee"), 2, DEFAULT,
            Number(1, 2), _l("The founding documents write “chairperson(s)”."),
        ),
        _rule(
            "term_months", "elections", _l("Term of office"), 24, PLAN, months(6, 72),
            _l("Of the co-chairs and of the elected members of the committee."),
        ),
        _rule(
            "in_office_until_replaced", "elections", _l("After the end of the term, one stays until replaced"), True,
            DEFAULT, YesNo(), _l("The directory then says “expired, in office”."),
        ),
    ]  # fmt: skip


def _register() -> list[Rule]:
    return [
        _rule(
            "revival_months", "register", _l("Time during which a proposal not included can still be taken up"), 12,
            REGISTER, months(1, 60), _l("Counted from the release of the plan."),
        ),
        _rule(
            "workshop_balance_tolerance", "register",
            _l("Workshops with equal numbers from government and civil society: margin allowed"), 10, DEFAULT,
            Number(0, 50, _points, _l("percentage points")),
            _l("Beyond this margin, the site warns and does not block."),
        ),
    ]  # fmt: skip

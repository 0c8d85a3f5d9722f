"""The minutes as a reader sees them, from what an edition seals or a draft holds: pure, in the reader's language.

Two hundred paragraphs are written here, once for each page, rather than one by one in a template.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import escape

from app.core import i18n
from app.core.i18n import Text
from app.core.text import shown
from app.forum.editions import sealed
from app.forum.minutes.states import AdoptionWay, TrackState, WithholdingGround
from app.forum.organisations.states import College

Data = dict[str, Any]
Beside = Callable[[str, str, int], str | None]
"""(key of a section, language, place of a paragraph from 1) -> the address of what may be done with it."""
SHORT = 4


@dataclass(frozen=True)
class Section:
    """One item. `lang`: of its text; `is_older`: its English is older than the French; `ground`: in words."""

    number: int
    anchor: str
    title: Text
    lang: str
    text: Any
    is_older: bool
    is_missing: bool
    ground: Any
    quorum: str | None
    lacks_quorum: bool
    votes: list["Vote"]
    set_apart: list[Data]


@dataclass(frozen=True)
class Vote:
    question: Text
    rows: list[tuple[str, int]]
    result: str
    needed: str
    is_adopted: bool


@dataclass
class Reading:
    """`beside`: what stands beside each paragraph of a text that is not public yet."""

    content: Data
    beside: Beside | None = None
    for_paper: bool = False
    label: str = field(init=False)

    def __post_init__(self) -> None:
        self.label = escape(_("Permanent link to paragraph"))

    @property
    def title(self) -> Text:
        return i18n.in_language_of(self.content["meeting"]["title"])

    @property
    def dates(self) -> str:
        return str(self.content["meeting"]["dates"][i18n.language()])

    @property
    def place(self) -> Text:
        return i18n.in_language_of(self.content["meeting"]["place"])

    @property
    def body(self) -> Text | None:
        body = self.content["meeting"]["body"]
        return i18n.in_language_of(body) if body else None

    @cached_property
    def summary(self) -> Text | None:
        return _rich(self.content["summary"])

    @cached_property
    def plain(self) -> Text | None:
        return _rich(self.content["plain"])

    @cached_property
    def adopted_on(self) -> str | None:
        adoption = self.content.get("adoption")
        return i18n.day(date.fromisoformat(adoption["on"])) if adoption else None

    @property
    def adopted_way(self) -> Any:
        adoption = self.content.get("adoption")
        return AdoptionWay(adoption["way"]).label if adoption else None

    @property
    def quorum(self) -> str | None:
        """Of the whole meeting, when it was not counted item by item."""
        attendance = self.content["attendance"]
        if attendance is None:
            return None
        if attendance["no_quorum"]:
            return str(_("No quorum was required."))
        return quorum(attendance["quorum"]) if attendance["quorum"] else None

    @property
    def english_due(self) -> str | None:
        due = self.content.get("english_due")
        return i18n.day(date.fromisoformat(due)) if due else None

    @cached_property
    def lacks_english(self) -> bool:
        """Whether a reader of English finds French somewhere."""
        heads = [self.content["summary"], self.content["plain"]]
        return any(one.is_missing for one in self.sections) or any(one["fr"] and not one["en"] for one in heads)

    @property
    def has_older_english(self) -> bool:
        return any(one.is_older for one in self.sections)

    @property
    def english_is_complete(self) -> bool:
        return sealed.english_is_complete(self.content)

    @cached_property
    def decisions(self) -> int:
        return sum(one["kind"] == "decision" for section in self.content["sections"] for one in section["set_apart"])

    @cached_property
    def attendance(self) -> "Attendance | None":
        found = self.content["attendance"]
        return Attendance(found) if found else None

    @cached_property
    def sections(self) -> list[Section]:
        return [self._section(number, one) for number, one in enumerate(self.content["sections"], 1)]

    def _section(self, number: int, section: Data) -> Section:
        lang = "en" if i18n.language() == "en" and section["en"] else "fr"
        english = TrackState(section["english"])
        return Section(
            number=number,
            anchor=f"item-{section['key']}",
            title=i18n.in_language_of(section["title"]),
            lang=lang,
            text=self._text(section, lang),
            is_older=lang == "en" and english == TrackState.OUTDATED,
            is_missing=i18n.language() == "en" and lang == "fr" and bool(section["fr"]),
            ground=WithholdingGround(section["ground"]).label if section["ground"] else None,
            quorum=quorum(section["quorum"]) if section["quorum"] else None,
            lacks_quorum=self._lacks_quorum(section),
            votes=[_vote(one) for one in section["votes"]],
            set_apart=[_set_apart(one) for one in section["set_apart"]],
        )

    def _lacks_quorum(self, section: Data) -> bool:
        """By its own count, or by that of the whole meeting where no item has one."""
        numbers = section["quorum"] or (self.content["attendance"] or {}).get("quorum")
        return numbers is not None and not numbers["reached"]

    def _text(self, section: Data, lang: str) -> Any:
        """Stored HTML, safe since it was saved, in elements of our own: two hundred of them cost a millisecond."""
        return shown("\n".join(self._blocks(section, lang)))

    def _blocks(self, section: Data, lang: str) -> Iterator[str]:
        for place, block in enumerate(section[lang], 1):
            html: str = block["html"]
            if html.startswith("<table"):
                html = self._table(html)
            if block["p"] is not None:
                yield self._numbered(int(block["p"]), html)
            elif html.startswith("<h"):
                yield html
            else:
                yield self._waiting(html, self.beside(section["key"], lang, place) if self.beside else None)

    @staticmethod
    def _table(html: str) -> str:
        headed, label = html.replace("<th>", '<th scope="col">'), escape(_("Table in the minutes"))
        return f'<div class="table-scroll" role="region" tabindex="0" aria-label="{label}">{headed}</div>'

    def _numbered(self, number: int, html: str) -> str:
        if self.for_paper:
            return f'<div class="paragraph"><p class="paragraph__number">§&nbsp;{number}</p>{html}</div>'
        return (
            f'<div class="paragraph" id="p-{number}">{html}<a class="paragraph__link" href="#p-{number}">'
            f'<span aria-hidden="true">¶&nbsp;</span><span class="govuk-visually-hidden">{self.label} </span>'
            f"{number}</a></div>"
        )

    @staticmethod
    def _waiting(html: str, address: str | None) -> str:
        if not address:
            return f'<div class="paragraph">{html}</div>'
        act = escape(_("Propose a correction"))
        return f'<div class="paragraph">{html}<a class="paragraph__act" href="{escape(address)}">{act}</a></div>'


@dataclass(frozen=True)
class Attendance:
    """Who was there, by college, with what the heading of the folded list says."""

    found: Data

    @property
    def colleges(self) -> list[tuple[Any, list[Data]]]:
        present = self.found["present"]
        by_college = [(one, [who for who in present if who["college"] == one.value]) for one in College]
        return [(college.label, people) for college, people in by_college if people]

    @property
    def excused(self) -> list[Data]:
        return [one for one in self.found["excused"] if one]

    @property
    def counts(self) -> str:
        """« 15 personnes présentes, dont 2 sans droit de vote, 3 représentés, 2 excusés, 1 absent »."""
        present = self.found["present"]
        parts = [ngettext("%(num)d person present", "%(num)d people present", len(present))]
        advisory = sum(not one["votes"] for one in present)
        if advisory:
            parts.append(ngettext("%(num)d of them without a vote", "%(num)d of them without a vote", advisory))
        if self.found["represented"]:
            parts.append(ngettext("%(num)d represented", "%(num)d represented", len(self.found["represented"])))
        if self.found["excused"]:
            parts.append(ngettext("%(num)d excused", "%(num)d excused", len(self.found["excused"])))
        if self.found["absent"]:
            parts.append(ngettext("%(num)d absent", "%(num)d absent", self.found["absent"]))
        return ", ".join(parts)


def quorum(numbers: Data) -> str:
    """A count of the quorum, in one sentence."""
    values = {name: numbers[name] for name in ("counted", "required", "members")}
    if numbers["reached"]:
        told = _(
            "Quorum reached: %(counted)d of %(members)d members present or represented, %(required)d needed.", **values
        )
    else:
        told = _(
            "Quorum not reached: %(counted)d of %(members)d members present or represented, %(required)d needed.",
            **values,
        )
    if numbers.get("recused"):
        told += " " + ngettext("%(num)d member recused.", "%(num)d members recused.", numbers["recused"])
    return str(told)


def _rich(pair: Data) -> Text | None:
    """A pair of stored HTML."""
    found = i18n.in_language_of(pair)
    return Text(found.text, found.lang, html=shown(found.text)) if found.text else None


def _vote(vote: Data) -> Vote:
    rows = [
        (_("Votes for"), vote["in_favour"]),
        (_("Votes against"), vote["against"]),
        (_("Abstentions"), vote["abstaining"]),
        (_("Not voting"), vote["silent"]),
    ]
    result = _("Adopted by the vote") if vote["adopted"] else _("Rejected by the vote")
    if vote["casting"]:
        result = _("Adopted by the casting vote") if vote["adopted"] else _("Rejected by the casting vote")
    needed = _("majority needed: %(needed)d of %(out_of)d", needed=vote["needed"], out_of=vote["out_of"])
    return Vote(i18n.in_language_of(vote["question"]), rows, str(result), str(needed), vote["adopted"])


def _set_apart(block: Data) -> Data:
    """Its pairs in the reader's language; its text is safe HTML."""
    return {
        **block,
        "label": i18n.in_language_of(block["label"]),
        "basis": i18n.in_language_of(block["basis"]) if block.get("basis") else None,
        "text": _rich(block["text"]),
        "ground": WithholdingGround(block["ground"]).label if block.get("ground") else None,
    }


def short(digest: str) -> str:
    """9f2c…71ab: enough to compare two by eye; the whole one stands where it is cited."""
    return f"{digest[:SHORT]}…{digest[-SHORT:]}"


def host(address: str) -> str:
    """Where a link leads, for a reader who decides whether to follow it."""
    try:
        return urlsplit(address).hostname or address
    except ValueError:
        return address

"""Writes of the desk: mail sent again, seals verified."""

from dataclasses import dataclass
from typing import Any

from app.core import audit, mail
from app.core.access import authorize
from app.core.audit import AuditSeal
from app.core.mail import OutgoingMail
from app.forum.oversight import policy, queries

audit.declare("mail.sent_again")
audit.declare("mail.all_sent_again", "count")
audit.declare("journal.verified", "faults")


@dataclass(frozen=True)
class Verdict:
    """What the seals say of the journal: the faults, none when all is well, and the last seal."""

    faults: list[str]
    seal: AuditSeal | None


def send_again(actor: Any, message: OutgoingMail) -> None:
    """Queue a failed message anew, under its own Message-ID. Clicked twice, or no longer failed, it does nothing."""
    authorize(policy.can_send_again(actor))
    if mail.send_again(OutgoingMail.id == message.id):
        audit.record(actor, "mail.sent_again", message)


def send_all_again(actor: Any) -> int:
    """Queue every failed message anew, 500 at most in one go; returns how many."""
    authorize(policy.can_send_again(actor))
    count = len(mail.send_again())
    if count:
        audit.record(actor, "mail.all_sent_again", None, count=count)
    return count


def verify_seals(actor: Any) -> Verdict:
    """Compute every seal of the journal again; the journal remembers that somebody did, and what they found."""
    authorize(policy.can_read_journal(actor))
    verdict = Verdict(audit.faults(), queries.last_seal())
    audit.record(actor, "journal.verified", None, faults=len(verdict.faults))
    return verdict

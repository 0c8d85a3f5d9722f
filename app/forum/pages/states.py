"""Subjects of the contact form."""

from enum import StrEnum
from typing import Any

from flask_babel import lazy_gettext as _l


class ContactSubject(StrEnum):
    GENERAL = "general"
    ACCESSIBILITY = "accessibility"
    PERSONAL_DATA = "personal_data"
    PRESS = "press"
    SITE = "site"

    @property
    def label(self) -> Any:
        return LABELS[self]

    @property
    def answered_within(self) -> int:
        """Days: one week for accessibility (D.6), one month for personal data (art. 12 GDPR), two weeks otherwise."""
        return {ContactSubject.ACCESSIBILITY: 7, ContactSubject.PERSONAL_DATA: 30}.get(self, 14)


LABELS = {
    ContactSubject.GENERAL: _l("A question about the Forum"),
    ContactSubject.ACCESSIBILITY: _l("Accessibility: content or a service I cannot use"),
    ContactSubject.PERSONAL_DATA: _l("My personal data"),
    ContactSubject.PRESS: _l("Press or research"),
    ContactSubject.SITE: _l("An error on this site"),
}

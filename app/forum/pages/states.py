"""Subjects of the contact form."""

from flask_babel import lazy_gettext as _l

from app.core.labels import Labelled


class ContactSubject(Labelled):
    GENERAL = "general", _l("A question about the Forum")
    ACCESSIBILITY = "accessibility", _l("Accessibility: content or a service I cannot use")
    PERSONAL_DATA = "personal_data", _l("My personal data")
    PRESS = "press", _l("Press or research")
    SITE = "site", _l("An error on this site")

    @property
    def answered_within(self) -> int:
        """Days: one week for accessibility (D.6), one month for personal data (art. 12 GDPR), two weeks otherwise."""
        return {ContactSubject.ACCESSIBILITY: 7, ContactSubject.PERSONAL_DATA: 30}.get(self, 14)

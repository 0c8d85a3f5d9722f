"""What a form, a file or a test says of an organisation."""

from dataclasses import dataclass

from app.forum.organisations.states import College


@dataclass(frozen=True)
class Details:
    """What is known of an organisation; numbers and address as typed, checked when they are stored."""

    name: tuple[str, str | None]
    college: College
    acronym: str | None = None
    siren: str | None = None
    rna: str | None = None
    website: str | None = None

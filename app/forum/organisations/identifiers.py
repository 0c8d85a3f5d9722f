"""What identifies an organisation outside the Forum: SIREN, RNA, web site. None when not valid."""

import re
from urllib.parse import urlsplit

from flask_babel import gettext as _

RNA = re.compile(r"W(?:[0-9]{2}|2[AB])[0-9]{7}")
MAX_WEBSITE = 500


def siren(value: str) -> str | None:
    """The nine digits of a SIREN whose key is right, however it was spaced."""
    from stdnum.exceptions import ValidationError  # seldom needed, 1 MB in each process
    from stdnum.fr import siren as siren_number

    try:
        return str(siren_number.validate(value))
    except ValidationError:
        return None


def rna(value: str) -> str | None:
    """W, the department (2A and 2B in Corsica) and seven digits: the number of an association."""
    written = value.upper().replace(" ", "")
    return written if RNA.fullmatch(written) else None


def website(value: str) -> str | None:
    """An address that a reader may follow: http or https, a real host, no user in it (H21). It is never fetched."""
    if len(value) > MAX_WEBSITE or re.search(r"[\s\\<>\"]", value):
        return None
    try:
        parts = urlsplit(value)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = parts.port
    except (ValueError, UnicodeError):
        return None
    if parts.scheme not in ("http", "https") or parts.username is not None or "." not in host.strip("."):
        return None
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}{value.split(parts.netloc, 1)[1]}"


def host(website: str) -> str:
    """What the reader is told of an address before following it: its host, in its ASCII form."""
    return urlsplit(website).hostname or ""


def wrong(field: str) -> str:
    """What to say of an identifier that is not one."""
    if field == "siren":
        return _("This is not a SIREN: nine digits whose last one checks the others.")
    if field == "rna":
        return _("This is not an RNA number: the letter W, then nine digits.")
    return _("Enter a full address that starts with https:// or http://.")

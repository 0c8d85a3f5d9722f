"""What a message carries beside its text: an invitation that a calendar reads, an attached file."""

from dataclasses import dataclass
from email.message import EmailMessage

from app.core import text


@dataclass(frozen=True)
class Part:
    """One part. `kind`: its media type; a text is UTF-8, its lines ended by CRLF.

    `alternative`: the message said in another way, which a programme that can read it shows instead (an invitation,
    whose `method` is that of RFC 5546: REQUEST, CANCEL); else it is attached. `name`: as a file.
    """

    kind: str
    content: bytes
    name: str
    method: str | None = None
    alternative: bool = False


def add(message: EmailMessage, parts: list[Part]) -> None:
    """Put the parts after the text of a message.

    In base64, so that no server on the way touches a line end. What stands for the text comes before what is attached.
    """
    for part in sorted(parts, key=lambda one: not one.alternative):
        maintype, _slash, subtype = part.kind.partition("/")
        if part.alternative:
            message.add_alternative(part.content, maintype, subtype, params={**_params(part), "name": _name(part)})
        else:
            message.add_attachment(part.content, maintype, subtype, filename=_name(part), params=_params(part))


def _params(part: Part) -> dict[str, str]:
    params = {"charset": "UTF-8"} if part.kind.startswith("text/") else {}
    return params | ({"method": part.method} if part.method else {})


def _name(part: Part) -> str:
    return text.CONTROL.sub("", part.name)

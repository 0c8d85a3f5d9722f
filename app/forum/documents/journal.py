"""What the acts on documents and files, and their details, are called."""

from flask_babel import lazy_gettext as _l

from app.forum.documents.states import AccessLevel

WORDS = {
    "document.added": _l("Document added"),
    "document.described": _l("Description of a document changed"),
    "document.removed": _l("Document removed before it was published"),
    "document.replaced": _l("File of a document replaced"),
    "document.withdrawn": _l("Document withdrawn"),
}
NOUNS = {
    "document": (_l("Document"), _l("Documents")),
    "stored_file": (_l("File sent"), _l("Files sent")),
}
FIELDS = {
    "access": _l("Who may read it"),
    "edition": _l("Edition"),
    "file": _l("Number of the file"),
    "sent": _l("Sent"),
    "size": _l("Size in bytes"),
    **{f"access={level.value}": level.label for level in AccessLevel},
}

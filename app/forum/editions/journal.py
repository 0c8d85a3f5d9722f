"""What the acts of publication, and their details, are called."""

from flask_babel import lazy_gettext as _l

WORDS = {
    "minutes.published": _l("Minutes of a meeting published"),
    "minutes.corrected": _l("Erratum to minutes published"),
    "minutes.edition_added": _l("New edition of minutes published"),
}
NOUNS = {
    "minutes_edition": (_l("Edition of minutes"), _l("Editions of minutes")),
    "minutes_paragraph": (_l("Paragraph of minutes"), _l("Paragraphs of minutes")),
}
FIELDS = {
    "digest": _l("Digest of the text"),
    "edition": _l("Edition of the text"),
    "full_digest": _l("Digest of the whole text, where the public reads less"),
}

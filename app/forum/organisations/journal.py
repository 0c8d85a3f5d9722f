"""What the acts on organisations and their details are called."""

from flask_babel import lazy_gettext as _l

from app.forum.organisations.states import College

WORDS = {
    "organisation.alias_added": _l("Other name of an organisation added"),
    "organisation.alias_removed": _l("Other name of an organisation removed"),
    "organisation.changed": _l("Organisation changed"),
    "organisation.created": _l("Organisation created"),
    "organisation.merged": _l("Two organisations merged"),
}
NOUNS = {"organisation": (_l("Organisation"), _l("Organisations"))}
FIELDS = {
    "alias": _l("Number of the other name"),
    "college": _l("College"),
    "fields": _l("What changed"),
    "lost": _l("Number of the one that was merged"),
    "moved": _l("References moved"),
    "fields=acronym": _l("acronym"),
    "fields=college": _l("college"),
    "fields=name_en": _l("name in English"),
    "fields=name_fr": _l("name in French"),
    "fields=rna": _l("RNA number"),
    "fields=siren": _l("SIREN number"),
    "fields=website": _l("website"),
    **{f"college={college.value}": college.label for college in College},
}

"""Each thing a catalogue may lack is seen, and a good catalogue passes."""

import pytest

from tests.support.catalogue import Catalogue

HEADER = """msgid ""
msgstr ""
"Language: fr\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

"""

GOOD = """
msgid "It's open!"
msgstr "C\u2019est ouvert\u202f!"

#, python-format
msgid "%(name)s, 100%% sure"
msgstr "%(name)s, s\u00fbr \u00e0 100\u00a0%%"

#, python-format
msgid "One seat"
msgid_plural "%(num)d seats"
msgstr[0] "%(num)d si\u00e8ge"
msgstr[1] "%(num)d si\u00e8ges"
"""

QUESTIONS = ("missing", "fuzzy", "obsolete", "placeholder_mismatches", "typography_faults", "source_faults")

BAD = [
    ("missing", 'msgid "a"\nmsgstr ""'),
    ("missing", 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[1] ""'),
    ("fuzzy", '#, fuzzy\nmsgid "a"\nmsgstr "x"'),
    ("obsolete", '#~ msgid "a"\n#~ msgstr "x"'),
    ("placeholder_mismatches", 'msgid "%(a)s"\nmsgstr "%(b)s"'),
    ("placeholder_mismatches", 'msgid "%(a)s %(b)s"\nmsgstr "%(a)s"'),
    ("placeholder_mismatches", 'msgid "a"\nmsgstr "%(a)s"'),
    ("placeholder_mismatches", 'msgid "%(a)s"\nmsgid_plural "%(a)s %(n)d"\nmsgstr[0] "%(a)s"\nmsgstr[1] "%(a)s"'),
    ("placeholder_mismatches", 'msgid "%(a)s"\nmsgid_plural "%(a)s %(n)d"\nmsgstr[0] "%(z)s"\nmsgstr[1] "%(a)s %(n)d"'),
    ("placeholder_mismatches", '#, python-format\nmsgid "%(a)s"\nmsgstr "%(a)s \u00e0 100 %"'),
    ("placeholder_mismatches", '#, python-format\nmsgid "%(a)s"\nmsgstr "%(a)s %(a)"'),
    ("typography_faults", 'msgid "a"\nmsgstr "Bonjour!"'),
    ("typography_faults", 'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "x"\nmsgstr[1] "l\'un"'),
    ("source_faults", 'msgid "Really ?"\nmsgstr "x"'),
]


def load(folder, text):
    path = folder / "messages.po"
    path.write_text(HEADER + text + "\n", encoding="utf-8")
    return Catalogue.load(path)


def test_a_good_catalogue_has_no_fault(tmp_path):
    catalogue = load(tmp_path, GOOD)
    assert {question: getattr(catalogue, question)() for question in QUESTIONS} == {
        question: [] for question in QUESTIONS
    }


@pytest.mark.parametrize(("question", "text"), BAD)
def test_a_bad_catalogue_is_seen(tmp_path, question, text):
    assert getattr(load(tmp_path, text), question)()

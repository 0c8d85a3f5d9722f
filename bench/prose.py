"""Prose for the corpus: plausible sentences made from lists of our own, the same on every run."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from random import Random

PER_PARAGRAPH, PARAGRAPHS_PER_PART = 5, 2


@dataclass(frozen=True)
class Words:
    """What a sentence is made of in one language: subject, verb, object, end."""

    subjects: tuple[str, ...]
    verbs: tuple[str, ...]
    objects: tuple[str, ...]
    ends: tuple[str, ...]
    headings: tuple[str, ...]
    point: str


FRENCH = Words(
    subjects=(
        "Les administrations", "Les associations", "Les personnes tirées au sort", "Les collectivités volontaires",
        "Les équipes du secrétariat", "Les chercheuses et les chercheurs invités", "Les groupes de travail",
        "Les membres de l’assemblée", "Les correspondants ministériels", "Les deux collèges",
    ),
    verbs=(
        "ont présenté", "souhaitent examiner", "ont comparé", "proposent de publier", "veulent simplifier",
        "ont mis en commun", "préparent ensemble", "ont relu", "demandent à suivre", "ont évalué",
    ),
    objects=(
        "le calendrier des prochaines étapes", "la liste des engagements encore ouverts",
        "les réponses aux contributions",
        "un guide court pour les services", "les données qui servent à mesurer l’avancement", "la méthode des ateliers",
        "le relevé des propositions écartées et ses motifs", "les conditions de participation à distance",
        "le format du compte rendu", "un tableau de suivi lisible par tous",
    ),
    ends=(
        "avant la prochaine séance", "dans les deux langues", "sans attendre la fin du plan",
        "avec l’appui des territoires",
        "en laissant une trace publique", "au plus près des personnes concernées", "sur la base de critères écrits",
        "avec un délai connu d’avance", "à partir des essais de l’an dernier", "selon un ordre de priorité débattu",
    ),
    headings=(
        "Contexte", "Ce qui a changé", "Participation", "Suivi", "Données publiques", "Calendrier",
        "Questions ouvertes", "Suite des travaux",
    ),
    point="Point à retenir",
)  # fmt: skip
ENGLISH = Words(
    subjects=(
        "The departments", "The associations", "The people drawn by lot", "The volunteer local councils",
        "The secretariat’s teams", "The visiting researchers", "The working groups", "The members of the assembly",
        "The ministries’ correspondents", "Both colleges",
    ),
    verbs=(
        "presented", "wish to look into", "compared", "propose to publish", "want to simplify", "shared",
        "are preparing together", "read again", "ask to follow", "assessed",
    ),
    objects=(
        "the calendar of the next steps", "the list of commitments still open", "the answers to the contributions",
        "a short guide for public services", "the data by which progress is measured", "the way workshops are run",
        "the record of proposals set aside, with its reasons", "the conditions for taking part from afar",
        "the layout of the minutes", "a follow-up table that anyone can read",
    ),
    ends=(
        "before the next sitting", "in both languages", "without waiting for the end of the plan",
        "with the help of local councils", "leaving a public trace", "as close as possible to those concerned",
        "on the basis of written criteria", "within a time known beforehand", "from last year’s trials",
        "in an order of priority that was debated",
    ),
    headings=(
        "Background", "What changed", "Participation", "Follow-up", "Public data", "Calendar", "Open questions",
        "Work to come",
    ),
    point="To remember",
)  # fmt: skip
LANGUAGES = {"fr": FRENCH, "en": ENGLISH}


def sentence(words: Words, chance: Random) -> str:
    parts = (words.subjects, words.verbs, words.objects, words.ends)
    return " ".join(chance.choice(part) for part in parts) + "."


def paragraph(lang: str, seed: int, sentences: int = PER_PARAGRAPH) -> str:
    words, chance = LANGUAGES[lang], Random(seed)
    return " ".join(sentence(words, chance) for _ in range(sentences))


def markdown(lang: str, seed: int, length: int = 1500) -> str:
    """`length` words or a few more: parts with a heading, paragraphs, a list and a link."""
    blocks: list[str] = []
    total = 0
    for block in _blocks(lang, seed):
        blocks.append(block)
        total += len(block.split())
        if total >= length:
            break
    return "\n\n".join(blocks)


def _blocks(lang: str, seed: int) -> Iterator[str]:
    words, chance = LANGUAGES[lang], Random(seed)
    for part in count():
        yield f"## {words.headings[part % len(words.headings)]}"
        for _ in range(PARAGRAPHS_PER_PART):
            yield " ".join(sentence(words, chance) for _ in range(PER_PARAGRAPH))
        yield "\n".join(f"- {sentence(words, chance)}" for _ in range(3))
        yield f"**{words.point}** : [{sentence(words, chance)}](https://example.org/{lang}/{part})"

"""One URL, one language: the /fr and /en prefixes, paired columns, and dates as each language writes them.

French is the source of every public text; English may be missing or older, and the reader is always told.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.numbers import format_decimal
from flask import Flask, current_app, request, url_for
from flask_babel import force_locale, get_translations, ngettext
from markupsafe import Markup, escape
from werkzeug.routing import BaseConverter, ValidationError

from app.core.clock import PARIS

LANGUAGES = ("fr", "en")
NBSP, NARROW = "\u00a0", "\u202f"
spoken: ContextVar[str | None] = ContextVar("spoken", default=None)


class LanguageConverter(BaseConverter):
    regex = "fr|en"


class IdConverter(BaseConverter):
    """A row's id: ASCII digits only, within what both engines store (H22)."""

    regex = "[1-9][0-9]{0,9}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number > 2147483647:
            raise ValidationError
        return number


class SlugConverter(BaseConverter):
    """The readable half of an address; the id decides, any other slug is sent to the right one."""

    regex = "[^/.]{0,200}"
    part_isolating = False


def install(app: Flask) -> None:
    app.url_map.converters.update(lang=LanguageConverter, id=IdConverter, slug=SlugConverter)
    app.url_value_preprocessor(_take_language)
    app.url_defaults(_give_language)
    app.teardown_request(_forget_language)
    app.jinja_env.globals["url_for"] = _template_url
    app.jinja_env.install_gettext_callables(_gettext, _ngettext, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.filters.update(
        day=day,
        weekday_day=weekday_day,
        month_year=month_year,
        clock_range=clock_range,
        clock_time=clock_time,
        day_range=day_range,
        moment=moment,
        number=number,
        file_size=file_size,
        month_short=month_short,
        duration=duration,
        year=lambda value: value.year,
        ordinal=ordinal,
        instant=datetime.fromisoformat,
        in_language=in_language_of,
        languages=languages,
    )


def _take_language(_endpoint: str | None, values: dict[str, Any] | None) -> None:
    spoken.set((values or {}).pop("lang", None) or language_of_path(request.path))


def _forget_language(_error: BaseException | None) -> None:
    spoken.set(None)


def _give_language(endpoint: str, values: dict[str, Any]) -> None:
    if "lang" not in values and endpoint in _prefixed():
        values["lang"] = language()


def _prefixed() -> frozenset[str]:
    kept = current_app.extensions.get("prefixed_endpoints")
    if kept is None:
        kept = frozenset(r.endpoint for r in current_app.url_map.iter_rules() if "lang" in r.arguments)
        current_app.extensions["prefixed_endpoints"] = kept
    return kept


def language_of_path(path: str) -> str:
    first = path.split("/", 2)[1:2]
    return first[0] if first and first[0] in LANGUAGES else "fr"


def language() -> str:
    """The language of this answer: of the address, or of the reader a mail is written for."""
    return spoken.get() or "fr"


def select_locale() -> str:
    """For Flask-Babel, which forms and lazy texts ask."""
    return language()


@contextmanager
def in_language(lang: str) -> Iterator[None]:
    """A context in which gettext and dates speak `lang`, outside or inside a request."""
    token = spoken.set(lang)
    try:
        with force_locale(lang):
            yield
    finally:
        spoken.reset(token)


# A page asks for some two hundred texts and thirty fixed addresses: both are looked up here without the detour by the
# request's proxies.


def _texts() -> Any:
    """The catalogue that Flask-Babel has loaded for this language, not a second copy of it."""
    kept: dict[str, Any] = current_app.extensions.setdefault("catalogues", {})
    lang = language()
    if lang not in kept:
        with force_locale(lang):
            kept[lang] = get_translations()
    return kept[lang]


def warm() -> None:
    """Load what each language needs: before the workers are forked, so that they share it."""
    for lang in LANGUAGES:
        with in_language(lang):
            _texts()
            _names(lang)


def _gettext(text: str) -> str:
    return str(_texts().ugettext(text))


def _ngettext(one: str, several: str, count: int) -> str:
    return str(_texts().ungettext(one, several, count))


def _template_url(endpoint: str, **values: Any) -> str:
    """As `url_for`; an address without values is the same for every page of a language."""
    if values:
        return url_for(endpoint, **values)
    kept: dict[tuple[str, str], str] = current_app.extensions.setdefault("fixed_addresses", {})
    key = endpoint, language()
    if key not in kept:
        kept[key] = url_for(endpoint)
    return kept[key]


def preferred_language() -> str:
    """French when in doubt."""
    return request.accept_languages.best_match(LANGUAGES, default="fr")


def switched() -> str:
    """The same page in the other language, with its query."""
    other = "en" if language() == "fr" else "fr"
    if request.endpoint is None or request.endpoint not in _prefixed() or request.view_args is None:
        return url_for("pages.home", lang=other)
    return with_query(url_for(request.endpoint, **{**request.view_args, "lang": other}), request.args.to_dict())


def with_query(address: str, asked: dict[str, str]) -> str:
    """An address with a reader's own query: their names never reach `url_for`, which takes some as its options."""
    return f"{address}?{urlencode(asked)}" if asked else address


@dataclass(frozen=True, slots=True)
class Text:
    """A text in the language it could be had in. `outdated`: its French source changed after the translation."""

    text: str
    lang: str
    outdated: bool = False
    html: Markup | None = None

    def __str__(self) -> str:
        return self.text

    def __bool__(self) -> bool:
        return bool(self.text)

    def __html__(self) -> str:
        if not self.text or self.lang == language():
            return escape(self.text)
        return Markup('<span lang="{}">{}</span>').format(self.lang, self.text)


def own_name(lang: str) -> Markup:
    """A language in its own words, marked as such."""
    return Markup('<span lang="{}">{}</span>').format(lang, {"fr": "Français", "en": "English"}[lang])


def pick(fr: str | None, en: str | None, *, outdated: bool = False) -> Text:
    """The reader's language, or French when the English is missing."""
    if language() == "en" and en:
        return Text(en, "en", outdated)
    return Text(fr or "", "fr")


def rich(name: str) -> Any:
    """As `localized`, for a Markdown pair whose sanitised HTML is stored in `<name>_html_fr` and `_en`."""

    def read(self: Any) -> Text:
        lang = "en" if language() == "en" and getattr(self, name + "_en") else "fr"
        source, html = getattr(self, f"{name}_{lang}"), getattr(self, f"{name}_html_{lang}")
        return Text(source or "", lang, lang == "en" and name in (self.outdated or ()), Markup(html or ""))

    return property(read)


def localized(name: str) -> Any:
    """A property reading the paired columns `<name>_fr` and `<name>_en` in the reader's language."""

    def read(self: Any) -> Text:
        return pick(getattr(self, name + "_fr"), getattr(self, name + "_en"), outdated=name in (self.outdated or ()))

    return property(read)


def in_language_of(value: dict[str, str | None]) -> Text:
    """A {fr, en} mapping of a list, in the reader's language."""
    return pick(value.get("fr"), value.get("en"))


def languages(codes: list[str]) -> str:
    """Names of languages, in the reader's language: français, anglais."""
    locale = Locale.parse("fr" if language() == "fr" else "en_GB")
    return ", ".join(locale.languages.get(code, code) for code in codes)


def set_pair(thing: Any, name: str, fr: str | None, en: str | None) -> None:
    """Write both halves of a pair and remember whether the English is now older than the French."""
    old = {"fr": getattr(thing, name + "_fr"), "en": getattr(thing, name + "_en")}
    setattr(thing, name + "_fr", fr)
    setattr(thing, name + "_en", en)
    thing.outdated = older_english(thing.outdated, name, old, {"fr": fr, "en": en})


def older_english(
    known: Any, name: str, old: dict[str, str | None] | None, new: dict[str, str | None] | None
) -> dict[str, str | None]:
    """What `outdated` becomes when the pair `name` goes from `old` to `new`: the French that the English translates.

    The first French is kept over several changes; a French that is written back as it was needs no new translation.
    """
    stale = dict.fromkeys(known or ()) if not isinstance(known, dict) else dict(known)
    before, after = old or {}, new or {}
    source = stale.get(name) or before.get("fr")
    if after.get("en") != before.get("en") or not after.get("en") or after.get("fr") == stale.get(name, ""):
        stale.pop(name, None)
    elif before.get("fr") is not None and after.get("fr") != before.get("fr"):
        stale[name] = source
    return dict(sorted(stale.items()))


# -- dates and numbers: patterns are compiled once per language; a page shows dozens of them -------------------------


@lru_cache(maxsize=4)
def _names(lang: str) -> tuple[dict[int, str], dict[int, str], dict[int, str]]:
    locale = "fr" if lang == "fr" else "en_GB"
    return (
        dict(get_month_names("wide", locale=locale)),
        dict(get_day_names("wide", locale=locale)),
        dict(get_month_names("abbreviated", locale=locale)),
    )


def _local(value: date | datetime, zone: ZoneInfo = PARIS) -> date:
    return value.astimezone(zone).date() if isinstance(value, datetime) else value


@lru_cache(maxsize=4096)
def _day(value: date, lang: str) -> str:
    first = "1er" if value.day == 1 and lang == "fr" else str(value.day)
    return f"{first}{NBSP}{_names(lang)[0][value.month]} {value.year}"


def day(value: date | datetime) -> str:
    """12 mars 2026, 12 March 2026."""
    return _day(_local(value), language())


def weekday_day(value: date | datetime) -> str:
    """Jeudi 12 mars 2026, Thursday 12 March 2026."""
    local = _local(value)
    name = _names(language())[1][local.weekday()]
    return f"{name[0].upper()}{name[1:]} {_day(local, language())}"


def month_year(value: date) -> str:
    return f"{_names(language())[0][value.month]} {value.year}"


def month_name(number: int) -> str:
    """Janvier, January."""
    name = _names(language())[0][number]
    return f"{name[0].upper()}{name[1:]}"


def weekday_name(number: int) -> str:
    """Lundi, Monday, for 0."""
    name = _names(language())[1][number]
    return f"{name[0].upper()}{name[1:]}"


def month_short(value: date) -> str:
    return _names(language())[2][value.month]


def ordinal(value: int) -> Markup:
    """1re or 42e (a meeting is feminine in French), 1st or 42nd."""
    if language() == "fr":
        return Markup("{}<sup>{}</sup>").format(value, "re" if value == 1 else "e")
    ending = "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    return Markup("{}{}").format(value, ending)


def day_range(first: date, last: date) -> str:
    """22 et 23 novembre 2023, du 30 octobre au 2 novembre 2026; 22 and 23 November 2023."""
    if first == last:
        return day(first)
    lang, months = language(), _names(language())[0]
    start = "1er" if first.day == 1 and lang == "fr" else str(first.day)
    if (first.year, first.month) == (last.year, last.month):
        joined = ("et" if lang == "fr" else "and") if (last - first).days == 1 else ("au" if lang == "fr" else "to")
        lead = "du " if lang == "fr" and joined == "au" else ""
        return f"{lead}{start} {joined} {_day(last, lang)}"
    year = "" if first.year == last.year else f" {first.year}"
    shown = f"{start}{NBSP}{months[first.month]}{year}"
    return f"du {shown} au {_day(last, lang)}" if lang == "fr" else f"{shown} to {_day(last, lang)}"


def clock_time(value: time | datetime) -> str:
    """14 h 30 in French, 14:30 in English (a multilingual agenda keeps the 24-hour clock)."""
    local = value.astimezone(PARIS).time() if isinstance(value, datetime) else value
    if language() == "fr":
        return f"{local.hour}{NBSP}h{NBSP}{local.minute:02d}" if local.minute else f"{local.hour}{NBSP}h"
    return f"{local.hour:02d}:{local.minute:02d}"


def clock_range(starts: time | datetime, ends: time | datetime | None) -> str:
    """9 h 30 – 12 h, in one piece up to the dash: a line never begins with it. The start alone when no end is known."""
    return f"{clock_time(starts)}{NBSP}– {clock_time(ends)}" if ends else clock_time(starts)


def moment(value: datetime) -> str:
    joined = f"à{NBSP}" if language() == "fr" else "at "
    return f"{day(value)} {joined}{clock_time(value)}"


def number(value: int | float) -> str:
    return format_decimal(value, locale="fr" if language() == "fr" else "en_GB")


def file_size(value: int) -> str:
    """230 Ko, 1,2 Mo; 230 kB, 1.2 MB: thousands of bytes, as people count them."""
    french = language() == "fr"
    if value < 1000:
        return f"{value}{NBSP}{'octets' if french else 'bytes'}"
    if value < 999_500:
        return f"{round(value / 1000)}{NBSP}{'Ko' if french else 'kB'}"
    return f"{number(round(value / 1_000_000, 1))}{NBSP}{'Mo' if french else 'MB'}"


def duration(value: timedelta) -> str:
    """A term in the largest whole unit: one year, 90 days, 24 hours."""
    days = value.days
    if days and days % 365 == 0:
        return ngettext("%(num)s year", "%(num)s years", days // 365)
    if days > 1:
        return ngettext("%(num)s day", "%(num)s days", days)
    return ngettext("%(num)s hour", "%(num)s hours", int(value.total_seconds() // 3600))

"""Rules on forms: they work without JavaScript, name their fields and carry their own token."""

from collections.abc import Iterator

from tests.support.dom import Document, Element, clean, spoken, where

_NAMELESS = frozenset({"hidden", "submit", "button", "reset", "image"})


def _has_label(page: Document, field: Element, labels: dict[str, str]) -> bool:
    if clean(field.get("aria-label") or ""):
        return True
    if field.get("aria-labelledby"):
        return bool(page.name(field))
    return bool(labels.get(field.get("id") or ""))


def labels(page: Document) -> Iterator[str]:
    """A label is tied by `for` and `id`: voice control and old screen readers need it, wrapping is not enough."""
    texts = {label.get("for") or "": clean("".join(spoken(label))) for label in page.by_tag["label"]}
    for field in page.tagged("input", "select", "textarea"):
        if (field.get("type") or "text").lower() not in _NAMELESS and not _has_label(page, field, texts):
            yield f"label: none for {where(field)} name={field.get('name')!r}"


def buttons(page: Document) -> Iterator[str]:
    for button in page.by_tag["button"]:
        if not page.name(button):
            yield f"button: no text, {where(button)}"
    for button in page.by_tag["input"]:
        if button.get("type") in {"submit", "button", "reset"} and not clean(button.get("value") or ""):
            yield f"button: no value, {where(button)}"


def forms(page: Document) -> Iterator[str]:
    for form in page.by_tag["form"]:
        if not (form.get("action") or "").strip():
            yield f"form: no action, {where(form)}"
        if (form.get("method") or "").lower() not in {"get", "post"}:
            yield f"form: method is {form.get('method')!r}, {where(form)}"


def _owner(page: Document, field: Element) -> Element | None:
    if pointed := field.get("form"):
        return next(iter(page.by_id.get(pointed, ())), None)
    return next(field.iterancestors("form"), None)


def csrf(page: Document) -> Iterator[str]:
    """Exactly one token in each POST form, none elsewhere: a token in a GET form ends up in addresses and logs, and a
    token outside a form gives a public page a cookie, hence no cache."""
    tokens = [field for field in page.by_tag["input"] if field.get("name") == "csrf_token"]
    owners = [_owner(page, token) for token in tokens]
    for form in page.by_tag["form"]:
        count = sum(owner is form for owner in owners)
        if (form.get("method") or "").lower() == "post":
            if count != 1:
                yield f"csrf: {count} tokens in POST {where(form)}, one expected"
        elif count:
            yield f"csrf: a token in GET {where(form)}"
    for token, owner in zip(tokens, owners, strict=True):
        if owner is None:
            yield f"csrf: a token outside any form, {where(token)}"
        if not token.get("value"):
            yield f"csrf: an empty token, {where(token)}"

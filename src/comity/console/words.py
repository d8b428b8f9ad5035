"""What templates say with: words of the code as people read them."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def plain(word: object) -> str:
    """A name of the code in plain words: `address_differs` becomes `address differs`."""
    return str(word).replace("_", " ")


@register.filter
def moment(at: object) -> str:
    """An hour as events write it (ISO 8601, UTC), to be read: `2026-03-02 09:00 UTC`."""
    text = str(at)
    return f"{text[:10]} {text[11:16]} UTC" if "T" in text else text


@register.filter
def number(value: object) -> str:
    """A number with its thousands set apart."""
    return f"{value:,}" if isinstance(value, int) else str(value)

"""Small pieces of the pages. Everything that comes from outside is escaped here."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template

from testprocessor.answers import Answer, as_page
from testprocessor.books import Thing
from testprocessor.numbers import CARDS, TestCard

FOLDER = Path(__file__).parent / "html"
_SIGNS = {"usd": "$", "eur": "€", "gbp": "£"}


def page(name: str, title: str, *, raw: dict[str, str] | None = None, **texts: str) -> str:
    """A whole page from its template; `raw` is HTML already."""
    body = part(name, raw=raw, **texts)
    layout = Template((FOLDER / "layout.html").read_text(encoding="utf-8"))
    return layout.substitute(title=escape(title), body=body)


def part(name: str, *, raw: dict[str, str] | None = None, **texts: str) -> str:
    """A template filled in."""
    template = Template((FOLDER / f"{name}.html").read_text(encoding="utf-8"))
    return template.substitute({key: escape(text) for key, text in texts.items()} | (raw or {}))


def nothing() -> Answer:
    """There is no such page."""
    text = "The link may be old, or the test processor was begun anew."
    return as_page(page("ended", "Nothing here", heading="Nothing here", text=text, back=""), 404)


def money(amount: int, currency: str) -> str:
    """Minor units as people read them."""
    sign = _SIGNS.get(currency)
    number = f"{amount // 100:,}.{amount % 100:02}"
    return f"{sign}{number}" if sign else f"{number} {currency.upper()}"


def link(url: str | None, text: str) -> str:
    """A link, or nothing where there is nowhere to go."""
    return f'<a href="{escape(url)}">{escape(text)}</a>' if url else ""


def problem(error: Thing | None, then: str) -> str:
    """What the bank said, and what did not happen."""
    if not error:
        return ""
    return f'<p class="problem" role="alert">{escape(error["message"])} {escape(then)}</p>'


def card_buttons(cards: list[TestCard] = CARDS) -> str:
    """The test numbers; pressing one types it and sends the form."""
    return "".join(
        f'<button name="number" value="{card.number}"><span class="number">{card.spaced}</span>'
        f'<span class="does">{escape(card.does)}</span></button>'
        for card in cards
    )


def card_rows() -> str:
    """The test numbers as a table's rows."""
    return "".join(
        f'<tr><td class="number">{card.spaced}</td><td>{escape(card.does)}</td></tr>'
        for card in CARDS
    )

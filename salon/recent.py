"""The client and the sale that a person had open last, one key away on every page.

Kept in the session, for each person by themselves: on a shared tablet everybody finds their own.
"""

from dataclasses import dataclass

from django.http import HttpRequest

from salon.http import DeskRequest
from salon.switching import SESSION_RECENT

KEPT = 2
"""The one that is open now, and the one before it: that is where the key leads."""


@dataclass(frozen=True)
class Kind:
    """What is remembered: its words, its icon, and the key that goes back to it."""

    label: str
    icon: str
    key: str


KINDS = {
    "client": Kind("Last client", "person", "v"),
    "sale": Kind("Last sale", "sales", "z"),
}


@dataclass(frozen=True)
class Item:
    """One way back, as the frame draws it."""

    kind: Kind
    url: str
    name: str


def remember(request: DeskRequest, kind: str, url: str, name: str) -> None:
    """This person has this page open now. Writes the session only when it is another one."""
    everybodys = request.session.get(SESSION_RECENT, {})
    mine = everybodys.get(_me(request), {})
    before = mine.get(kind, [])
    now = [[url, name], *(old for old in before if old[0] != url)][:KEPT]
    if now != before:
        request.session[SESSION_RECENT] = everybodys | {_me(request): mine | {kind: now}}


def items(request: HttpRequest) -> list[Item]:
    """What this person had open last, besides the page that is open now. No query."""
    mine = request.session.get(SESSION_RECENT, {}).get(_me(request), {})
    return [
        Item(kind, url, name)
        for code, kind in KINDS.items()
        for url, name in _others(request, mine.get(code, []))[:1]
    ]


def _others(request: HttpRequest, pages: list[list[str]]) -> list[list[str]]:
    """Without the one whose page, or a page below it, is open."""
    return [page for page in pages if not request.path.startswith(page[0])]


def _me(request: HttpRequest) -> str:
    return str(request.user.pk)

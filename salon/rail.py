"""The entries of the rail. Each app adds its own in AppConfig.ready(), so none leads nowhere.

    rail.add(rail.Entry(key="sales", label="Sales", icon="sales", url_name="checkout:list",
                        position=20, permission=permissions.MODIFY_SALES))
    rail.cover("clients", "checkout:client_sales")

The second line lets Clients light up on that page of checkout's.
"""

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse


@dataclass(frozen=True)
class Entry:
    """One entry. `icon`: a name in static/img/icons.svg. g and the first letter of `key` open it.

    `go`: another letter, where an entry before it has that one. `short`: its label on a phone.
    """

    key: str
    label: str
    icon: str
    url_name: str
    position: int
    permission: str = ""
    go: str = ""
    short: str = ""


@dataclass(frozen=True)
class Item:
    """An entry as the template draws it."""

    key: str
    label: str
    icon: str
    url: str
    current: bool
    go: str
    short: str


_entries: dict[str, Entry] = {}
_covered: dict[str, str] = {}


def add(entry: Entry) -> None:
    """Add an entry; it lights up on every page of the namespace of its URL."""
    _entries[entry.key] = entry
    cover(entry.key, entry.url_name.partition(":")[0])


def entries() -> list[Entry]:
    """All entries in order, whoever may open them."""
    return sorted(_entries.values(), key=lambda entry: entry.position)


def cover(key: str, name: str) -> None:
    """Let entry `key` light up on a whole URL namespace, or on one named page of another's."""
    _covered[name] = key


def items(request: HttpRequest) -> list[Item]:
    """What this person may open, in order. Asks only for permissions."""
    current = _current(request)
    return [
        Item(
            key=entry.key,
            label=entry.label,
            icon=entry.icon,
            url=reverse(entry.url_name),
            current=entry.key == current,
            go=entry.go or entry.key[0],
            short=entry.short,
        )
        for entry in entries()
        if not entry.permission or request.user.has_perm(entry.permission)
    ]


def _current(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return ""
    return _covered.get(match.view_name) or _covered.get(match.namespace) or ""

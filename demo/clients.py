"""The demo salon's clients."""

import datetime as dt
import unicodedata
from dataclasses import dataclass
from random import Random

from clients.models import Client
from demo.names import LAST, MEN, NOTES, SPECIAL, WOMEN
from demo.places import Shop
from salon import clock

AREAS = ["212", "718", "917", "646", "347", "929", "332", "201", "516", "914", "551"]
CLARA, BEN, INES = (
    ("Clara", "Nuñez", "+12125550142"),
    ("Ben", "Okafor", "+12125550107"),
    ("Ines", "Duarte", "+12125550161"),
)
"""Those who appear in the docs; nothing happens to them by chance."""
PLAIN = str.maketrans({"ł": "l", "þ": "th", "ð": "d", "ø": "o"})
"""Letters that Unicode does not take apart."""


@dataclass(frozen=True)
class Regular:
    """A client and their ways."""

    client: Client
    weight: float
    """How often they come, beside the others."""
    pays: str
    """What they usually pay with."""
    saves: bool
    """Keeps account credit here and fills it up."""
    barbered: bool
    """Goes to the barber."""


@dataclass(frozen=True)
class Clientele:
    """Everybody. The cast by first name; the others by the location that they go to."""

    cast: dict[str, Client]
    regulars: dict[int, list[Regular]]


def make_clients(rng: Random, shops: list[Shop], count: int) -> Clientele:
    """Write `count` clients, the cast among them, and spread them over the locations."""
    cast = [
        Client(
            first_name=first,
            last_name=last,
            phone=phone,
            email=f"{first.lower()}@example.com",
            location=shops[0].location,
        )
        for first, last, phone in (CLARA, BEN, INES)
    ]
    names = _names(rng, count - len(cast))
    others = _people(rng, shops, names)
    _write(rng, [*cast, *others])
    regulars: dict[int, list[Regular]] = {shop.location.pk: [] for shop in shops}
    for client, (_, _, barbered) in zip(others, names, strict=True):
        known = _ways(rng, client, barbered)
        for location_id, here in regulars.items():
            # Some go to both locations: their balance is one.
            if location_id == client.location_id or rng.random() < 0.07:
                here.append(known)
    return Clientele({client.first_name: client for client in cast}, regulars)


def _names(rng: Random, count: int) -> list[tuple[str, str, bool]]:
    names = dict.fromkeys(SPECIAL[: max(count // 4, 1)])
    while len(names) < count:
        barbered = rng.random() < 0.33
        names[rng.choice(MEN if barbered else WOMEN), rng.choice(LAST), barbered] = None
    shuffled = list(names)
    rng.shuffle(shuffled)
    return shuffled


def _people(rng: Random, shops: list[Shop], names: list[tuple[str, str, bool]]) -> list[Client]:
    taken = {CLARA[2], BEN[2], INES[2]}
    return [
        Client(
            first_name=first,
            last_name=last,
            phone=_phone(rng, taken) if rng.random() < 0.93 else "",
            email=_email(first, last, number) if rng.random() < 0.8 else "",
            note=rng.choice(NOTES) if rng.random() < 0.12 else "",
            location=rng.choice(shops).location,
        )
        for number, (first, last, _) in enumerate(names)
    ]


def _phone(rng: Random, taken: set[str]) -> str:
    """A number of the range that is kept free for stories."""
    while (phone := f"+1{rng.choice(AREAS)}55501{rng.randrange(100):02}") in taken:
        pass
    taken.add(phone)
    return phone


def _email(first: str, last: str, number: int) -> str:
    name = f"{first} {last}".strip().lower().translate(PLAIN)
    plain = unicodedata.normalize("NFKD", name)
    ascii_only = plain.encode("ascii", "ignore").decode()
    return f"{'.'.join(ascii_only.split()).replace('..', '.')}{number}@example.com"


def _write(rng: Random, people: list[Client]) -> None:
    """All at once; then when each of them came for the first time, which creating sets to now."""
    Client.objects.bulk_create(people)
    for client in people:
        client.created_at = clock.now() - dt.timedelta(days=int(rng.triangular(20, 1500, 140)))
    Client.objects.bulk_update(people, ["created_at"])


def _ways(rng: Random, client: Client, barbered: bool) -> Regular:
    return Regular(
        client,
        weight=0.0 if rng.random() < 0.08 else min(rng.paretovariate(1.6), 5.0),
        pays=rng.choices(["card", "cash", "check"], [78, 20, 2])[0],
        saves=rng.random() < 0.24,
        barbered=barbered,
    )

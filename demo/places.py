"""Where the demo salon is, and who works there."""

from dataclasses import dataclass, field
from typing import cast

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db.models import QuerySet

from demo.catalog import Catalog
from salon.models import (
    BusinessSettings,
    Location,
    MerchantAccount,
    Role,
    Service,
    ServiceOverride,
    StaffMember,
    Till,
)
from salon.money import money

PASSWORD = "scissors and combs"  # nosec B105 - printed for everybody to use
"""Of every login of the demo."""

PINS = {"Jo": "4711", "Olivia": "8520", "Hana": "6294", "Marcus": "3816"}
"""Of those who share the tablets at the desk."""

BUSINESS = "Juniper & Co."
PLACES = {
    "Midtown": ("midtown", "12 West 38th Street, New York, NY 10018", "(212) 555-0100"),
    "Riverside": ("riverside", "2310 Broadway, New York, NY 10024", "(212) 555-0198"),
}
TILLS = {"Midtown": ["Front desk", "Color bar"], "Riverside": ["Front desk"]}

CUTS = ("Cut & finish", "Short cut", "Dry cut for curls", "Kids’ cut, under 12", "Fringe trim")
STYLES = ("Blowout", "Updo", "Silk press", "Olaplex treatment", "Scalp facial", "Gloss")
COLORS = (
    "Root touch-up", "Single-process color", "Half highlights", "Full highlights", "Balayage",
    "Gloss", "Olaplex treatment", "Keratin smoothing", "Blowout",
)  # fmt: skip
BARBER = ("Men’s cut", "Skin fade", "Beard trim", "Hot-towel shave")
BEAUTY = (
    "Brow shaping", "Brow lamination", "Lash lift & tint", "Express facial", "Signature facial",
    "Manicure", "Gel manicure", "Pedicure", "Hand & foot ritual",
)  # fmt: skip


@dataclass(frozen=True)
class Person:
    """One of the staff: where, with which role (none: no login), and what they give."""

    name: str
    last_name: str
    place: str
    role: str | None = None
    gives: tuple[str, ...] = ()


STAFF = [
    Person("Maya", "Lindqvist", "Midtown", gives=(*CUTS, *STYLES)),
    Person("Theo", "Marchetti", "Midtown", gives=(*BARBER, "Short cut", "Cut & finish")),
    Person("Priya", "Raman", "Midtown", gives=(*COLORS, *BEAUTY[:3])),
    Person("Jo", "Whitaker", "Midtown", "Front desk"),
    Person("Olivia", "Castellanos", "Midtown", "Owner"),
    Person("Marcus", "Bell", "Riverside", "Manager", (*BARBER, *CUTS, "Blowout")),
    Person("Hana", "Kobayashi", "Riverside", "Front desk", BEAUTY),
    Person("Luca", "Ferreira", "Riverside", gives=(*CUTS, *STYLES, *COLORS[:4])),
]
MANAGER_LIMIT = money(10_000)
"""A manager's one adjustment of a balance; the owner has no limit."""


@dataclass
class Shop:
    """One location, and who does what in it."""

    location: Location
    till: Till
    desk_staff: list[StaffMember] = field(default_factory=list)
    """Who rings up there."""
    providers: dict[StaffMember, list[Service]] = field(default_factory=dict)
    """Who gives which services there."""
    chief: StaffMember = field(default_factory=StaffMember)
    """Who refunds and voids there."""
    pace: float = 1.0
    """How full its days get, beside the other's."""


def make_places(catalog: Catalog) -> tuple[dict[str, Shop], dict[str, StaffMember]]:
    """Write both locations and all eight of the staff; answers with the shops and the people."""
    BusinessSettings.objects.filter(pk=1).update(
        negative_balances=True,
        name=BUSINESS,
        receipt_note="Thank you. Unopened products can be returned within 14 days.",
    )
    MerchantAccount.objects.update_or_create(is_house=True, defaults={"name": BUSINESS})
    shops = {name: _make_shop(name) for name in PLACES}
    people = _make_staff(shops)
    _assign(catalog, shops, people)
    shops["Midtown"].desk_staff = [people["Jo"], people["Jo"], people["Jo"], people["Olivia"]]
    shops["Midtown"].chief = people["Olivia"]
    shops["Riverside"].desk_staff = [people["Hana"], people["Hana"], people["Marcus"]]
    shops["Riverside"].chief = people["Marcus"]
    shops["Riverside"].pace = 0.7  # What is given there is shorter: it would be more visits.
    return shops, people


def _make_shop(name: str) -> Shop:
    slug, address, phone = PLACES[name]
    location = Location.objects.create(
        name=name, slug=slug, address=address, phone=phone, time_zone=settings.TIME_ZONE
    )
    tills = [Till.objects.create(location=location, name=till) for till in TILLS[name]]
    return Shop(location, tills[0])


def _make_staff(shops: dict[str, Shop]) -> dict[str, StaffMember]:
    own_account = MerchantAccount.objects.create(name="Theo Marchetti")
    # Roles are groups, and a group's manager is typed as one of groups.
    known = cast("QuerySet[Role]", Role.objects.all())
    roles = {role.name: role for role in known}
    manager = roles["Manager"]
    manager.adjustment_limit = MANAGER_LIMIT
    manager.save()
    password = make_password(PASSWORD)  # Slow on purpose: once is enough.
    staff = [
        StaffMember(
            username=person.name.lower(),
            name=person.name,
            first_name=person.name,
            last_name=person.last_name,
            email=f"{person.name.lower()}@example.com",
            password=password if person.role else make_password(None),
            pin=make_password(PINS[person.name]) if person.name in PINS else "",
            role=roles[person.role] if person.role else None,
            location=shops[person.place].location,
            is_provider=bool(person.gives),
            is_staff=person.role in ("Manager", "Owner"),
            is_superuser=person.role == "Owner",
            merchant_account=own_account if person.name == "Theo" else None,
        )
        for person in STAFF
    ]
    return {made.name: made for made in StaffMember.objects.bulk_create(staff)}


def _assign(catalog: Catalog, shops: dict[str, Shop], people: dict[str, StaffMember]) -> None:
    links = []
    for person in STAFF:
        services = [catalog.services[title] for title in person.gives]
        if services:
            shops[person.place].providers[people[person.name]] = services
        links += [
            Service.staff.through(service=service, staffmember=people[person.name])
            for service in services
        ]
    Service.staff.through.objects.bulk_create(links)
    _customize(catalog, shops, people)


def _customize(catalog: Catalog, shops: dict[str, Shop], people: dict[str, StaffMember]) -> None:
    """Whoever wants Maya for the evening pays more; a shave costs less across town."""
    updo, shave = catalog.services["Updo"], catalog.services["Hot-towel shave"]
    riverside = shops["Riverside"].location
    ServiceOverride.objects.create(service=updo, staff=people["Maya"], price=money(12_500))
    ServiceOverride.objects.create(service=shave, location=riverside, price=money(4400))

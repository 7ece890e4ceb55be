"""The cast of all tests, and the shop that they work in. Every make_* function writes rows.

    Clara Nuñez   client, has credit            Maya     stylist
    Ben Okafor    client, has none              Theo     stylist with a merchant account of his own
    Ines Duarte   client, pays for friends      Jo       front desk
                                                Marcus   manager
                                                Olivia   owner

People of the cast get their own particulars by name alone: make_client("Clara Nuñez"),
make_staff("Jo"). Places, roles, staff and the catalog are found again by name when they exist, so
that each test says only what it needs; clients, visits and credit are new with each call.
"""

import datetime as dt
import uuid
from decimal import Decimal

import factory
from django.contrib.auth.hashers import make_password
from django.test import Client as Browser
from django.utils.text import slugify
from djmoney.money import Money

from appointments.models import Appointment, AppointmentService, TimeOff, WorkingHours
from clients.models import Client
from ledger import accounts
from ledger.kinds import EntryKind, Source
from ledger.legs import Move, Open, Terms
from ledger.models import Lot
from ledger.posting import post
from salon import clock
from salon.desk import Desk
from salon.models import (
    Location,
    MerchantAccount,
    Product,
    Role,
    Service,
    ServiceCategory,
    StaffMember,
    TaxRate,
    Till,
)
from salon.money import minor, money

PASSWORD = "scissors and combs"

CLIENTS = {
    "Clara Nuñez": {"phone": "+12125550142", "email": "clara@example.com"},
    "Ben Okafor": {"phone": "+12125550107", "email": "ben@example.com"},
    "Ines Duarte": {"phone": "+12125550161", "email": "ines@example.com"},
}
STAFF = {
    "Maya": {"is_provider": True},
    "Theo": {"is_provider": True},
    "Jo": {"role": "Front desk"},
    "Marcus": {"role": "Manager", "is_staff": True},
    "Olivia": {"role": "Owner", "is_staff": True, "is_superuser": True},
}


def dollars(amount: str | int | Decimal) -> Money:
    """dollars("40.00"), dollars(40)."""
    return Money(Decimal(amount), "USD")


# --- Places -----------------------------------------------------------------------------------


class LocationFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Location
        django_get_or_create = ("slug",)

    name = "Midtown"
    slug = factory.LazyAttribute(lambda location: slugify(location.name))
    time_zone = "America/New_York"
    address = "12 West 38th Street, New York"
    phone = "(212) 555-0100"


class TillFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Till
        django_get_or_create = ("location", "name")

    location = factory.SubFactory(LocationFactory)
    name = "Front"


class MerchantAccountFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = MerchantAccount
        django_get_or_create = ("name",)

    name = "Theo"


def make_location(name: str = "Midtown", **fields) -> Location:
    """A shop with one till, "Front"."""
    location = LocationFactory(name=name, **fields)
    make_till(location=location)
    return location


def make_till(name: str = "Front", **fields) -> Till:
    return TillFactory(name=name, **fields)


def make_merchant_account(name: str = "Theo", **fields) -> MerchantAccount:
    return MerchantAccountFactory(name=name, **fields)


# --- Who works there --------------------------------------------------------------------------


class StaffFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = StaffMember
        django_get_or_create = ("username",)

    name = "Jo"
    first_name = factory.SelfAttribute("name")
    username = factory.LazyAttribute(lambda staff: slugify(staff.name))
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
    location = factory.LazyFunction(make_location)


def make_role(name: str = "Front desk", **fields) -> Role:
    """One of the three roles of a new installation, or another one; `fields` are set on it."""
    role, _ = Role.objects.get_or_create(name=name)
    for field, value in fields.items():
        setattr(role, field, value)
    role.save()
    return role


def make_staff(name: str = "Jo", role: Role | str | None = None, **fields) -> StaffMember:
    """Someone who works here; logs in as the name in small letters with PASSWORD."""
    particulars = {**STAFF.get(name, {}), **fields}
    role = role or particulars.pop("role", None)
    particulars.pop("role", None)
    if isinstance(role, str):
        role = make_role(role)
    if name == "Theo":
        particulars.setdefault("merchant_account", make_merchant_account())
    return StaffFactory(name=name, role=role, **particulars)


def make_desk(
    staff: StaffMember | str | None = "Jo",
    location: Location | None = None,
    at: dt.datetime | None = None,
) -> Desk:
    """Where an act happens: Jo at Midtown's front till, now, unless said otherwise."""
    location = location or make_location()
    if isinstance(staff, str):
        staff = make_staff(staff, location=location)
    return Desk(
        staff=staff,
        location=location,
        till=location.tills.order_by("id").first(),
        at=at or clock.now(),
    )


def make_browser(staff: StaffMember | str = "Jo", location: Location | None = None) -> Browser:
    """Django's test client, logged in at a location: Jo at Midtown, unless said otherwise."""
    location = location or make_location()
    if isinstance(staff, str):
        staff = make_staff(staff, location=location)
    browser = Browser()
    browser.force_login(staff, backend="salon.auth.RoleBackend")
    session = browser.session
    session["location"] = location.pk
    session.save()
    return browser


# --- What is sold -----------------------------------------------------------------------------


class ServiceCategoryFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = ServiceCategory
        django_get_or_create = ("name",)

    name = "Hair"


class TaxRateFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = TaxRate
        django_get_or_create = ("name", "percent")

    name = "Sales tax"
    percent = Decimal("8.875")


class ServiceFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Service
        django_get_or_create = ("name", "price", "tax_rate")

    name = "Cut & finish"
    category = factory.SubFactory(ServiceCategoryFactory)
    price = factory.LazyFunction(lambda: dollars(85))
    minutes = 60
    tax_rate = None


class ProductFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Product
        django_get_or_create = ("name", "price", "tax_rate")

    name = "No. 3 Hair Perfector"
    brand = "Olaplex"
    price = factory.LazyFunction(lambda: dollars(30))
    tax_rate = None


def make_category(name: str = "Hair", **fields) -> ServiceCategory:
    return ServiceCategoryFactory(name=name, **fields)


def make_tax_rate(percent: str | Decimal = "8.875", **fields) -> TaxRate:
    return TaxRateFactory(percent=Decimal(percent), **fields)


def make_split_tax(*percents: str, name: str = "Sales tax", **fields) -> TaxRate:
    """A rate of several parts, each owed by itself: State 4.375 % and City 4.5 % by default."""
    percents = percents or ("4.375", "4.5")
    names = ("State", "City", "Transit")[: len(percents)]
    parts = [
        make_tax_rate(percent, name=part, **fields)
        for percent, part in zip(percents, names, strict=True)
    ]
    whole = make_tax_rate(sum(part.percent for part in parts), name=name, **fields)
    whole.parts.set(parts)
    return whole


def make_service(name: str = "Cut & finish", price: str | int = 85, **fields) -> Service:
    """A service without tax, unless a tax_rate is given."""
    return ServiceFactory(name=name, price=dollars(price), **fields)


def make_product(name: str = "No. 3 Hair Perfector", price: str | int = 30, **fields) -> Product:
    """A product without tax, unless a tax_rate is given."""
    return ProductFactory(name=name, price=dollars(price), **fields)


# --- Who comes --------------------------------------------------------------------------------


class ClientFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Client

    first_name = "Clara"
    last_name = ""


def make_client(name: str = "Clara Nuñez", **fields) -> Client:
    """A new client; the last word of the name is the last name."""
    first, _, last = name.rpartition(" ")
    return ClientFactory(
        first_name=first or last, last_name=last if first else "", **CLIENTS.get(name, {}) | fields
    )


def make_appointment(
    client: Client | None = None,
    service: Service | None = None,
    staff: StaffMember | None = None,
    starts_at: dt.datetime | None = None,
    location: Location | None = None,
    **fields,
) -> Appointment:
    """A visit with one service of Maya's, in an hour unless said otherwise."""
    location = location or make_location()
    service = service or make_service()
    starts_at = starts_at or clock.now() + dt.timedelta(hours=1)
    visit = Appointment.objects.create(
        client=client or make_client(), location=location, starts_at=starts_at, **fields
    )
    AppointmentService.objects.create(
        appointment=visit,
        service=service,
        staff=staff or make_staff("Maya", location=location),
        starts_at=starts_at,
        ends_at=starts_at + dt.timedelta(minutes=service.minutes),
        busy_from=starts_at - dt.timedelta(minutes=service.buffer_before),
        busy_until=starts_at + dt.timedelta(minutes=service.minutes + service.buffer_after),
    )
    return visit


def make_hours(
    staff: StaffMember | None = None,
    *weekdays: int,
    location: Location | None = None,
    starts: dt.time = dt.time(9),
    ends: dt.time = dt.time(19),
) -> list[WorkingHours]:
    """Nine to seven on these days of the week (0 is Monday), every day unless said otherwise.

    Of a location, when it is open; with staff, their own hours there.
    """
    location = location or make_location()
    return [
        WorkingHours.objects.create(
            location=location, staff=staff, weekday=weekday, starts=starts, ends=ends
        )
        for weekday in weekdays or range(7)
    ]


def make_time_off(
    staff: StaffMember, starts_at: dt.datetime, ends_at: dt.datetime, reason: str = ""
) -> TimeOff:
    return TimeOff.objects.create(staff=staff, starts_at=starts_at, ends_at=ends_at, reason=reason)


def make_credit(
    client: Client,
    amount: str | int | Money = 40,
    *,
    source: str = Source.PURCHASE,
    desk: Desk | None = None,
    **terms,
) -> Lot:
    """Give a client a lot from nowhere (opening balances): paid, free and unrestricted by default.

    `terms` are those of ledger.legs.Terms: expires_on, visit (an id), restriction, is_paid …
    """
    cents = minor(amount if isinstance(amount, Money) else dollars(amount))
    terms.setdefault("is_paid", source != Source.GOODWILL)
    posted = post(
        key=f"test:{uuid.uuid4()}",
        kind=EntryKind.OPENING,
        legs=[
            Open(accounts.credit_of(client), cents, Terms(source=source, **terms)),
            Move(accounts.OPENING, cents),
        ],
        desk=desk or make_desk(),
    )
    return Lot.objects.get(pk=posted.opened[0])


def make_debt(client: Client, amount: str | int = 12, *, desk: Desk | None = None) -> None:
    """Let a client owe the salon so much (opening balances)."""
    cents = minor(dollars(amount))
    post(
        key=f"test:{uuid.uuid4()}",
        kind=EntryKind.OPENING,
        legs=[Move(accounts.owed_by(client), cents), Move(accounts.OPENING, -cents)],
        desk=desk or make_desk(),
    )


__all__ = [name for name in globals() if name.startswith("make_")] + [
    "PASSWORD",
    "dollars",
    "money",
]

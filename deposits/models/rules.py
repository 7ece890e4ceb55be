"""How much deposit is asked of whom: the rules, from the most particular to the most general."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from djmoney.models.fields import MoneyField
from djmoney.models.validators import MinMoneyValidator

from clients.models import Client
from salon.models import Location, Service, StaffMember
from salon.models.archiving import Archivable
from salon.models.percent_or_amount import PercentOrAmount


class DepositTerms(PercentOrAmount):
    """How much: a percentage of the services' value, so much for each service, all, or none."""

    class Kind(models.TextChoices):
        NONE = "none", "No deposit"
        PERCENT = "percent", "Percent of the total service value"
        AMOUNT = "amount", "Fixed amount for each service"
        FULL = "full", "Full payment"

    kind = models.CharField("Deposit", max_length=8, choices=Kind.choices, default=Kind.PERCENT)

    class Meta:
        abstract = True


def _says_how_much(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(kind__in=("none", "full"))
        | Q(kind="percent", percent__gt=0)
        | Q(kind="amount", amount__gt=0),
        name=name,
    )


class ServiceDeposit(DepositTerms):
    """Custom Deposit for Online Booking: of one service, at one location or with one person."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="deposits")
    location = models.ForeignKey(
        Location, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    class Meta:
        ordering = ["service", "location", "staff"]
        default_permissions = ()
        constraints = [
            _says_how_much("deposits_of_service_says_how_much"),
            models.CheckConstraint(
                condition=Q(location__isnull=True) | Q(staff__isnull=True),
                name="deposits_of_one_holder",
            ),
            models.UniqueConstraint(
                fields=["service", "location", "staff"],
                name="deposits_once_each",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.staff or self.location or 'everywhere'}"


class DepositRule(DepositTerms, Archivable):
    """A general rule: for everybody, for new clients, for clients with earlier no-shows."""

    class Who(models.TextChoices):
        EVERYBODY = "everybody", "Everybody"
        NEW = "new", "New clients"
        NO_SHOWS = "no_shows", "Clients with earlier no-shows"

    who = models.CharField("For", max_length=10, choices=Who.choices, default=Who.EVERYBODY)
    location = models.ForeignKey(
        Location,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: everywhere.",
    )
    minimum_value = MoneyField(
        "Only for bookings of at least",
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinMoneyValidator(0)],
    )
    no_shows = models.PositiveSmallIntegerField(
        "From so many earlier no-shows on", default=1, validators=[MinValueValidator(1)]
    )

    class Meta:
        ordering = ["who", F("location").asc(nulls_last=True), "-minimum_value", "id"]
        verbose_name = "deposit rule"
        constraints = [_says_how_much("deposits_rule_says_how_much")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {self.get_who_display().lower()}"


class ClientDeposit(DepositTerms):
    """An exception for one client. Goes before every rule."""

    client = models.OneToOneField(
        Client, on_delete=models.PROTECT, related_name="deposit_exception"
    )
    note = models.CharField(max_length=240, blank=True)
    set_by = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = "deposit exception"
        default_permissions = ()
        constraints = [_says_how_much("deposits_exception_says_how_much")]

    def __str__(self) -> str:
        return f"{self.client}: {self.get_kind_display().lower()}"

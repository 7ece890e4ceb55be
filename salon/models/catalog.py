"""What the salon sells, and the tax on it."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.models.validators import MinMoneyValidator

from salon.models.archiving import Archivable
from salon.models.people import StaffMember


class TaxRate(Archivable):
    name = models.CharField(max_length=60)
    percent = models.DecimalField(
        max_digits=6,
        decimal_places=3,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
        help_text="Of a rate with parts: their sum.",
    )
    is_included = models.BooleanField(
        "Included in prices",
        default=False,
        help_text="Prices already contain it; otherwise it is added at checkout.",
    )
    parts = models.ManyToManyField(
        "self",
        symmetrical=False,
        blank=True,
        related_name="part_of",
        help_text="For a tax that goes to several places, as State 4 % and City 4.5 %: each is "
        "rounded, shown and owed by itself.",
    )

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return f"{self.name} {self.percent.normalize():f} %"


class ServiceCategory(models.Model):
    name = models.CharField(max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position", "name"]
        verbose_name_plural = "service categories"

    def __str__(self) -> str:
        return self.name


class Service(Archivable):
    name = models.CharField(max_length=120)
    category = models.ForeignKey(ServiceCategory, on_delete=models.PROTECT, related_name="services")
    price = MoneyField(max_digits=12, decimal_places=2, validators=[MinMoneyValidator(0)])
    minutes = models.PositiveSmallIntegerField(default=60)
    buffer_before = models.PositiveSmallIntegerField(
        "Minutes kept free before", default=0, validators=[MaxValueValidator(240)]
    )
    buffer_after = models.PositiveSmallIntegerField(
        "Minutes kept free after", default=0, validators=[MaxValueValidator(240)]
    )
    books_online = models.BooleanField("Clients may book it online", default=True)
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, blank=True)
    staff = models.ManyToManyField(StaffMember, blank=True, related_name="services")

    class Meta:
        ordering = ["category", "name"]

    def __str__(self) -> str:
        return self.name


class ServiceOverride(models.Model):
    """What one location or one staff member does differently for a service: "Customize"."""

    service = models.ForeignKey(Service, on_delete=models.CASCADE, related_name="overrides")
    location = models.ForeignKey(
        "salon.Location", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    staff = models.ForeignKey(
        StaffMember, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    price = MoneyField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        default=None,
        validators=[MinMoneyValidator(0)],
    )
    minutes = models.PositiveSmallIntegerField(null=True, blank=True)

    class Meta:
        ordering = ["service", "location", "staff"]
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(
                fields=["service", "location", "staff"],
                nulls_distinct=False,
                name="salon_one_override_for_each",
            ),
            # Either a location's or a person's: whose wins is never a riddle.
            models.CheckConstraint(
                condition=models.Q(location__isnull=False, staff__isnull=True)
                | models.Q(location__isnull=True, staff__isnull=False),
                name="salon_override_of_one",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service} · {self.staff or self.location}"


class Product(Archivable):
    name = models.CharField(max_length=120)
    brand = models.CharField(max_length=80, blank=True)
    sku = models.CharField("SKU", max_length=40, blank=True, db_index=True)
    price = MoneyField(max_digits=12, decimal_places=2, validators=[MinMoneyValidator(0)])
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, blank=True)

    class Meta:
        ordering = ["brand", "name"]

    def __str__(self) -> str:
        return f"{self.brand} {self.name}".strip()

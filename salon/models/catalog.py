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
    tax_rate = models.ForeignKey(TaxRate, on_delete=models.PROTECT, null=True, blank=True)
    staff = models.ManyToManyField(StaffMember, blank=True, related_name="services")

    class Meta:
        ordering = ["category", "name"]

    def __str__(self) -> str:
        return self.name


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

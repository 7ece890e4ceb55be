"""A percentage or an amount, where an owner chooses which."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from djmoney.models.fields import MoneyField
from djmoney.models.validators import MinMoneyValidator


class PercentOrAmount(models.Model):
    """Adds `percent` and `amount`, both empty; the model says by a constraint which it has."""

    percent = models.DecimalField(
        max_digits=5,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )
    amount = MoneyField(
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        default=None,
        validators=[MinMoneyValidator(0)],
    )

    class Meta:
        abstract = True

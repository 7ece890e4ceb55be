"""What is charged and what it adds: a plan offers it, an enrolment and a membership keep it."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from djmoney.models.fields import MoneyField
from djmoney.models.validators import MinMoneyValidator

from ledger.kinds import Restriction
from salon.models import Location, Service, TaxRate
from salon.models.archiving import Archivable
from salon.money import money


class Every(models.TextChoices):
    WEEK = "week", "week"
    MONTH = "month", "month"
    QUARTER = "quarter", "quarter"
    YEAR = "year", "year"


class Terms(models.Model):
    """What one billing period costs and adds; copied from a plan to who agrees to it."""

    every = models.CharField("Charged every", max_length=7, choices=Every.choices, default="month")
    price = MoneyField(
        max_digits=12,
        decimal_places=2,
        validators=[MinMoneyValidator(money(1).amount)],
        help_text="Each period, without tax that is added.",
    )
    adds = MoneyField(
        "Added to the account balance",
        max_digits=12,
        decimal_places=2,
        validators=[MinMoneyValidator(0)],
        help_text="Each period. What is above the price is a bonus, at the salon’s expense; what "
        "the price is above this is income at once.",
    )
    tax_rate = models.ForeignKey(
        TaxRate,
        verbose_name="Tax on the price",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Empty: none.",
    )
    buys = models.CharField(
        "The money may buy",
        max_length=8,
        choices=[
            (Restriction.ANY.value, "services and products"),
            (Restriction.SERVICES.value, "services only"),
            (Restriction.PRODUCTS.value, "products only"),
        ],
        default=Restriction.ANY,
    )
    lasts_days = models.PositiveSmallIntegerField(
        "Added money can be spent for so many days",
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text="Empty: it does not expire.",
    )
    stays = models.BooleanField(
        "Added money stays when the membership ends",
        default=True,
        help_text="Off: what is not spent by then is lost.",
    )

    class Meta:
        abstract = True


class Plan(Archivable, Terms):
    """A membership that is sold. Changing it changes nobody's membership but those sold later."""

    name = models.CharField(max_length=80, unique=True)
    slug = models.SlugField("Name in addresses", max_length=80, unique=True)
    description = models.TextField(max_length=2000, blank=True, help_text="For clients.")
    position = models.PositiveSmallIntegerField(default=0, help_text="Among the plans.")
    joining_fee = MoneyField(
        max_digits=12,
        decimal_places=2,
        default=0,
        validators=[MinMoneyValidator(0)],
        help_text="Once, on the day of enrolling; taxed as the price is.",
    )
    trial_days = models.PositiveSmallIntegerField(
        "Trial days", default=0, help_text="So many days before the first charge; nothing is added."
    )
    minimum_periods = models.PositiveSmallIntegerField(
        "Minimum term", default=0, help_text="So many paid periods before it may be canceled."
    )
    billing_day = models.PositiveSmallIntegerField(
        "Charged on this day of the month",
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(31)],
        help_text="Empty: on the day of enrolling. The time until that day is charged in "
        "proportion. In a shorter month, its last day.",
    )
    sold_online = models.BooleanField("Clients may enrol online", default=False)
    locations = models.ManyToManyField(
        Location, blank=True, related_name="+", help_text="Where it is sold. None: everywhere."
    )
    services = models.ManyToManyField(
        Service,
        blank=True,
        related_name="+",
        help_text="Services that belong to it. Members pay the booking deposit for them, too, "
        "unless the settings of booking and deposits say otherwise.",
    )

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(condition=Q(price__gt=0), name="memberships_plan_has_a_price"),
            models.CheckConstraint(
                condition=Q(adds__gte=0, joining_fee__gte=0), name="memberships_plan_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(billing_day__isnull=True) | ~Q(every="week"),
                name="memberships_weeks_have_no_day_of_month",
            ),
        ]

    def __str__(self) -> str:
        return self.name

"""What the owner switches about memberships."""

from django.core.validators import MaxValueValidator
from django.db import models

DEFAULT_CONSENT = (
    "I allow my card to be charged by itself on each of these dates until the membership ends. I "
    "am told before a charge and get a receipt after it."
)


class Missed(models.TextChoices):
    """Billing periods that nobody charged in time, after an outage."""

    SKIP = "skip", "Skip them"
    ONE = "one", "Charge the latest of them"
    ASK = "ask", "Ask: list them for the desk"


class MembershipSettings(models.Model):
    """One row (id 1). Changing it changes no charge that was made."""

    retry_days = models.CharField(
        "Try a failing card on days",
        max_length=60,
        default="0, 3, 6",
        help_text="Counted from the day of the first try, which is day 0; parted by commas.",
    )
    missed = models.CharField(
        "Periods that were missed",
        max_length=4,
        choices=Missed.choices,
        default=Missed.SKIP,
        help_text="After an outage. The period that is running is charged in any case.",
    )
    notice_days = models.PositiveSmallIntegerField(
        "Tell of a charge so many days before",
        default=3,
        validators=[MaxValueValidator(30)],
        help_text="By e-mail. 0: not.",
    )
    online_enrolment = models.BooleanField(
        "Clients may enrol online",
        default=False,
        help_text="At /join/, for the plans that say so.",
    )
    clients_cancel = models.BooleanField(
        "Clients may cancel by themselves",
        default=True,
        help_text="On their own page, to the end of what is paid, once the minimum term is over.",
    )
    consent = models.TextField(
        "What a member agrees to",
        max_length=2000,
        default=DEFAULT_CONSENT,
        help_text="Under the amounts and dates, which are always shown.",
    )

    class Meta:
        verbose_name = "memberships"
        verbose_name_plural = "memberships"
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="memberships_one_settings_row")
        ]

    def __str__(self) -> str:
        return "Memberships"

    @classmethod
    def current(cls) -> "MembershipSettings":
        """The settings in force. One query; the row is made by the first migration."""
        return cls.objects.get(pk=1)

    @property
    def days(self) -> list[int]:
        """The days on which a card is tried, from 0 on."""
        return [int(part) for part in self.retry_days.split(",")]

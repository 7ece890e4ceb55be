"""Who is a member of the demo salon, and since when."""

import datetime as dt
from dataclasses import dataclass

from demo import plans
from memberships import schedule
from memberships.models import Plan

VISA, MASTERCARD = "4242424242424242", "5555555555554444"
DECLINES_LATER = "4000000000000341"


@dataclass(frozen=True)
class Joins:
    """Somebody who enrols `paid` periods before the charge that is `ahead` days from today."""

    first_name: str
    last_name: str
    phone: str
    plan: str
    card: str
    paid: int
    ahead: int

    def day(self, today: dt.date, plan: Plan) -> dt.date:
        """When they came to enrol."""
        first = schedule.step(today + dt.timedelta(self.ahead), plan.every, -self.paid)
        return first - dt.timedelta(plan.trial_days)


ADA = Joins("Ada", "Lindqvist", "(212) 555-0131", plans.GOLD, VISA, 4, 12)
ROSA = Joins("Rosa", "Delgado", "(212) 555-0126", plans.BLOWOUTS, MASTERCARD, 2, 9)
LEO = Joins("Leo", "Brandt", "(646) 555-0158", plans.SILVER, VISA, 5, 1)
MARTA = Joins("Marta", "Weiss", "(917) 555-0144", plans.COLOR, VISA, 2, 10)
NADIA = Joins("Nadia", "Farouk", "(718) 555-0190", plans.GOLD, DECLINES_LATER, 1, -1)
JUNE = Joins("June", "Carver", "(212) 555-0177", plans.GOLD, MASTERCARD, 2, 17)
HELEN = Joins("Helen", "Voss", "(347) 555-0112", plans.PLATINUM, VISA, 1, 300)
EVERYBODY = [ADA, ROSA, LEO, MARTA, NADIA, JUNE, HELEN]

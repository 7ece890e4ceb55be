"""The tips of a week go with the payroll of the Monday after it; this week's are owed still."""

import datetime as dt

from checkout.tip_payouts.owed import standings
from checkout.tip_payouts.paying import pay_tips
from demo.mondays import Mondays
from demo.places import Shop
from salon.models import TipsPaid


class TipsPaidOut(Mondays):
    AT = 9 * 60 + 20

    def pays(self, at: dt.datetime, shop: Shop) -> None:
        """Everybody, wherever they earned it."""
        owed = {each.person: each.owed for each in standings() if each.owed}
        if owed:
            pay_tips(
                amounts=owed,
                how=TipsPaid.PAYROLL,
                desk=self.counter.desk(at, shop, shop.chief),
                uuid=self.act(),
                reference=f"Payroll of {at:%B} {at.day}",
            )

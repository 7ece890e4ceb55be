"""Providers with an account of their own are paid each Monday for the week before."""

import datetime as dt

from cards.transferring import payable_to
from checkout.providers.paying import BANK, mark_paid
from demo.mondays import Mondays
from demo.places import Shop
from salon.models import MerchantAccount


class SettleUp(Mondays):
    AT = 9 * 60 + 15

    def pays(self, at: dt.datetime, shop: Shop) -> None:
        """All that is payable, by the bank."""
        for account in MerchantAccount.objects.filter(is_house=False):
            payable = payable_to(account)
            if payable.amount > 0:
                mark_paid(
                    account=account,
                    amount=payable,
                    how=BANK,
                    desk=self.counter.desk(at, shop, shop.chief),
                    uuid=self.act(),
                    note="The week before",
                )

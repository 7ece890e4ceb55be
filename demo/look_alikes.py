"""One person, entered twice: Ines called from another phone, and somebody added her again."""

import datetime as dt
import uuid

from checkout.closing import close_order
from checkout.lines import add_account_credits
from checkout.opening import open_order
from checkout.tendering import take_tender
from clients.models import Client
from demo.book import moment
from demo.diary import Diary
from demo.places import Shop
from ledger.adjusting import adjust_balance
from ledger.kinds import AdjustReason
from salon.desk import Desk
from salon.models import StaffMember
from salon.money import money

NOTE = "Sensitive to nickel: no metal clips."
_KEYS = uuid.UUID("0d5f7a6e-6f0b-4a57-9d0c-2f6b6a1f9f11")


class LookAlikes:
    """Ines Duarte's double, with credit of her own, ready to be merged."""

    def __init__(self, shop: Shop, diary: Diary, today: dt.date) -> None:
        self.shop = shop
        self.diary = diary
        self.today = today

    def plan(self, ines: Client) -> None:
        """Enter her again, and note what she bought under that name in the diary."""
        double = Client.objects.create(
            first_name="Inês",
            last_name="Duarte Lima",
            phone=ines.phone,
            email="ines.lima@example.com",
            note=NOTE,
            location=self.shop.location,
        )
        Client.objects.filter(pk=double.pk).update(created_at=self._moment(26, 11))
        self.diary.note(self._moment(26, 11), self.buys_credit, double)
        self.diary.note(self._moment(12, 16), self.gets_a_gift, double)

    def buys_credit(self, at: dt.datetime, client: Client) -> None:
        """$40.00, in cash."""
        desk = self._desk(at, self.shop.desk_staff[0])
        order = open_order(desk=desk, client=client, uuid=uuid.uuid5(_KEYS, "order"))
        add_account_credits(order=order, beneficiary=client, amount=money(4000), desk=desk)
        take_tender(
            order=order, kind="cash", amount=money(4000), desk=desk, uuid=uuid.uuid5(_KEYS, "cash")
        )
        close_order(order=order, desk=desk)

    def gets_a_gift(self, at: dt.datetime, client: Client) -> None:
        """$10.00 for bringing a friend."""
        adjust_balance(
            client=client,
            amount=money(1000),
            reason=AdjustReason.REWARD,
            note="Brought a friend",
            desk=self._desk(at, self.shop.chief),
            key=uuid.uuid5(_KEYS, "gift"),
        )

    def _desk(self, at: dt.datetime, staff: StaffMember) -> Desk:
        return Desk(staff, self.shop.location, self.shop.till, at)

    def _moment(self, days_ago: int, hour: int) -> dt.datetime:
        return moment(self.shop, self.today - dt.timedelta(days=days_ago), hour * 60 + 25)

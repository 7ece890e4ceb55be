"""How the payments of an order read: each as a row, and the cash to hand back for all."""

from collections.abc import Iterable
from dataclasses import dataclass

from djmoney.money import Money

from checkout import words
from checkout.funds import Fund
from checkout.models import Tender
from ledger.lot_words import source_words
from salon import said
from salon.money import money


@dataclass(frozen=True)
class ShownTender:
    """A payment as its row reads."""

    tender: Tender
    funds: list[Fund]

    @property
    def name(self) -> str:
        return "Deposit applied" if self.is_deposit else words.payment(self.tender)

    @property
    def is_deposit(self) -> bool:
        """All of it was held for the order's own visit."""
        visit = self.tender.order.appointment_id
        lots = [fund.lot for fund in self.funds]
        return bool(visit and lots) and all(lot and lot.appointment_id == visit for lot in lots)

    @property
    def amount(self) -> Money:
        return self.tender.standing

    @property
    def note(self) -> str:
        """How it was paid: the cash given, the reference, the lots drawn."""
        tender = self.tender
        notes = []
        if tender.taken_back:
            notes.append(f"{said.amount(tender.taken_back)} of it taken back")
        if tender.cash_given and tender.change_due:
            notes.append(
                f"{said.amount(tender.cash_given)} given, {said.amount(tender.change_due)} back"
            )
        if words.reference(tender) and not self.is_deposit:
            notes.append(words.reference(tender))
        sources = [
            source_words(fund.lot) for fund in self.funds if fund.lot and not tender.account_id
        ]
        if sources and not self.is_deposit:
            notes.append(", then ".join(dict.fromkeys(sources)).capitalize())
        if tender.owed_standing:
            notes.append(f"owes {said.amount(tender.owed_standing)}")
        return " · ".join(notes)


def change_due(tenders: Iterable[Tender]) -> Money:
    """The cash to hand back for all payments that stand."""
    return sum((t.change_due for t in tenders if t.standing and t.change_due), money(0))

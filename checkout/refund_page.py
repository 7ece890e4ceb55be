"""The refund page of one sale: what can go back, what was asked for, what would come of it.

A closed sale is refunded by line or by payment; of an open one, payments are taken back.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from djmoney.money import Money

from checkout import refund_outcome, words
from checkout.errors import Refused
from checkout.forms.refunds import LINES, PAYMENT, Pick, RefundForm
from checkout.line_kinds import kind_of
from checkout.models import LineItem, Refund, Tender
from checkout.refund_outcome import Outcome
from checkout.refundable import Refundable
from checkout.refunding import refund_lines, refund_tender
from checkout.sale import Sale
from checkout.sold_credit import SoldCredit, sold_credit
from checkout.spent_on import uses_of
from checkout.taking_back import take_back
from checkout.tender_kinds import BALANCE
from clients.models import Client
from clients.searching import find_clients
from ledger.balances import balance_of
from salon import permissions, said
from salon.desk import Desk
from salon.money import money

FOUND_AT_MOST = 6


@dataclass(frozen=True)
class Row:
    """A pick as the page draws it."""

    pick: Pick
    is_chosen: bool
    typed: str
    errors: list[str]
    sold: SoldCredit | None
    """What became of the credit that this line sold."""


class RefundPage:
    """Two queries for a closed sale, three more when it sold credit."""

    def __init__(self, sale: Sale, desk: Desk) -> None:
        self.sale = sale
        self.desk = desk
        self.is_open = sale.order.is_open
        self.refundable = None if self.is_open else Refundable(sale.order)

    @property
    def permission(self) -> str:
        """What one needs to do this."""
        return permissions.MODIFY_SALES if self.is_open else permissions.REFUND_SALES

    @cached_property
    def picks(self) -> list[Pick]:
        return [*self._payments(), *self._lines()]

    @cached_property
    def left(self) -> Money:
        """All that can still go back."""
        mode = PAYMENT if self.is_open else LINES
        return sum((pick.left for pick in self.picks if pick.mode == mode), money(0))

    @property
    def leaves_tips(self) -> bool:
        """Whether "everything" leaves something out that has to be ticked by name."""
        return any(pick.left and not pick.is_usual for pick in self.picks)

    def form(self, data: Any = None) -> RefundForm:
        return RefundForm(data, **self._shape)

    def draft(self, line: str = "", tender: str = "", everything: bool = False) -> RefundForm:
        """The form before anybody typed: all of what the address names, or all there is of one."""
        of_mode = {
            mode: [str(p.thing.pk) for p in self.picks if p.mode == mode and p.left]
            for mode in (LINES, PAYMENT)
        }
        lines, payments = of_mode[LINES], of_mode[PAYMENT]
        usual = [str(p.thing.pk) for p in self.picks if p.mode == LINES and p.left and p.is_usual]
        if tender in payments:
            return RefundForm.everything(PAYMENT, [tender], **self._shape)
        named = [line] if line in lines else []
        if chosen := usual if everything or (len(usual) == 1 and not named) else named:
            return RefundForm.everything(LINES, chosen, **self._shape)
        if self.is_open and len(payments) == 1:
            return RefundForm.everything(PAYMENT, payments, **self._shape)
        return self.form()

    def outcome(self, form: RefundForm) -> Outcome | None:
        """What the form would do; None, with the reason on the form, when it would be refused."""
        if not form.is_valid() or not form.amounts:
            return None
        try:
            return self._outcome(form)
        except Refused as refusal:
            form.refuse(refusal)
            return None

    def refuse_closed_ways(self, form: RefundForm, outcome: Outcome) -> None:
        """Put on the form what stands against each way back that was asked for and is not open."""
        wishes = form.wishes
        for way in outcome.ways:
            wish = wishes[way.tender.pk]
            if not wish or wish == way.destination:
                continue
            why = next((c.refused for c in way.choices if c.value == wish), "")
            paid = words.payment(way.tender)
            form.add_error(way.name, why or f"What {paid} paid cannot go back that way.")
        if outcome.lacks_client:
            form.add_error("client", "Choose the client whose balance takes the refund.")

    def do(self, form: RefundForm, outcome: Outcome) -> Refund:
        """Do what was agreed. Raises Refused; then nothing went back."""
        common = {
            "desk": self.desk,
            "uuid": form.cleaned_data["uuid"],
            "revision": self.sale.order.revision,
            "client": self.taker(form),
            "reason": form.cleaned_data["reason"],
        }
        if form.cleaned_data["mode"] == LINES:
            return refund_lines(
                order=self.sale.order,
                amounts=form.amounts,
                destinations=outcome.destinations,
                **common,
            )
        ((tender, amount),) = form.amounts.items()
        tender.order = self.sale.order
        act = take_back if self.is_open else refund_tender
        return act(
            tender=tender, amount=amount, destination=outcome.destinations[tender.pk], **common
        )

    def rows(self, form: RefundForm) -> dict[str, list[Row]]:
        """All picks, also those with nothing left. Two queries when the sale sold credit."""
        rows: dict[str, list[Row]] = {LINES: [], PAYMENT: []}
        for pick in self.picks:
            rows[pick.mode].append(_row(pick, form, self.sold.get(pick.thing)))
        return rows

    @cached_property
    def sold(self) -> dict[LineItem | Tender, SoldCredit]:
        """The lines that sold credit, with what became of it."""
        if self.refundable is None:
            return {}
        uses = uses_of(self.refundable.lines.values())
        stories = {
            line: sold_credit(line, self.refundable, uses.get(line.opened_lot_id or 0, []))
            for line in self.sale.lines
        }
        return {line: story for line, story in stories.items() if story}

    def taker(self, form: RefundForm) -> Client | None:
        """Whose balance takes what goes to one: the sale's client, or a walk-in's chosen one."""
        return self.sale.order.client or form.cleaned_data.get("client")

    def balance(self, form: RefundForm, outcome: Outcome) -> tuple[Client, Money, Money] | None:
        """Whose balance takes it, from what, to what; None where none does. One query.

        Credit of theirs that the sale sold, and the refund takes away again, is off it.
        """
        taker = self.taker(form)
        staff = self.desk.staff
        if taker is None or not outcome.to_client or not staff:
            return None
        if not staff.has_perm(permissions.VIEW_BALANCES):
            return None
        before = balance_of(taker, self.desk.business_date).total
        return taker, before, before + outcome.to_client - outcome.taken_from(taker)

    def asks_client(self, outcome: Outcome) -> bool:
        """Whether a walk-in's money goes to a balance, so that somebody has to say whose."""
        to_balance = any(way.destination == BALANCE for way in outcome.ways)
        return self.sale.order.client is None and to_balance

    def found_clients(self, form: RefundForm, outcome: Outcome, query: str) -> list[Client]:
        """Clients to choose from, the chosen one first. None where nobody has to be chosen."""
        if not self.asks_client(outcome):
            return []
        chosen = form.cleaned_data.get("client")
        found = find_clients(query, FOUND_AT_MOST) if query.strip() else []
        return ([chosen] if chosen else []) + [client for client in found if client != chosen]

    @property
    def _shape(self) -> dict[str, Any]:
        return {"picks": self.picks, "tenders": self.sale.tenders}

    def _outcome(self, form: RefundForm) -> Outcome:
        taker = self.taker(form)
        if form.cleaned_data["mode"] == LINES and self.refundable:
            return refund_outcome.of_lines(
                self.sale, self.refundable, form.amounts, form.wishes, taker, self.desk
            )
        ((tender, amount),) = form.amounts.items()
        if self.refundable:
            return refund_outcome.of_payment(
                self.sale, self.refundable, tender, amount, form.wishes, taker, self.desk
            )
        return refund_outcome.of_taking_back(
            self.sale, tender, amount, form.wishes, taker, self.desk
        )

    def _lines(self) -> Iterator[Pick]:
        if self.refundable is None:
            return
        for line in self.sale.lines:
            # A line knows its sale already.
            line.order = self.sale.order
            left = self.refundable.of_line(line)
            usual = not kind_of(line).refunded_by_name_only
            note = _line_note(line)
            yield Pick(line, line.description, note, line.total, left, LINES, is_usual=usual)

    def _payments(self) -> Iterator[Pick]:
        for tender in self.sale.tenders:
            left = self.refundable.of_tender(tender) if self.refundable else tender.standing
            if tender.standing:
                name, note = words.payment(tender), _payment_note(tender)
                if self.refundable and (by_name := self.refundable.by_name_only(tender)):
                    note += f" · {said.amount(by_name)} of it paid tips: refund those under Lines"
                yield Pick(tender, name, note, tender.amount, left, PAYMENT)


def _row(pick: Pick, form: RefundForm, sold: SoldCredit | None) -> Row:
    field = f"chosen_{pick.mode}"
    chosen = form[field].value() if form.is_bound else None
    chosen = [chosen] if isinstance(chosen, str) else chosen or []
    typed = form[pick.field].value() if pick.left and form.is_bound else None
    errors = [str(error) for error in form[pick.field].errors] if pick.left else []
    is_chosen = bool(pick.left) and str(pick.thing.pk) in chosen
    return Row(pick, is_chosen, pick.all if typed is None else str(typed), errors, sold)


def _line_note(line: LineItem) -> str:
    notes = [f"{line.quantity} × {said.amount(line.unit_price)}"] if line.quantity > 1 else []
    kind = kind_of(line)
    notes += [str(line.staff)] if line.staff and not kind.names_staff else []
    notes += ["Goes back only when you tick it"] if kind.refunded_by_name_only else []
    notes += [f"with {said.amount(line.tax)} tax"] if line.tax else []
    return " · ".join(notes)


def _payment_note(tender: Tender) -> str:
    reference = words.reference(tender)
    notes = [reference] if reference else []
    return " · ".join([*notes, said.clock_time(tender.taken_at), words.by(tender.taken_by)])

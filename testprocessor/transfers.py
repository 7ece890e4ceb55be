"""Money handed on to accounts of providers, and taken back."""

from __future__ import annotations

import re

from testprocessor.balance import move, standing
from testprocessor.books import Thing
from testprocessor.calls import Call, listed
from testprocessor.errors import invalid, refused

_ACCOUNT = re.compile(r"acct_[A-Za-z0-9_]+")


def create(call: Call) -> Thing:
    """POST /v1/transfers. Only what the account has can be handed on, or what one charge took."""
    amount, currency = call.number("amount"), call.required("currency").lower()
    destination = call.required("destination")
    if not _ACCOUNT.fullmatch(destination):
        raise invalid(f"No such destination: '{destination}'", "destination", "resource_missing")
    source = call.text("source_transaction")
    there = _left_of(call, source) if source else standing(call.books).get(currency, 0)
    if there < amount:
        raise refused(
            "You have insufficient available funds in your Stripe account.", "balance_insufficient"
        )
    transfer = call.books.add(
        "transfer",
        "tr",
        amount=amount,
        amount_reversed=0,
        currency=currency,
        destination=destination,
        description=call.text("description") or None,
        metadata=call.tree("metadata"),
        reversed=False,
        source_transaction=source or None,
        transfer_group=call.text("transfer_group") or None,
        _reversals=[],
    )
    transfer["balance_transaction"] = move(
        call.books, "transfer", -amount, currency, transfer["id"]
    )
    call.books.save(transfer)
    return transfer


def _left_of(call: Call, source: str) -> int:
    """What of a charge no transfer has taken yet."""
    charge = call.thing("charge", source)
    taken = call.books.of_kind("transfer", source_transaction=source)
    return int(charge["amount"]) - sum(int(transfer["amount"]) for transfer in taken)


def retrieve(call: Call, wanted: str) -> Thing:
    """GET /v1/transfers/:id"""
    return call.thing("transfer", wanted)


def index(call: Call) -> Thing:
    """GET /v1/transfers, the newest first."""
    names = ("transfer_group", "destination")
    wanted = {name: call.text(name) for name in names if call.text(name)}
    found = list(call.books.of_kind("transfer", **wanted))
    return listed(found[::-1], "/v1/transfers")


def reverse(call: Call, wanted: str) -> Thing:
    """POST /v1/transfers/:id/reversals"""
    transfer = call.thing("transfer", wanted)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.number("amount") if call.text("amount") else left
    if amount > left or not left:
        raise refused(
            f"Transfer reversal amount ({amount}) is greater than what is left of the transfer "
            f"({left}).",
            param="amount",
        )
    reversal = call.books.add(
        "transfer_reversal",
        "trr",
        amount=amount,
        currency=transfer["currency"],
        transfer=wanted,
        metadata=call.tree("metadata"),
    )
    reversal["balance_transaction"] = move(
        call.books, "transfer_refund", amount, transfer["currency"], reversal["id"]
    )
    call.books.save(reversal)
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    transfer["_reversals"].append(reversal["id"])
    call.books.save(transfer)
    return reversal


def reversals(call: Call, wanted: str) -> Thing:
    """GET /v1/transfers/:id/reversals, the newest first."""
    found = list(call.books.of_kind("transfer_reversal", transfer=wanted))
    return listed(found[::-1], f"/v1/transfers/{wanted}/reversals")

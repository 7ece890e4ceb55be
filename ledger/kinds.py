"""The ledger's vocabulary: kinds of account, entry, lot source and restriction.

Kinds of account, sources and restrictions stand in sql/posting.sql too, which refuses others; a
test compares the lists.
"""

from django.db import models


class AccountKind(models.TextChoices):
    CLIENT_CREDIT = "client_credit", "Client account credit"
    RECEIVABLE = "receivable", "Owed by clients"
    GIFT_CARD = "gift_card", "Gift cards"
    CASH = "cash", "Cash"
    CARD = "card", "Card clearing"
    BANK = "bank", "Bank account"
    OTHER_TENDER = "other_tender", "Other tenders"
    OPEN_ORDERS = "open_orders", "Open orders"
    INCOME = "income", "Income"
    TAX = "tax", "Tax payable"
    TIPS = "tips", "Tips payable"
    PROVIDER = "provider", "Payable to providers"
    GOODWILL = "goodwill", "Goodwill"
    FORFEITED = "forfeited", "Forfeitures"
    BREAKAGE = "breakage", "Breakage"
    FEES = "fees", "Processor fees"
    OVER_SHORT = "over_short", "Over/short"
    EXPENSE = "expense", "Paid out of a till"
    OPENING = "opening", "Opening balances"


GUARDED = ["client_credit", "receivable", "gift_card"]
"""Kinds whose accounts keep a balance and a version, moved under a lock."""


class EntryKind(models.TextChoices):
    TENDER = "tender", "Payment"
    TENDER_BACK = "tender_back", "Payment taken back"
    SALE = "sale", "Sale"
    REFUND = "refund", "Refund"
    ADJUSTMENT = "adjustment", "Adjustment"
    EXPIRY = "expiry", "Expired"
    REVERSAL = "reversal", "Reversal"
    LOT_CHANGE = "lot_change", "Credit moved"
    FORFEIT = "forfeit", "Deposit forfeited"
    MERGE = "merge", "Clients merged"
    OPENING = "opening", "Opening balance"
    TILL = "till", "Till"
    FEE = "fee", "Processor fee"
    DISPUTE = "dispute", "Dispute"
    PAYOUT = "payout", "Payout to the bank"
    SETTLE_UP = "settle_up", "Paid to a provider"
    TIPS = "tips", "Tips paid out"
    DISPUTE_SHARE = "dispute_share", "Provider’s share of a lost dispute"


class Source(models.TextChoices):
    """How a lot came in."""

    PURCHASE = "purchase", "Purchase"
    DEPOSIT = "deposit", "Deposit"
    REFUND = "refund", "Refund"
    MEMBERSHIP = "membership", "Membership"
    GOODWILL = "goodwill", "Goodwill"
    IMPORT = "import", "Import"


class Flow(models.TextChoices):
    """What moved a client's or a gift card's stored value, or what a client owes.

    Reversals have the flow of what they reverse. sql/snapshots.sql says which posting has which.
    """

    SOLD = "sold", "Sold"
    DEPOSIT = "deposit", "Deposits"
    MEMBERSHIP = "membership", "Memberships"
    REFUNDED_IN = "refunded_in", "Refunded to balance"
    GOODWILL = "goodwill", "Goodwill"
    IMPORTED = "imported", "Imported"
    CORRECTED = "corrected", "Corrections"
    USED = "used", "Used"
    SETTLED = "settled", "IOU settled"
    REFUNDED_OUT = "refunded_out", "Refunded out"
    FORFEITED = "forfeited", "Forfeited"
    EXPIRED = "expired", "Expired"
    MOVED = "moved", "Moved"


class Restriction(models.TextChoices):
    """What a lot may pay for."""

    ANY = "any", "Anything"
    SERVICES = "services", "Services only"
    PRODUCTS = "products", "Products only"


class AdjustReason(models.TextChoices):
    REWARD = "reward", "Reward"
    GIFT = "gift", "Gift"
    CORRECTION = "correction", "Correction"
    OTHER = "other", "Other"

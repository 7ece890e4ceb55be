"""The reports of this app, for the index, the search and the comparison with the trial balance."""

from reports import day_ties
from reports.views import (
    balances,
    breakage,
    day_close,
    deposits,
    dormant,
    gift_cards,
    ious,
    journal,
    liability,
    movements,
    settle_up,
    trial_balance,
    usage,
)
from salon import permissions
from salon.reporting import registry
from salon.reporting.registry import BOOKS, CREDIT, DAY, MONEY, Report

REPORTS = (
    Report(
        key=day_close.KEY,
        label="Day close",
        about="Payments against the drawers, sales, what was taken for later; the day’s seal.",
        group=DAY,
        url_name="reports:day-close",
        position=10,
        ties=day_ties.ties,
    ),
    Report(
        key=liability.KEY,
        label="Client account liability",
        about="What the salon owes its clients as of any day, and how it came to that.",
        group=CREDIT,
        url_name="reports:liability",
        position=10,
        ties=liability.ties,
    ),
    Report(
        key=usage.KEY,
        label="Client Account Usage",
        about="What was paid with account credit, sale by sale, and which credit it was.",
        group=CREDIT,
        url_name="reports:usage",
        position=20,
        ties=usage.ties,
    ),
    Report(
        key=balances.KEY,
        label="Client Account Balances",
        about="What every client has, holds and owes, now or at the end of any day.",
        group=CREDIT,
        url_name="reports:balances",
        position=30,
        ties=balances.ties,
    ),
    Report(
        key=ious.KEY,
        label="IOUs",
        about="Who owes the salon, how much and since when, and how to reach them.",
        group=CREDIT,
        url_name="reports:ious",
        position=40,
        ties=ious.ties,
        ties_by_place=False,
    ),
    Report(
        key=gift_cards.KEY,
        label="Gift cards",
        about="What was sold and redeemed, and what stands on which card.",
        group=CREDIT,
        url_name="reports:gift_cards",
        position=50,
        ties=gift_cards.ties,
    ),
    Report(
        key=dormant.KEY,
        label="Dormant balances",
        about="Clients with credit who stayed away for months, and how to reach them.",
        group=CREDIT,
        url_name="reports:dormant",
        position=60,
    ),
    Report(
        key=movements.KEY,
        label="Movements",
        about="The entries behind every figure: what was sold, used, refunded, entry by entry.",
        group=CREDIT,
        url_name="reports:movements",
        position=80,
    ),
    Report(
        key=breakage.KEY,
        label="Forfeiture and breakage",
        about="Deposits that were kept, and credit and gift cards that expired.",
        group=CREDIT,
        url_name="reports:breakage",
        position=70,
        ties=breakage.ties,
    ),
    Report(
        key="deposits",
        label="Deposits",
        about="What is held for visits, how it came to that, what was applied and forfeited.",
        group=MONEY,
        url_name="reports:deposits",
        position=10,
        ties=deposits.ties,
    ),
    Report(
        key="settle-up",
        label="Settle-up with providers",
        about="What each provider earned and was paid, and what is owed either way.",
        group=MONEY,
        url_name="reports:settle-up",
        position=30,
        permission=permissions.PAY_PROVIDERS,
        ties=settle_up.ties,
    ),
    Report(
        key=trial_balance.KEY,
        label="Trial balance",
        about="What stands on every account, in two columns that add up to the same.",
        group=BOOKS,
        url_name="reports:trial_balance",
        position=10,
        ties=trial_balance.ties,
    ),
    Report(
        key=journal.KEY,
        label="Journal for other programs",
        about="Every entry as a file for hledger, ledger, beancount or a spreadsheet.",
        group=BOOKS,
        url_name="reports:journal",
        position=50,
    ),
    Report(
        key="audit",
        label="Who did what",
        about="Every act with money and every changed setting: who, when, from which till.",
        group=BOOKS,
        url_name="reports:audit",
        position=90,
        permission=permissions.VIEW_AUDIT,
    ),
)


def register_reports() -> None:
    """Called once, when the program starts."""
    for report in REPORTS:
        registry.add(report)

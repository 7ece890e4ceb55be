"""What a role may do, in the words that an owner reads when ticking the boxes."""

from decimal import Decimal

MODIFY_SALES = "salon.modify_sales"
REFUND_SALES = "salon.refund_sales"
REFUND_CARD_IN_CASH = "salon.refund_card_in_cash"
ADJUST_BALANCES = "salon.adjust_balances"
VIEW_BALANCES = "salon.view_balances"
EDIT_CLIENTS = "salon.edit_clients"
EDIT_APPOINTMENTS = "salon.edit_appointments"
GIVE_DISCOUNTS = "salon.give_discounts"
OVERRIDE_IOU_LIMIT = "salon.override_iou_limit"
MERGE_CLIENTS = "salon.merge_clients"
COUNT_TILLS = "salon.count_tills"
MOVE_CASH = "salon.move_cash"
MANAGE_SERVICES = "salon.manage_services"
MANAGE_CARDS = "salon.manage_cards"
PAY_PROVIDERS = "salon.pay_providers"
PAY_TIPS = "salon.pay_tips"
DECIDE_DEPOSITS = "salon.decide_deposits"
WAIVE_FEES = "salon.waive_fees"
MANAGE_HOURS = "salon.manage_hours"
MANAGE_BOOKING = "salon.manage_booking"
MANAGE_MEMBERSHIPS = "salon.manage_memberships"
END_MEMBERSHIPS_EARLY = "salon.end_memberships_early"
VIEW_FIGURES = "salon.view_figures"
VIEW_REPORTS = "salon.view_reports"
SEAL_DAYS = "salon.seal_days"
IMPORT_CLIENTS = "salon.import_clients"
VIEW_AUDIT = "salon.view_audit"

CHOICES: list[tuple[str, str]] = [
    ("modify_sales", "Can start a checkout and modify sales"),
    ("refund_sales", "Can refund and void sales"),
    ("refund_card_in_cash", "Can give cash back for a payment that was not cash"),
    ("adjust_balances", "Can manually adjust client account balances"),
    ("view_balances", "Can see client account balances and their history"),
    ("edit_clients", "Can add and edit clients"),
    ("edit_appointments", "Can add, edit and cancel appointments"),
    ("give_discounts", "Can give discounts, up to the role's limit"),
    ("override_iou_limit", "Can let a client owe more than their limit"),
    ("merge_clients", "Can merge, archive and block clients"),
    ("count_tills", "Can open, count and close a till"),
    ("move_cash", "Can pay cash in and out of a till"),
    ("manage_services", "Can change services, prices and what staff do differently"),
    ("manage_cards", "Can keep clients' cards on file and remove them"),
    ("pay_providers", "Can see and pay what providers are owed"),
    ("pay_tips", "Can pay out tips"),
    ("decide_deposits", "Can decide what becomes of a deposit"),
    ("waive_fees", "Can waive or lower cancellation and no-show fees"),
    ("manage_hours", "Can change working hours and time off"),
    ("manage_booking", "Can change deposit rules and make exceptions for clients"),
    ("manage_memberships", "Can change, pause and cancel memberships, and charge them again"),
    (
        "end_memberships_early",
        "Can end a membership before its minimum term, and let a charge go",
    ),
    ("view_figures", "Can see the business's figures over time"),
    ("view_reports", "Can see reports, print them and take them away as files"),
    ("seal_days", "Can close a day for good"),
    ("import_clients", "Can import clients with their balances, and take an import back"),
    ("view_audit", "Can see who did what, and when"),
]

FRONT_DESK = [
    MODIFY_SALES,
    VIEW_BALANCES,
    EDIT_CLIENTS,
    EDIT_APPOINTMENTS,
    GIVE_DISCOUNTS,
    COUNT_TILLS,
    MANAGE_CARDS,
    DECIDE_DEPOSITS,
    MANAGE_MEMBERSHIPS,
]
MANAGER = [
    *FRONT_DESK,
    REFUND_SALES,
    ADJUST_BALANCES,
    OVERRIDE_IOU_LIMIT,
    MERGE_CLIENTS,
    MOVE_CASH,
    MANAGE_SERVICES,
    PAY_PROVIDERS,
    PAY_TIPS,
    WAIVE_FEES,
    MANAGE_HOURS,
    MANAGE_BOOKING,
    END_MEMBERSHIPS_EARLY,
    VIEW_FIGURES,
    VIEW_REPORTS,
    SEAL_DAYS,
]
OWNER = [*MANAGER, REFUND_CARD_IN_CASH, IMPORT_CLIENTS, VIEW_AUDIT]

DEFAULT_ROLES = {"Front desk": FRONT_DESK, "Manager": MANAGER, "Owner": OWNER}
"""What each role may do on a new installation. The owner changes it in the admin."""

DISCOUNT_LIMITS = {"Front desk": Decimal(10), "Manager": Decimal(30)}
"""The percentage of a line that each may take off, from when it may give discounts at all."""

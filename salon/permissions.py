"""What a role may do, in the words that an owner reads when ticking the boxes."""

MODIFY_SALES = "salon.modify_sales"
REFUND_SALES = "salon.refund_sales"
REFUND_CARD_IN_CASH = "salon.refund_card_in_cash"
ADJUST_BALANCES = "salon.adjust_balances"
VIEW_BALANCES = "salon.view_balances"
EDIT_CLIENTS = "salon.edit_clients"
EDIT_APPOINTMENTS = "salon.edit_appointments"

CHOICES: list[tuple[str, str]] = [
    ("modify_sales", "Can start a checkout and modify sales"),
    ("refund_sales", "Can refund and void sales"),
    ("refund_card_in_cash", "Can give cash back for a payment that was not cash"),
    ("adjust_balances", "Can manually adjust client account balances"),
    ("view_balances", "Can see client account balances and their history"),
    ("edit_clients", "Can add and edit clients"),
    ("edit_appointments", "Can add, edit and cancel appointments"),
]

FRONT_DESK = [MODIFY_SALES, VIEW_BALANCES, EDIT_CLIENTS, EDIT_APPOINTMENTS]
MANAGER = [*FRONT_DESK, REFUND_SALES, ADJUST_BALANCES]
OWNER = [*MANAGER, REFUND_CARD_IN_CASH]

DEFAULT_ROLES = {"Front desk": FRONT_DESK, "Manager": MANAGER, "Owner": OWNER}
"""What each role may do on a new installation. The owner changes it in the admin."""

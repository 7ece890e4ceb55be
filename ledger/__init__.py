"""The salon's books: what clients hold and owe, and where every cent came from and went.

Clara pays a hundred dollars today for visits to come. The drawer is fuller, and nothing has
been earned: the salon owes Clara a hundred dollars' worth of haircuts. When she has had them, it
has earned the money, without a cent changing hands that day. A list of payments cannot tell this;
two columns can, and have for five hundred years. So every event here is an **entry** of two or
more **postings**, each of an amount on an **account**, and the amounts of an entry add up to
zero. Debit is positive: more in the drawer, more cost. Credit is negative: more income, more that
is owed to somebody. Amounts are whole cents.

    Clara pays $100.00 by card in advance        card clearing              + 100.00
                                                 open orders                − 100.00
    that sale closes                             open orders                + 100.00
                                                 Clara's stored value       − 100.00
    a month later, a cut for $60.00 from it      Clara's stored value       +  60.00
                                                 open orders                −  60.00
    that sale closes                             open orders                +  60.00
                                                 income, services           −  60.00

Sum up any account and you have what stands on it: $100.00 at the card processor, $40.00 owed to
Clara, $60.00 earned. Sum up all of them and you have zero, on every date. That is the **trial
balance**.

**Open orders** is the waiting room. A payment posts when it is taken, a sale when its order
closes; in between the money waits there. A balance that was applied at one till is gone for all
others at once, and payments count on the day they were made, sales on theirs.

**Lots.** Money is all alike; credit is not. A gift may end on Friday, a deposit is for Tuesday's
visit, a bonus was never paid for and never goes back to a card. So a client's stored value stands
in lots, each with terms that never change: how it came in (its source), whether somebody paid for
it, who holds the cash, until when, for which visit, for what, and how much of it may return to a
card. Only what remains of a lot moves, and only by postings that name it. Spending draws lots in
an order that clients are promised: what is held for this visit, then what ends first, what is
restricted, what was paid for, what is oldest. Different terms need a different lot: moving,
releasing, refunding and merging take from a lot and open a **child** of it on the terms that are
new. A lot and its children together never hold more than was put in, nor may more of it go back
to the card.

**Owing.** A balance below zero is not a negative lot: it is another account, the client's
receivable. The balance that people see is all lots less what is owed. Money that comes in, unless
it is held or restricted, settles the receivable first, in the same entry.

**Correcting** is reversing: an entry of exactly opposite postings, linked to the first, on the
same lots. Nothing is ever changed or deleted. What has been spent since cannot be reversed; then
what it became has to be undone first. A reversal itself is not reversed: the act is done anew.

**Once.** Every entry has a key, made from the row that causes it. The same key again, with the
same content, answers with the first entry; with other content it is refused. So a form that is
sent twice, or a reply that was lost, never charges twice.

**Dates.** `recorded_at` is the database's clock, `occurred_at` the salon's; `business_date` is
the day it counts for where it happened: a sale at two in the night is still yesterday's. Reports
go by business date. Each posting on a client's account also has a version, 1, 2, 3 and so on
without a gap, and the balance after it: these say what was known when, and let a statement be
read page by page.

**Who guards it.** PostgreSQL. One function, `ledger_post`, writes entries: it locks the clients'
accounts in one order, checks, writes, answers, in one round trip. The program's own login may
call it and read, and can write no row of the ledger otherwise. Triggers refuse changes,
unbalanced entries and latecomers even to the owner of the tables. What the database does not know
is meaning: a caller who names the wrong client or the wrong reason writes a balanced, wrong
entry. Meaning is the business of the acts that call `post`, each a module of its own with its
checks and its permission.

Where things are:

    kinds        the vocabulary: kinds of account, entry, source, restriction
    models       the rows, for reading
    accounts     names of accounts
    legs         what an entry says: move, open, draw, take, restore
    posting      writing an entry
    errors       what is refused, by name
    reversing, adjusting, expiring      the ledger's own acts
    merging      two clients' money becomes one's
    releasing    what is held for a visit set free
    descent      what became of lots, and where they came from
    balances     what a client has: held, available, owed
    trial_balance, verifying, checks    do the books add up, and are they well
    sealing, seal_checks    days closed for good, each chained to the one before
    snapshots, sums      sums by day, and what stood and moved on any days
    liability, roll_forward, ageing, dormant    what is owed to clients, and how it came to that
    movements, flow_terms    the entries behind a figure
    client_statement, sending_statements    one client's account on some days, printed and e-mailed
    usage, balances_on, aged_debts, cards_outstanding, breakage    what reports of credit read
    account_names, account_rows    accounts as people call them, and the entries of one
    exporting/   the journal for other programs, and the owner's chart
    sql/         the function, the guards and the grants, as installed

docs/money.md tells the rules as worked examples.
"""

"""Memberships: a card is charged every billing period, and money is added to the client's balance.

    enrolment -> membership -> one period after the other -> the end

A plan says what is charged and what that adds. Somebody enrols at the desk (a line on a sale) or on
their phone; an enrolment keeps what they agreed to. Once it is paid it becomes a membership, which
keeps those terms until they are changed: a plan that gets dearer changes nobody's.

Each billing period is one row. It is charged once, makes one sale and opens one lot (and one more
for what is added beyond the price, at the salon's expense). A card that fails is tried again on
the days that the owner names; then the period is unpaid, and nothing more is charged until
somebody pays it or lets it go.

| folder | what |
|---|---|
| `enrolling/` | the line that sells it, what it adds, becoming a member, enrolling online |
| `renewing/` | what is due, charging it, failing and retrying, periods that were missed |
| `changing/` | another plan, a pause, another card, canceling, the end, and what each costs |
| `own/` | a client's own page by a signed link, and the e-mails with it |
| `desk/` | the list, one membership, the sheet at checkout, figures over time |
"""

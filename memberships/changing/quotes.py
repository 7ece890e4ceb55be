"""What an act would do, in money and days, before it is confirmed. Reading only.

Each quote is made of the very figures that its act then uses, so the two agree to the cent. With
`why_not` the act would be refused. Each costs a fixed number of queries.
"""

from memberships.changing.cancel_quotes import cancel_quote, keep_quote
from memberships.changing.pause_quotes import pause_quote, resume_quote
from memberships.changing.plan_quotes import plan_quote, take_back_quote
from memberships.changing.quote import Quote

__all__ = [
    "Quote",
    "cancel_quote",
    "keep_quote",
    "pause_quote",
    "plan_quote",
    "resume_quote",
    "take_back_quote",
]

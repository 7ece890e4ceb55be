"""Providers with merchant accounts of their own: what they are owed, and paying it.

standing.py    what each is owed now
earned.py      where it comes from: a statement out of the ledger
settled.py     days of it: earned, paid, and what is owed either way at the end
paid_by.py     by what their lines were paid on these days
paying.py      by hand, or by a transfer
"""

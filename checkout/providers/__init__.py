"""Providers with merchant accounts of their own: what they are owed, and paying it.

standing.py    what each is owed now
earned.py      where it comes from: a statement out of the ledger
paying.py      by hand, or by a transfer
"""

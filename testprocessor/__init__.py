"""A stand-in for Stripe's API: a program of its own, for the demo and the tests. No real money.

    python -m testprocessor --port 8001 --state var/testprocessor/books.db

It answers as Stripe answers the calls that the gateway makes, shows pages of its own in the
place of Stripe's Checkout, sends signed webhooks, keeps its own books and fails on
request (`/_control/`). It knows nothing of the program that calls it, and uses the standard
library alone.
"""

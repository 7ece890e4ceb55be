"""The vocabulary of imports: where one stands, and what may be chosen."""

from django.db import models


class Status(models.TextChoices):
    """Where an import stands. It moves down this list; FAILED and READY go back to CHECKING."""

    MAPPING = "mapping", "Columns to be named"
    CHECKING = "checking", "Being checked"
    READY = "ready", "Ready to be taken in"
    IMPORTING = "importing", "Being taken in"
    DONE = "done", "Taken in"
    TAKING_BACK = "taking_back", "Being taken back"
    TAKEN_BACK = "taken_back", "Taken back"
    FAILED = "failed", "Did not go in"
    DISCARDED = "discarded", "Discarded"


AT_WORK = [Status.CHECKING, Status.IMPORTING, Status.TAKING_BACK]
"""A job of the worker is at it: the page asks for progress."""


class OnMatch(models.TextChoices):
    """What happens to somebody whom the salon has already. The balance goes in either way."""

    FILL = "fill", "Fill in what is empty"
    LEAVE = "leave", "Leave the client as is"


class Twice(models.TextChoices):
    """What happens to the later rows of a person who stands in the file more than once."""

    REFUSE = "refuse", "Name them as errors"
    SKIP = "skip", "Take the first row, leave out the others"
    ADD = "add", "Make one client and add up the balances"


class Earlier(models.TextChoices):
    """What happens to a balance whose client has one from an earlier import that stands."""

    ASK = "ask", "Name them as problems"
    ADD = "on_top", "Add these balances on top"


class BalancesAre(models.TextChoices):
    """What the balances are."""

    PAID = "paid", "Clients paid for them"
    GOODWILL = "goodwill", "Given as goodwill"


class Decision(models.TextChoices):
    """What becomes of a row."""

    NEW = "new", "New client"
    MATCH = "match", "Known client"
    SKIP = "skip", "Left out"
    ERROR = "error", "Has an error"

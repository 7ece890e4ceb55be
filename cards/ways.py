"""Every way to pay by card, and how it asks the processor."""

from cards.asking import Way
from cards.asking_cards import AtReader, OnFile
from cards.asking_pages import OnPage
from cards.models import Attempt

WAYS: dict[str, Way] = {
    Attempt.Way.PHONE: OnPage(),
    Attempt.Way.SCREEN: OnPage(),
    Attempt.Way.ON_FILE: OnFile(),
    Attempt.Way.READER: AtReader(),
}

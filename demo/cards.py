"""Cards on file, kept by way of the test processor's own pages, as clients would.

After the salon is written and outside of its transaction, since a processor is asked. Where none is
connected, or it is not the test processor, there are none.
"""

import urllib.error
import urllib.parse
import urllib.request
import uuid

from cards import gateways
from cards.models import CardOnFile
from cards.saving import accept_terms, begin_saving, open_saving
from cards.saving_end import finish_saving
from clients.models import Client
from salon.desk import Desk
from salon.models import BusinessSettings, Location, MerchantAccount, StaffMember

ASKS = "4000002500003155"
KEPT = [
    ("Clara", "Nuñez", "4242424242424242"),
    ("Clara", "Nuñez", "5555555555554444"),
    ("Ben", "Okafor", "4000000000000341"),  # Declines whenever it is charged.
    ("Ines", "Duarte", ASKS),  # Its bank wants its owner to confirm.
]
PROVIDER, ACCOUNT = "Theo Marchetti", "acct_theo_marchetti"


def connect() -> str:
    """Keep the cards, and give Theo his account; what to say of it, or why there are none."""
    gateway = gateways.current()
    if gateway is None or not gateway.is_test:
        return "  No test processor is connected: no cards on file"
    MerchantAccount.objects.filter(name=PROVIDER).update(processor_account=ACCOUNT)
    kept = [card for of in KEPT if (card := _keep(*of))]
    return f"  {len(kept)} cards on file, at the test processor"


def _keep(first_name: str, last_name: str, number: str) -> CardOnFile | None:
    client = Client.objects.get(first_name=first_name, last_name=last_name)
    desk = Desk(
        staff=StaffMember.objects.get(username="jo"),
        location=Location.objects.get(name="Midtown"),
    )
    return keep(client, number, desk)


def keep(client: Client, number: str, desk: Desk) -> CardOnFile | None:
    """Ask for their card, type it on the processor's page, and have it kept."""
    saving = begin_saving(
        client=client,
        desk=desk,
        terms=BusinessSettings.current().card_terms,
        uuid=uuid.uuid4(),
        back_url="https://salon.example/",
    )
    accept_terms(saving=saving, address="192.0.2.7")
    saving = open_saving(saving)
    type_card(saving.url, number)
    if number == ASKS:
        _type(f"{saving.url}/confirm", {"answer": "confirm"})
    return finish_saving(saving)


def type_card(address: str, number: str) -> None:
    """Pay, or have it kept, on the processor's page."""
    _type(address, {"number": number})


def _type(address: str, typed: dict[str, str]) -> None:
    """Send the processor's form; where it leads then is not followed."""
    opener = urllib.request.build_opener(_Stay)
    try:
        opener.open(address, urllib.parse.urlencode(typed).encode(), timeout=10).close()
    except urllib.error.HTTPError as answer:
        if answer.code not in (302, 303):
            raise


class _Stay(urllib.request.HTTPRedirectHandler):
    """Redirects end here: they lead to a salon that is not serving yet."""

    def redirect_request(self, *args: object, **kwargs: object) -> None:
        return None

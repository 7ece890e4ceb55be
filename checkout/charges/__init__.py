"""A card, charged through the connected processor, pays an order or a part of it.

    charging.py       begin_charge: the attempt, and what of the order it speaks for
    waiting.py        charges that are open, and who has to wait for them
    purpose.py        the card was charged: tips, the payment, or straight back
    tender_kind.py    what such a payment is in the books, and what it is called
    following.py      asking the processor while a page waits; what came of it
    showing.py        the rows on the order page
    readers.py        the card readers that may be asked
    links.py          the signed address for the client's phone
    self_checkout.py  what that address shows and takes
    going_back.py     refunds to the card
    to_cards.py       how far those are, in the desk's words
    refused.py        what the desk does where a card refuses one
    shares.py         what of a charge belongs to a provider
    verifying.py      checks of the books

A charge is begun in a transaction that locks the order and asks the processor for nothing; it is
sent outside of one (cards/attempts.py). While it is open its amount, less the tip, is spoken for.
"""

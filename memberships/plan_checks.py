"""What an owner may type about memberships: checked where it is typed, with the reason."""

import itertools

LATEST_DAY = 60


def tidied_days(text: str) -> str:
    """The days on which a card is tried, as they are kept: "0, 3, 6".

    ValueError, in words for the owner: no whole numbers, not from 0 on, not growing, too late.
    """
    try:
        days = [int(part) for part in text.split(",")]
    except ValueError:
        raise ValueError("Type days as whole numbers, parted by commas: 0, 3, 6.") from None
    if days[0] != 0:
        raise ValueError("The first try is on day 0. Begin with 0.")
    if any(later <= earlier for earlier, later in itertools.pairwise(days)):
        raise ValueError("Each day comes after the one before: 0, 3, 6.")
    if days[-1] > LATEST_DAY:
        raise ValueError(f"A card is tried for {LATEST_DAY} days at most.")
    return ", ".join(map(str, days))

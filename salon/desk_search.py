"""What the ground floor adds to the search over everything: pages, settings, the person's own."""

from salon import pages, search


def add_to_the_search() -> None:
    """Called once, when the program starts."""
    search.add("Go to", pages.find_pages, position=90)
    pages.add(pages.Page("Switch person", "switch", also="pin user lock"))
    pages.add(pages.Page("Your PIN", "my-pin", also="set change"))
    pages.add(pages.Page("Log out", "logout", also="leave sign", is_act=True))

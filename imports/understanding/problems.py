"""What is wrong with a text."""


class Wrong(Exception):
    """A sentence that names the text and says how it should be."""

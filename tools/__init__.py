"""What `make` runs: the virtual environment, a PostgreSQL of our own, a browser, all processes.

Nothing here imports anything but the standard library and `salon.env`, so that it works before
anything is installed.
"""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VAR = ROOT / "var"


class ToolError(Exception):
    """Something a person can mend; the message says what and how."""

"""Imports, and the rows of their files."""

from imports.kinds import AT_WORK, BalancesAre, Decision, Earlier, OnMatch, Status, Twice
from imports.models.imports import Import, Progress
from imports.models.rows import Row, RowQuerySet

__all__ = [
    "AT_WORK",
    "BalancesAre",
    "Decision",
    "Earlier",
    "Import",
    "OnMatch",
    "Progress",
    "Row",
    "RowQuerySet",
    "Status",
    "Twice",
]

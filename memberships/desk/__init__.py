"""Memberships as the desk sees them: the list, one of them, the sheet at checkout, figures."""

"""Fees for late cancellations and no-shows, beyond what the deposit covers."""

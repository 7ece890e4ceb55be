"""Asking for a deposit, paying it by card or from the balance, and what comes too late."""

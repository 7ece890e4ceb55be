"""Clients and what they had elsewhere: read from a file, looked at, taken in whole, taken back."""

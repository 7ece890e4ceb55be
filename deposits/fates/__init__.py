"""What becomes of a deposit: decided, posted, undone."""

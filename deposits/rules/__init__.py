"""How much deposit is asked of whom and why, and the cancellation policy."""

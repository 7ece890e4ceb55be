"""What changes a membership: another plan, a pause, another card, canceling, the end."""

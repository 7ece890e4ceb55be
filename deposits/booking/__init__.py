"""The public booking pages: the walk, what is offered, and writing the booking."""

"""What the owner and the accountant read. Pages only show; what they let one do is a verb below."""

"""Notes by reference number at front desk and counters."""

LOOK, KEEP, DECLINE, DELETE = "look", "keep", "decline", "delete"
"""What is done with notes."""

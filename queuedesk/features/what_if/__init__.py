"""What if: replay a past day with other windows, breaks or rules."""

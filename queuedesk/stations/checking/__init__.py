"""Checking the hall's equipment before a window opens: what counter, front desk and manager share."""

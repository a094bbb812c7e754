"""Figures of business dates and how far they can be trusted."""

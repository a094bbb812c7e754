"""Figures from elsewhere: audited tables, other channels, yearly indicators."""

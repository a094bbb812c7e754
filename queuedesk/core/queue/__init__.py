"""Tickets, windows and the order in which people are called."""

"""Tickets and lists on paper, drawn once."""

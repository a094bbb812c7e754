"""Contingency cards: what to do when something goes wrong, step by step."""

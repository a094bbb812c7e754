"""The day's figures and their PDF."""

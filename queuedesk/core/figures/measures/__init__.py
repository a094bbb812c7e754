"""Adds up the figures of business dates."""

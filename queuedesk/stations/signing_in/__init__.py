"""Signing in at a staff station: the page before it, and its controller."""

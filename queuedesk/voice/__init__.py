"""Calls spoken aloud, by a process of its own."""

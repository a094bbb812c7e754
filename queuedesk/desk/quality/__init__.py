"""Noting and reading what customers say, what is counted of their reasons, and the cases that follow."""

"""Whole days played through a hall of their own: recorded ones, and ones that never happened."""

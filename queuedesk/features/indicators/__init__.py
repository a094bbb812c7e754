"""Yearly indicators: figures as they were reported, checked."""

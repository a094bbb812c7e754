"""Wording trials: two wordings on alternating days."""

"""Painted controls that every station shares: they follow one Look, hold no rules and get finished texts."""

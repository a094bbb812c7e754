"""Improvement projects in words, where others speak of them."""

"""Improvement projects in words."""

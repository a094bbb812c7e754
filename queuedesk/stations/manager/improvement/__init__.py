"""Improvement projects, and what else Improve holds: pages in the manager's station."""

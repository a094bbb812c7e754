"""The words of what customers say, what low ratings are counted by, cases, inspections."""

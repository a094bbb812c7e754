"""The rules of yearly indicators: what counts of all reports, and how they are drawn through the years."""

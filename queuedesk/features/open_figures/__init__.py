"""Figures for others: views that any program reads by SQL, and a day that anybody can recompute."""

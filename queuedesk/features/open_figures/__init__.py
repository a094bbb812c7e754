"""Figures for other programs: views that any program reads by SQL, and a day that anybody can recompute."""

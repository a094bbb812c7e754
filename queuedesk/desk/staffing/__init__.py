"""Forecasts, rosters and suggested moves."""

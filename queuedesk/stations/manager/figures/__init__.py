"""Figures of a period, the tickets behind them, reports."""

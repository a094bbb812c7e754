"""Wires the parts of a process together; the only place that reads the clock."""

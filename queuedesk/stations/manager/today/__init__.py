"""The day as it runs: alerts, figures, staff, equipment, notices."""

"""The manager's page of inspections, and a score sheet on a screen of its own."""

"""Commands about what customers say, cases, inspections, and what is to be put right."""

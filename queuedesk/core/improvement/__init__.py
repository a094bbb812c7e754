"""Improvement projects: eight steps from a finding to what becomes standard, causes judged by evidence, and an effect
that is compared on equal weekdays."""

"""Commands about cases, and what is to be put right."""

"""How many windows a day needs, who sits where, and what helps when lines run late."""

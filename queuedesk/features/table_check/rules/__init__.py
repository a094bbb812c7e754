"""What a table's heads and cells mean, how its numbers are written, and what can't be right in it."""

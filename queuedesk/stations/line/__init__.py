"""The LED-style line over a counter or along a hall: one row of dots that says who is called, step by step."""

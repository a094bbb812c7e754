"""Several halls beside each other, now and in a period, and one's set-up pushed to the others."""

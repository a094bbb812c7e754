"""Commands about what customers say, and cases."""

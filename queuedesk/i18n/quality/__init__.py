"""The words of what customers say: comments, what low ratings are counted by, cases."""

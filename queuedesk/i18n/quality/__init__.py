"""The words of what customers say: kinds of comments, what low ratings are counted by."""

"""The windows people work at."""

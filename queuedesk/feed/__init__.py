"""Events past a seq, in order and once, for every screen."""

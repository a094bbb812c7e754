"""The small bar: the counter in 72 pixels over other programs, and the key that reaches it from any of them."""

"""What people do with improvement projects, and what is told of them."""

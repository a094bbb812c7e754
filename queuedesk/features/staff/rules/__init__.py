"""How sheets and needs of training are worked out."""

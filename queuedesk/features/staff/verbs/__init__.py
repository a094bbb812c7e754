"""What people do with sheets and needs of training."""

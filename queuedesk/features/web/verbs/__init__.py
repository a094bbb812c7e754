"""What people and other programs do by the web, as functions of the desk."""

"""What outlets demand of a picture, checked on any file."""

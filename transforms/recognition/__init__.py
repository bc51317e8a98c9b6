"""What else is in a picture: text and faces."""

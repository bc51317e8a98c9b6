"""What was done to a picture, told inside its file: IPTC terms in XMP, and C2PA credentials."""

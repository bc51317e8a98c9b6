"""How the pixels of a rendition come about: standardised, in a scene, or edited."""

"""Pictures as such: decoding, measuring, preparing, composing. Knows no stage and no storage."""

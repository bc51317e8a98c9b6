"""Steps between decoding and cutting out: each decides by measurement, acts, and says so."""

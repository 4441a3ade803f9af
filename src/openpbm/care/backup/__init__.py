"""One file that holds the whole record, and the way back from it, on either database."""

"""One command a file; each imports only what it needs, so that small ones start at once."""

"""Speed as a command: `make bench`. Ratios within one run; nothing here is asserted."""

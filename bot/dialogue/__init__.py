"""The conversation: pure flows over frozen states. No database, network, clock or randomness."""

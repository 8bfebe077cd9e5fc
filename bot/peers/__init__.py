"""Peer networks: groups that the service relays, so that nobody's number is shown."""

"""Peer networks as the conversation sees them: joining, talking, one's own groups. Pure."""

"""Sankofa: a conversational information service for people who return to their country."""

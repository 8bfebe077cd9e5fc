"""Screening: what may go from one member to all others, decided before anybody reads it. Pure."""

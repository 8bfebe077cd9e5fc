"""Public data sets, read with the shipped model's recipe to compare it with published figures."""

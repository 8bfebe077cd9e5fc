"""HTTP: the providers' webhooks, health and metrics."""

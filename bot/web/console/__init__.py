"""The console of staff: server-rendered pages, one file each; `routes.py` lists them all."""

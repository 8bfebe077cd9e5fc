"""Understanding: what a short message in one of our languages asks for, and whether it is urgent.

Stands alone: it imports nothing of the service, and its data is also a Rasa project's.
"""

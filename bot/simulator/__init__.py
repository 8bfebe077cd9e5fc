"""Local networks: a Telegram Bot API and a Twilio API over HTTP, and the phones page.

The real clients work against them unmodified. For the demo, the tests and the benchmarks only.
"""

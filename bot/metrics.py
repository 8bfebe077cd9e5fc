"""Numbers for the operator, in Prometheus' format. Labels never name a person."""

from __future__ import annotations

from prometheus_client import Counter, Gauge, Histogram

WEBHOOKS = Counter("sankofa_webhooks_total", "Webhook requests", ["channel", "answer"])
EVENTS = Counter("sankofa_events_total", "Inbox events read", ["kind"])
FAILED_TURNS = Counter("sankofa_failed_turns_total", "Turns that raised", ["final"])
URGENT = Counter("sankofa_urgent_total", "Messages read as urgent", ["urgency"])
RASA_FALLBACKS = Counter(
    "sankofa_rasa_fallbacks_total", "Messages read without Rasa: it gave no answer", ["reason"]
)
SENDS = Counter("sankofa_sends_total", "Calls to a provider", ["channel", "result"])
FILES = Counter("sankofa_files_total", "Photos and voice notes fetched", ["kind", "result"])
OWNERLESS = Gauge(
    "sankofa_ownerless_cases", "Cases of priority 0 and 1 that nobody has taken in their time"
)
BATCH = Histogram(
    "sankofa_batch_persons", "Persons in one transaction", buckets=(1, 2, 4, 8, 16, 32, 64)
)

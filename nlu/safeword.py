"""Safe words: a message of nothing else always rings, whatever the models say.

They are told to people in the service's own texts, so they must stay what they are.
"""

from __future__ import annotations

SAFE_WORDS = {  # one table: what a person sends who can write no more than a word
    "en": "sos", "fr": "sos", "pcm": "sos", "ak": "sos", "ee": "sos", "ha": "sos",
}  # fmt: skip
RINGS_AS = "violence_now"  # the class that assumes least and asks to come to safety first
_BESIDE = frozenset({
    "help", "please", "pls", "me", "aide", "aidez", "moi", "svp", "abeg", "taimako", "mmoa", "kpe",
    "nam",
})  # fmt: skip


def rings(folded: str) -> bool:
    """Whether the folded text is a safe word, perhaps repeated or with a plea for help: "SOS",
    "sos sos", "SOS help". An "SOS Children's Village" in a question is none."""
    words = folded.replace("s o s", "sos").split()
    safe = set(SAFE_WORDS.values())
    return bool(safe & set(words)) and all(word in safe or word in _BESIDE for word in words)

"""What identifies a person is stored sealed; equality is looked up by a keyed fingerprint."""

from __future__ import annotations

import base64
import hashlib
import hmac

from cryptography.fernet import Fernet, InvalidToken


class Vault:
    """Seals and fingerprints addresses with keys derived from the SECRET_KEY setting."""

    def __init__(self, secret_key: str) -> None:
        root = secret_key.encode()
        self._fingerprint_key = hashlib.sha256(b"fingerprint\0" + root).digest()
        sealing = hashlib.sha256(b"sealing\0" + root).digest()
        self._fernet = Fernet(base64.urlsafe_b64encode(sealing))

    def fingerprint(self, channel: str, value: str) -> str:
        """64 hex digits, equal for equal addresses and useless without the key."""
        text = f"{channel}\0{value}".encode()
        return hmac.new(self._fingerprint_key, text, hashlib.sha256).hexdigest()

    def seal(self, value: str) -> str:
        """The value encrypted and authenticated (Fernet)."""
        return self._fernet.encrypt(value.encode()).decode("ascii")

    def open(self, sealed: str) -> str:
        """The value back; raises ValueError when it was sealed with another SECRET_KEY."""
        try:
            return self._fernet.decrypt(sealed.encode("ascii")).decode()
        except InvalidToken as error:
            raise ValueError("this value was sealed with another SECRET_KEY") from error

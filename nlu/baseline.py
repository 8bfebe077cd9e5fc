"""Rasa as a process of its own: trained on the phrases, fitted, and served on this machine only.

`python -m nlu.baseline train`, then `python -m nlu.baseline serve`; `make rasa` does both.
Everything lies in `.rasa/`: the environment, the model, and what the service must know of it.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nlu import sample
from nlu.case import UNJUDGED, read_cases
from nlu.engine import OUT

PROJECT = Path(__file__).resolve().parent
DOMAIN = PROJECT / "domain.yml"
HOME = PROJECT.parent / ".rasa"
MODEL = HOME / "models" / "sankofa.tar.gz"
FACTS = HOME / "rasa.env"  # settings for the service, with the token
SIZE = 8000  # phrases, of every label and language the same number: all would take Rasa hours
RIGHT = 0.94  # share of right answers among those given on the tuning messages
START = 600  # seconds that a start may take on a busy machine
PORT = 5005
_ENV = {
    "RASA_TELEMETRY_ENABLED": "false", "RASA_MAX_CACHE_SIZE": "0",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1", "TF_CPP_MIN_LOG_LEVEL": "2", "PYTHONWARNINGS": "ignore",
}  # fmt: skip
_DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))  # no proxy: it is next door
# On the command line everybody on the machine could read the token.
_QUIETLY = (
    "import os, sys; sys.argv += ['--auth-token', os.environ.pop('RASA_TOKEN')]; "
    "from rasa.__main__ import main; main()"
)


class NoRasa(Exception):
    """Rasa is not there or does not work; the text says what to do."""


def train(data: Path, model: Path = MODEL, domain: Path = DOMAIN) -> None:
    """Trains on the phrases below `data` whose label is an intent of `domain`; raises NoRasa."""
    with tempfile.TemporaryDirectory() as name:
        command = [_tool("rasa"), "train", "nlu", "--config", "config.yml",
                   "--domain", str(domain), "--nlu", str(data.resolve()), "--out", name,
                   "--fixed-model-name", "model"]  # fmt: skip
        # Here, so that Rasa finds `intents_only`.
        if subprocess.run(command, cwd=PROJECT, env=os.environ | _ENV, check=False).returncode:  # noqa: S603
            raise NoRasa("Rasa could not be trained")
        model.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(Path(name) / "model.tar.gz", model)


@contextlib.contextmanager
def served(model: Path, token: str, port: int = PORT) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a Rasa server on the loopback address, ready; ended with the block."""
    if not model.exists():
        raise NoRasa("Rasa has no model: run `make rasa`")
    command = [_tool("python"), "-c", _QUIETLY, "run", "--enable-api", "--model",
               str(model.resolve()), "--interface", "127.0.0.1", "--port", str(port)]  # fmt: skip
    env = os.environ | _ENV | {"RASA_TOKEN": token, "LOG_LEVEL": "WARNING"}
    process = subprocess.Popen(command, cwd=model.parent, env=env)  # noqa: S603
    try:
        _wait(process, f"http://127.0.0.1:{port}/status?token={quote(token)}")
        yield process
    finally:
        process.terminate()
        process.wait()


def parse(url: str, token: str, text: str) -> tuple[str, float]:
    """Rasa's intent for a text and its confidence, as they come."""
    request = urllib.request.Request(  # noqa: S310  # ours, on this machine
        f"{url}/model/parse?token={quote(token)}", json.dumps({"text": text}).encode(),
        {"Content-Type": "application/json"},
    )  # fmt: skip
    with _DIRECT.open(request, timeout=60) as answer:
        intent: dict[str, Any] = json.load(answer)["intent"]
    return str(intent["name"]), float(intent["confidence"])


def understood_from(answers: Sequence[tuple[str, str, float]], aim: float = RIGHT) -> float:
    """The lowest confidence from which on `aim` of the answers are right.

    `answers`: the right intent, Rasa's and its confidence; refusing is never a wrong answer.
    """
    given = sorted(((c, got == right) for right, got, c in answers if got != OUT), reverse=True)
    good, found = 0, 1.0
    for n, (confidence, hit) in enumerate(given, 1):
        good += hit
        alike = n < len(given) and given[n][0] == confidence  # answered or not, but all of them
        if good >= aim * n and not alike:
            found = confidence
    return int(found * 1000) / 1000


def fitted(url: str, token: str) -> float:
    """The threshold for a running server, on the tuning messages that have an intent."""
    cases = [c for c in read_cases(PROJECT / "tuning") if c.intent != UNJUDGED]
    return understood_from([(c.intent, *parse(url, token, c.text)) for c in cases])


def free_port() -> int:
    """A port on the loopback address that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def facts() -> dict[str, str]:
    """The service's settings for the trained model; raises NoRasa."""
    if not FACTS.exists():
        raise NoRasa("Rasa has no model: run `make rasa`")
    return dict(line.split("=", 1) for line in FACTS.read_text(encoding="utf-8").splitlines())


def _keep(found: dict[str, str]) -> None:
    """Writes the settings for nobody else to read."""
    FACTS.unlink(missing_ok=True)
    with os.fdopen(os.open(FACTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        out.writelines(f"{name}={value}\n" for name, value in found.items())


def _train(size: int) -> None:
    FACTS.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as name:
        count = len(sample.write(Path(name), size))
        print(f"Rasa learns the intents among {count} phrases, ten minutes or more", flush=True)
        train(Path(name))
    token, port = secrets.token_urlsafe(24), free_port()
    with served(MODEL, token, port):
        start = fitted(f"http://127.0.0.1:{port}", token)
    print(f"understood from a confidence of {start} on")
    _keep({"RASA_URL": f"http://127.0.0.1:{PORT}", "RASA_TOKEN": token,
           "RASA_UNDERSTOOD_FROM": str(start)})  # fmt: skip


def _serve(port: int) -> None:
    with served(MODEL, facts()["RASA_TOKEN"], port) as process:
        print(f"Rasa listens on http://127.0.0.1:{port}; with NLU_ENGINE=rasa and the settings in "
              f"{FACTS.relative_to(PROJECT.parent)} the service asks it", flush=True)  # fmt: skip
        if process.wait():
            raise NoRasa("the Rasa server ended")


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m nlu.baseline", description=__doc__)
    parser.add_argument("what", choices=["train", "serve"])
    parser.add_argument("--size", type=int, default=SIZE, help="phrases to learn from")
    parser.add_argument("--port", type=int, default=PORT)
    args = parser.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that the server ends with us
    try:
        _train(args.size) if args.what == "train" else _serve(args.port)
    except NoRasa as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def _tool(name: str) -> str:
    path = HOME / "bin" / name
    if not path.exists():
        raise NoRasa("Rasa is not installed: run `make rasa`")
    return str(path)


def _wait(process: subprocess.Popen[bytes], url: str) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError), _DIRECT.open(url, timeout=10):
            return
        time.sleep(0.5)
    raise NoRasa("the Rasa server did not start")


if __name__ == "__main__":
    sys.exit(main())

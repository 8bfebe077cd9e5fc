"""A tiny model of two languages and three topics, trained once from phrases written here."""

from __future__ import annotations

from pathlib import Path

import pytest

from nlu.build import build
from nlu.engine import Engine

PRIORITIES = {"violence_now": 0, "no_food_or_medicine": 1}
PHRASES = {
    "en": {
        "ask_passport": ["how do i renew my passport", "my passport is lost", "passport office fee",
                         "where to get a new passport", "the passport expired last year",
                         "i need a passport for my son"],
        "ask_debts": ["i owe money for the journey", "how can i pay my debt", "my debt is too big",
                      "the smuggler says i owe him money", "who helps with debts",
                      "i borrowed money to travel"],
        "greet": ["hello", "good morning", "hi there", "good evening", "hello my friend", "hey"],
        "out_of_scope": ["who won the match", "play music for me", "weather tomorrow",
                         "recipe for jollof", "tell me a joke", "price of a new phone"],
        "violence_now": ["he is beating me now", "they want to kill me tonight",
                         "my husband beats me with a belt", "help he has a knife",
                         "they are beating my brother", "he is choking me"],
        "no_food_or_medicine": ["we have not eaten for two days", "no food in the house",
                                "my children are hungry today", "no medicine and no money for food",
                                "i am starving here", "we have nothing to eat"],
        "not_urgent": ["this heat is killing me", "the film is about a killer",
                       "beating the drum is my work", "i am so hungry for football",
                       "how do you beat an egg", "what food do you like"],
    },
    "fr": {
        "ask_passport": ["comment renouveler mon passeport", "j'ai perdu mon passeport",
                         "le prix du passeport", "où faire un nouveau passeport",
                         "mon passeport est expiré", "un passeport pour mon fils"],
        "ask_debts": ["je dois de l'argent pour le voyage", "comment payer ma dette",
                      "ma dette est trop grande", "le passeur dit que je lui dois de l'argent",
                      "qui aide pour les dettes", "j'ai emprunté de l'argent"],
        "greet": ["bonjour", "bonsoir", "salut", "bonjour mon ami", "bonne journée", "coucou"],
        "out_of_scope": ["qui a gagné le match", "mets de la musique", "quel temps demain",
                         "la recette du jollof", "raconte une blague", "le prix d'un téléphone"],
        "violence_now": ["il me frappe maintenant", "ils veulent me tuer ce soir",
                         "mon mari me bat avec une ceinture", "au secours il a un couteau",
                         "ils frappent mon frère", "il m'étrangle"],
        "no_food_or_medicine": ["nous n'avons pas mangé depuis deux jours", "rien à manger ici",
                                "mes enfants ont faim", "pas de médicaments ni d'argent",
                                "je meurs de faim vraiment", "il n'y a plus de nourriture"],
        "not_urgent": ["cette chaleur me tue", "le film parle d'un tueur",
                       "je bats le tambour au travail", "j'ai faim de football",
                       "comment battre un oeuf", "quelle nourriture aimes-tu"],
    },
}  # fmt: skip


def write(folder: Path) -> None:
    """Every other phrase by another writer."""
    for language, labels in PHRASES.items():
        for writer in (1, 2):
            blocks = "".join(
                f"- intent: {label}\n  examples: |\n"
                + "".join(f"    - {text}\n" for text in texts[writer - 1 :: 2])
                for label, texts in labels.items()
            )
            path = folder / language / f"all-{writer}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f'version: "3.1"\nnlu:\n{blocks}', encoding="utf-8")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("nlu")
    write(folder / "data")
    path = folder / "model" / "tiny.npz"
    build(PRIORITIES, path=path, folder=folder / "data", tuning=folder / "none")
    return path


@pytest.fixture(scope="session")
def engine(model: Path) -> Engine:
    return Engine.load(model, {"tamale": ("region", "GH-NP")})

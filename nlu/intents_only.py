"""Rasa's importer for this project, run inside Rasa's own Python 3.10: all of `data/` but what is
no intent (urgency classes and look-alikes). `domain.yml` says what is one."""

from __future__ import annotations

from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData


class IntentsOnly(RasaFileImporter):
    """Named in `config.yml`; Rasa finds it when it is started in this folder."""

    def get_nlu_data(self, language: str | None = "en") -> TrainingData:
        """The phrases whose label is an intent of the domain."""
        intents = set(self.get_domain().intents)
        return super().get_nlu_data(language).filter_training_examples(
            lambda message: message.get("intent") in intents
        )

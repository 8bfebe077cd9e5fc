"""What the service knows of one country: files in `content/`, read once, never changed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.library.articles import Article, read_articles
from bot.library.country import Country, read_country
from bot.library.files import read_words
from bot.library.helplines import Helpline, read_helplines
from bot.library.offices import Office, read_offices
from bot.library.regions import Regions, read_regions
from bot.library.safety import SafetyText, read_safety
from bot.library.sectors import read_names, read_sectors
from bot.library.taxonomy import Taxonomy, read_taxonomy

CONTENT = Path(__file__).resolve().parents[2] / "content"

__all__ = ["Article", "Country", "Helpline", "Library", "Office", "Regions", "Taxonomy"]


@dataclass(frozen=True, kw_only=True)
class Library:
    """One country's pack. Lookups are dictionaries: nothing is searched on the message path."""

    taxonomy: Taxonomy
    country: Country
    regions: Regions
    articles: dict[tuple[str, str], Article]  # (topic, language)
    helplines: dict[str, Helpline]
    offices: tuple[Office, ...]
    safety: dict[tuple[str, str], SafetyText]  # (urgency class, language)
    sectors: dict[str, str]  # folded alias: sector id
    sector_names: dict[str, dict[str, str]]  # by id and language
    personal_names: frozenset[str]  # folded; nobody is to be called so in a group

    def article(self, topic: str, language: str) -> Article | None:
        """The article in the person's language, else in the pack's default language."""
        fallback = self.country.default_language
        return self.articles.get((topic, language)) or self.articles.get((topic, fallback))

    def safety_text(self, urgency: str, language: str) -> SafetyText:
        """The fixed text of the class; raises KeyError only if the pack is broken."""
        fallback = self.country.default_language
        return self.safety.get((urgency, language)) or self.safety[urgency, fallback]

    def sector(self, id: str, language: str) -> str:
        """What a sector is called in the person's language, else in the pack's default one."""
        names = self.sector_names.get(id, {})
        return names.get(language) or names.get(self.country.default_language) or id

    def offices_for(self, topic: str) -> tuple[Office, ...]:
        """Offices that serve the topic; every office for the empty topic."""
        return tuple(o for o in self.offices if not topic or topic in o.topics)


def read(country: str, content: Path = CONTENT) -> Library:
    """Reads the pack of `country`; raises FileNotFoundError or ValueError naming the file."""
    pack = content / country
    if not pack.is_dir():
        raise FileNotFoundError(f"there is no content pack for {country!r} in {content}")
    return Library(
        taxonomy=read_taxonomy(content / "taxonomy.yml"),
        country=read_country(pack / "country.yml"),
        regions=read_regions(pack / "regions.yml"),
        articles=read_articles(pack / "articles"),
        helplines=read_helplines(pack / "helplines.yml"),
        offices=read_offices(pack / "services.json"),
        safety=read_safety(pack / "safety"),
        sectors=read_sectors(content / "sectors.yml"),
        sector_names=read_names(content / "sectors.yml"),
        personal_names=read_words(pack / "names.txt"),
    )


"""Words that mean the same at any moment, when they are the whole message.

Folded; in all languages at once, because people keep the keyword they learned first. "yes" is left
out: phone networks use it to opt in.
"""

from __future__ import annotations

from nlu.normalise import fold

_TABLE = {
    "menu": "menu|0|main menu|start menu|accueil|menu principal|sommaire|back to menu|retour menu",
    "help": "help|aide|info|infos|aidez moi svp comment|how does this work|comment ca marche|?",
    "stop": "stop|stopall|stop all|unsubscribe|cancel|end|quit|arret|arrete|arreter|arretez|"
            "stopper|desabonner|desinscrire|se desabonner|stop messages|stop please|stp arret",
    "start": "start|unstop|commencer|reprendre|demarrer|debut|recommencer|resume",
    "human": "person|personne|human|humain|agent|counsellor|counselor|conseiller|conseillere|"
             "operator|operateur|talk to a person|parler a une personne|somebody|real person|"
             "une personne|a person|parler a quelqu'un|parler a un conseiller|call me|appelez moi",
    "languages": "language|languages|langue|langues|change language|changer de langue|"
                 "changer langue|another language|autre langue|lang",
    "language:en": "english|anglais|in english|en anglais|english please|speak english|"
                   "je veux anglais|i want english",
    "language:fr": "french|francais|in french|en francais|francais svp|francais s'il vous plait|"
                   "je veux francais|parler francais|french please|i want french",
    "language:pcm": "pidgin|pijin|in pidgin|pidgin english|pidgin please|broken",
    "language:ak": "twi|akan|asante|fante|asante twi|in twi|twi please|me pe twi|kasa twi",
    "language:ee": "ewe|evegbe|eve|in ewe|ewe please|en ewe",
    "language:ha": "hausa|haoussa|in hausa|en haoussa|hausa please|da hausa",
    "mydata": "my data|mes donnees|mydata|donnees",
    "delete:ask": "delete|supprimer|effacer|delete my data|supprimer mes donnees|"
                  "effacer mes donnees|delete all|delete everything|tout effacer|tout supprimer",
    "link": "link|lier|relier|link phone|link my phone|link another phone|link telegram|"
            "link whatsapp|link sms|another phone|other phone|new phone|autre telephone|"
            "un autre telephone|nouveau telephone|relier un telephone|relier mon telephone|"
            "lier un telephone|lier mon telephone",
    "groups": "groups|my groups|group|groupes|mes groupes|groupe|peer groups|group menu",
    "done": "leave talk|leave the talk|end talk|quitter la discussion|fin de la discussion|"
            "quitter le chat|exit talk",
    "speak": "talk|talk to group|talk to the group|discuter|parler au groupe",
    "unread": "posts|new posts|group news|nouvelles du groupe|messages du groupe",
    "activity": "my activity|mon activite|register|registre",
    "sms:1": "sms yes|sms oui|yes sms|oui sms",
    "sms:0": "sms no|sms non|no sms|non sms|pas de sms",
    "refer::1": "refer yes|yes refer|orienter oui|oui orienter|orientation oui",
    "refer::0": "refer no|no refer|orienter non|non orienter|orientation non",
    "referrals": "referrals|my referrals|referral|orientations|mes orientations",
    "me": "settings|reglages|parametres|about me|profil|profile|mon profil",
    "robot": "are you a robot|are you a bot|are you human|robot|bot|es tu un robot|"
             "vous etes un robot|tu es un robot|c'est un robot|etes vous un robot|is this a robot|"
             "am i talking to a robot|am i talking to a machine|c'est une machine",
}  # fmt: skip

WORDS = {fold(word) or word: token for token, words in _TABLE.items() for word in words.split("|")}


def meaning(text: str) -> str | None:
    """The token of a message that is nothing but one of these words (a leading / is ignored)."""
    plain = text.strip()
    return WORDS.get(fold(plain.removeprefix("/")) or plain)

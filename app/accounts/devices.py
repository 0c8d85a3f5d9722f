"""A browser and its system in two words, so that somebody recognises their own sessions; nothing finer is kept."""

BROWSERS = (("Edg", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)


def name(user_agent: str) -> str:
    """`Firefox, Windows`; empty when nothing is recognised."""
    found = (next((said for mark, said in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS))
    return ", ".join(word for word in found if word)

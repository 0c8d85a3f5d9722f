"""The secretariat's desk for the minutes of one meeting: head, sections in two tracks, votes, circulation."""

from app.forum.minutes.views import sections, texts, votes, work
from app.forum.minutes.views.shared import bp

__all__ = ["bp", "sections", "texts", "votes", "work"]

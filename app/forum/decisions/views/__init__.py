"""The public register, the pages of decisions and actions, and the secretariat's screens."""

from app.forum.decisions.views import action_screens, public, screens, wordings
from app.forum.decisions.views.shared import bp

__all__ = ["action_screens", "bp", "public", "screens", "wordings"]

"""The screens of planning: templates, the meetings of a year, polls on a date, lines that come back."""

from app.forum.planning.views import plan, polls, standing, templates
from app.forum.planning.views.shared import bp

__all__ = ["bp", "plan", "polls", "standing", "templates"]

"""The secretariat's screens: a meeting's working copy, its parts, their order, files, publication."""

from app.forum.agendas.views import copies, files, ordering, parts
from app.forum.agendas.views.shared import bp

__all__ = ["bp", "copies", "files", "ordering", "parts"]

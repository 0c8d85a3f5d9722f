"""Who keeps the register of members."""

from app.forum.members.policy import can_edit, can_link, can_seat, can_state_need

__all__ = ["can_edit", "can_link", "can_seat", "can_state_need"]

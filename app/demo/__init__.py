"""The demo forum: fictional people and organisations, real institutions as such, dates relative to today."""

from app.demo.loader import accounts, describe, fill, is_empty

__all__ = ["accounts", "describe", "fill", "is_empty"]

"""The demo forum: fictional people and organisations, real institutions as such, dates relative to today."""

from app.demo.loader import accounts, code_of, describe, fill, is_empty

__all__ = ["accounts", "code_of", "describe", "fill", "is_empty"]

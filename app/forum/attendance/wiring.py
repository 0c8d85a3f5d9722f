"""What the attendance room registers."""

from flask import Flask

from app.forum.attendance import models as models


def wire(app: Flask) -> None:
    """Its tables are known to the migrations."""

"""Reads of the repository."""

from collections.abc import Sequence

from sqlalchemy import func, select

from app.core import paging
from app.core.extensions import db
from app.forum.documents.models import Document

PAGE_SIZE = 20
NEWEST = (Document.published_at.desc(), Document.id.desc())


def latest(limit: int) -> Sequence[Document]:
    return db.session.scalars(select(Document).order_by(*NEWEST).limit(limit)).all()


def page(number: int) -> paging.Page:
    total = db.session.scalar(select(func.count()).select_from(Document)) or 0
    items = db.session.scalars(
        select(Document).order_by(*NEWEST).offset((number - 1) * PAGE_SIZE).limit(PAGE_SIZE)
    ).all()
    return paging.checked(paging.Page(items, number, PAGE_SIZE, total))

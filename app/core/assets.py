"""The built front end: hashed names from the manifest, served by WhiteNoise with its compressed twins."""

import json
from functools import cache
from pathlib import Path
from typing import Any

from flask import Flask

STATIC = Path(__file__).resolve().parent.parent / "static"
MANIFEST = STATIC / "dist" / "manifest.json"


class AssetsMissing(RuntimeError):
    def __init__(self) -> None:
        super().__init__("the front end is not built: run `make build-assets`")


@cache
def manifest() -> dict[str, str]:
    if not MANIFEST.exists():
        raise AssetsMissing
    names: dict[str, str] = json.loads(MANIFEST.read_text())
    return names


def asset(name: str) -> str:
    """The address of a built file, immutable because its name holds its hash."""
    return f"/static/dist/{manifest()[name]}"


def build_id() -> str:
    """Changes with the built assets; part of every kept page's key."""
    return "-".join(sorted(manifest().values())) if MANIFEST.exists() else "unbuilt"


def install(app: Flask) -> None:
    from whitenoise import WhiteNoise

    from app.core import headers

    security = headers.security(app.config["SESSION_COOKIE_SECURE"])

    def add_headers(given: Any, _path: str, _url: str) -> None:
        for name, value in security.items():
            given[name] = value

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(STATIC),
        prefix="static/",
        allow_all_origins=False,
        add_headers_function=add_headers,
        immutable_file_test=lambda path, url: "/dist/" in url,
        max_age=3600,
    )

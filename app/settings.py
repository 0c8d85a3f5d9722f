"""Settings: demo-safe defaults overridden by FORUM_* variables (names fixed by docs/operations.md).

`load()` returns the Flask configuration; it raises `UnsafeSettings` with every fault at once, so that production
never starts half-safe (security statement S07).
"""

import os
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
LOOPBACK = ["127.0.0.1", "localhost", "[::1]"]
KINDS = ("demo", "production", "test")
WEAK_SECRETS = {"secret", "changeme", "change-me", "dev", "development", "password"}


class UnsafeSettings(Exception):
    """The environment would make the portal unsafe: it must not start."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def database_url(url: str) -> str:
    """Normalise the usual spellings of a PostgreSQL address to the installed driver."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return "postgresql+psycopg://" + url.removeprefix(prefix)
    return url


def load(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Flask configuration from the environment; raises `UnsafeSettings`."""
    kind = environ.get("FORUM_ENV", "demo")
    instance = Path(environ.get("FORUM_INSTANCE", ROOT / "instance"))
    base_url = environ.get("FORUM_BASE_URL", f"http://127.0.0.1:{environ.get('PORT', '5000')}").rstrip("/")
    https = base_url.startswith("https://")
    config: dict[str, Any] = {
        "KIND": kind,
        "INSTANCE": instance,
        "BASE_URL": base_url,
        "TRUSTED_HOSTS": _hosts(environ, kind, base_url),
        "SQLALCHEMY_DATABASE_URI": database_url(
            environ.get("FORUM_DATABASE_URL", f"sqlite:///{instance / 'forum.sqlite3'}")
        ),
        "SECRET_KEY": environ.get("FORUM_SECRET_KEY", ""),
        "SECRET_KEY_FALLBACKS": environ.get("FORUM_SECRET_KEY_FALLBACKS", "").split(),
        "SMTP_URL": environ.get("FORUM_SMTP_URL", ""),
        "MAIL_SENDER": environ.get("FORUM_MAIL_SENDER", "forum@example.org" if kind != "production" else ""),
        "UPLOAD_DIR": Path(environ.get("FORUM_UPLOAD_DIR", instance / "uploads")),
        "UPLOAD_MIN_FREE": 200_000_000,  # bytes that files must leave on the disk: the database and the logs need them
        "PROXY_COUNT": int(environ.get("FORUM_PROXY_COUNT", "0")),
        "PAGE_CACHE": environ.get("FORUM_PAGE_CACHE", "1") != "0",
        "READ_ONLY": environ.get("FORUM_READ_ONLY", "0") == "1",
        "BACKUP_RECIPIENTS": environ.get("FORUM_BACKUP_RECIPIENTS", "").split(),
        "BACKUP_DIR": environ.get("FORUM_BACKUP_DIR", ""),
        "NOW": environ.get("FORUM_NOW", ""),
        "ARGON2_MEMORY_KIB": 8 if kind == "test" else 65536,
        # Flask's own defaults would be unsafe: each one is set here and asserted by a test (S07).
        "SESSION_COOKIE_NAME": "__Host-forum" if https else "forum",
        "SESSION_COOKIE_SECURE": https,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": timedelta(days=7),
        "PREFERRED_URL_SCHEME": "https" if https else "http",
        "MAX_CONTENT_LENGTH": 1_000_000,
        "MAX_FORM_MEMORY_SIZE": 1_000_000,
        "MAX_FORM_PARTS": 500,
        "WTF_CSRF_TIME_LIMIT": None,  # bound to the session: a long draft must not fail after an hour
        "WTF_CSRF_SSL_STRICT": True,
        "BABEL_DEFAULT_LOCALE": "fr",
        "BABEL_DEFAULT_TIMEZONE": "Europe/Paris",
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "SQLALCHEMY_ENGINE_OPTIONS": {},
    }
    if config["SQLALCHEMY_DATABASE_URI"].startswith("postgresql"):
        # A connection that died while the database restarted is replaced, not handed to a reader (R08).
        config["SQLALCHEMY_ENGINE_OPTIONS"] = {"pool_pre_ping": True, "connect_args": {"connect_timeout": 5}}
    faults = _faults(kind, config, environ)
    if faults:
        raise UnsafeSettings(faults)
    if kind != "production" and not config["SECRET_KEY"]:
        config["SECRET_KEY"] = _kept_secret(instance)
    return config


def _hosts(environ: Mapping[str, str], kind: str, base_url: str) -> list[str]:
    named = [host for host in environ.get("FORUM_TRUSTED_HOSTS", "").replace(",", " ").split() if host]
    if kind == "production":
        return named
    own = urlsplit(base_url).hostname or "127.0.0.1"
    return list(dict.fromkeys([*named, *LOOPBACK, own]))


def _faults(kind: str, config: dict[str, Any], environ: Mapping[str, str]) -> list[str]:
    faults = []
    if kind not in KINDS:
        faults.append(f"FORUM_ENV must be one of {', '.join(KINDS)}")
    if config["NOW"]:
        try:
            datetime.fromisoformat(config["NOW"])
        except ValueError:
            faults.append("FORUM_NOW must be an ISO 8601 instant")
    if kind != "production":
        return faults
    secret = config["SECRET_KEY"]
    if len(secret) < 32 or secret.lower() in WEAK_SECRETS or len(set(secret)) < 8:
        faults.append("FORUM_SECRET_KEY must be a random text of 32 characters or more")
    if not config["TRUSTED_HOSTS"]:
        faults.append("FORUM_TRUSTED_HOSTS must name the host of the site")
    if "FORUM_BASE_URL" not in environ or not config["BASE_URL"].startswith("https://"):
        faults.append("FORUM_BASE_URL must be the https address of the site")
    if environ.get("FLASK_DEBUG", "0") not in ("", "0", "false"):
        faults.append("FLASK_DEBUG must be off")
    if config["NOW"]:
        faults.append("FORUM_NOW moves the clock and is refused in production")
    if not config["SMTP_URL"] or not config["MAIL_SENDER"]:
        faults.append("FORUM_SMTP_URL and FORUM_MAIL_SENDER are needed to acknowledge what people send")
    if len(config["BACKUP_RECIPIENTS"]) < 2:
        faults.append("FORUM_BACKUP_RECIPIENTS must name two age public keys or more")
    return faults


def _kept_secret(instance: Path) -> str:
    """The demo's own random secret, made once and kept with mode 0600 so that sessions survive a restart."""
    instance.mkdir(parents=True, exist_ok=True)
    path = instance / "secret-key"
    if not path.exists():
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text()

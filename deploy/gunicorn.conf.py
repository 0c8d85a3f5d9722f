"""gunicorn for production: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`, behind nginx (docs/operations.md)."""

import os

bind = os.environ.get("FORUM_BIND", "unix:/run/forum/forum.sock")
umask = 0o007  # the socket is for the group that nginx is in
workers = int(os.environ.get("WEB_CONCURRENCY", 2 * (os.cpu_count() or 1) + 1))
worker_class = "sync"
preload_app = True  # the workers share the memory of the code

timeout = 30  # a request that takes longer is killed with its worker
graceful_timeout = 30  # what has begun may finish when the service stops
keepalive = 0
backlog = 512

limit_request_line = 4094
limit_request_fields = 60
limit_request_field_size = 8190

control_socket_disable = True
forwarder_headers = ""  # no script name or path from outside
accesslog = None  # the portal writes its own line for each request, without personal data
loglevel = "warning"
forwarded_allow_ips = "127.0.0.1"  # the portal itself reads X-Forwarded-* (FORUM_PROXY_COUNT)


def on_starting(_server):
    from app.core import access_log

    access_log.configure()


def when_ready(server):
    from app.core import processes
    from app.forum.pages import identity
    from app.server import warm

    with server.app.wsgi().app_context():
        identity.warn()
    warm(server.app.wsgi())
    processes.share()

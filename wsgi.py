"""The WSGI entry point: the application behind as many proxies as FORUM_PROXY_COUNT says."""

from werkzeug.middleware.proxy_fix import ProxyFix

from app import create_app

app = create_app()
if app.config["PROXY_COUNT"]:
    count = app.config["PROXY_COUNT"]
    app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]

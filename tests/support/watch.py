"""A witness of everything a page should not do: errors, CSP violations, dialogs, requests to another origin."""

from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Dialog, Page, Request, Response, WebError

_CSP_MARK = "[csp]"
_CSP_LISTENER = f"""
document.addEventListener("securitypolicyviolation", event =>
  console.error("{_CSP_MARK}", event.violatedDirective, event.blockedURI, event.sourceFile + ":" + event.lineNumber));
"""
_STATUS_NOTE = "Failed to load resource: the server responded with a status of"


class Watch:
    """What went wrong in a browser context, from its first page on.

    Answers of 400 and above are problems unless their status is in `expected`: a journey through a refused form says
    `watch.expected.add(422)`. A dialog is one too: nothing here opens any, so it is somebody's script.
    """

    def __init__(self, page: Page, base_url: str) -> None:
        self.expected: set[int] = set()
        self.violations: list[str] = []
        self.noises: list[str] = []
        self.strangers: list[str] = []
        self.answers: list[tuple[int, str]] = []
        self._page = page
        self._origin = urlsplit(base_url)[:2]
        context = page.context
        context.add_init_script(_CSP_LISTENER)
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("dialog", self._on_dialog)
        context.on("request", self._on_request)
        context.on("response", self._on_response)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.text.startswith(_CSP_MARK):
            self.violations.append(message.text)
        elif message.type == "error" and not message.text.startswith(_STATUS_NOTE):
            self.noises.append(f"console: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self.noises.append(f"page error: {error.error}")

    def _on_dialog(self, dialog: Dialog) -> None:
        if dialog.type == "beforeunload":
            dialog.accept()
            return
        self.noises.append(f"dialog: {dialog.type} {dialog.message!r}")
        dialog.dismiss()

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"http", "https", "ws", "wss"} and address[:2] != self._origin:
            self.strangers.append(f"other origin: {request.method} {request.url}")

    def _on_response(self, response: Response) -> None:
        if response.status >= 400:
            self.answers.append((response.status, response.url))

    def problems(self) -> list[str]:
        """Everything that a good page would not have caused, with a moment for the last events to come."""
        if not self._page.is_closed():
            self._page.wait_for_timeout(30)
        answers = [f"answer: {status} {url}" for status, url in self.answers if status not in self.expected]
        return [*self.violations, *self.noises, *self.strangers, *answers]

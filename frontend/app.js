// The portal works without this file. It adds: swaps without a reload (htmx), one submission per
// click, focus and announcements after a swap, a print button, help in writing long texts.
import { Button, ErrorSummary, PasswordInput, SkipLink, createAll } from "govuk-frontend";
import htmx from "htmx.org"; // its settings come from the htmx-config meta element
import { edit } from "./editor.js";

document.documentElement.classList.add("js-enabled");
document.body.classList.add("govuk-frontend-supported"); // govuk-frontend starts nothing without it

function enhance(scope) {
  for (const component of [Button, ErrorSummary, PasswordInput, SkipLink]) createAll(component, undefined, scope);
  for (const button of scope.querySelectorAll("[data-print]")) {
    button.hidden = false; // the page leaves it hidden: without script it could do nothing
    button.addEventListener("click", () => window.print());
  }
}

// The element itself or the first one inside it: a swap may bring either.
function find(root, selector) {
  return root.matches(selector) ? root : root.querySelector(selector);
}

// Someone who does not see the change must land on it: on the errors first, else on what the
// fragment names. tabindex -1 lets a heading take the focus without joining the tab order.
function focusOn(root) {
  const target = find(root, ".govuk-error-summary") ?? find(root, "[data-focus]");
  if (!target) return;
  if (!target.hasAttribute("tabindex")) target.setAttribute("tabindex", "-1");
  target.focus();
}

function announce(text) {
  const status = document.getElementById("status");
  status.textContent = ""; // the same words twice are still two announcements
  requestAnimationFrame(() => { status.textContent = text; });
}

enhance(document);
for (const box of document.querySelectorAll("[data-editor]")) edit(box, announce);

// Called for each element that a swap brings, after htmx has set the page's title from the
// answer's <title>. The first call is for the whole page, which needs neither focus nor words.
htmx.onLoad((root) => {
  if (root === document.body) return;
  enhance(root);
  focusOn(root);
  const said = find(root, "[data-announce]");
  if (said) announce(said.dataset.announce || said.textContent.trim());
});

// An address says what was chosen and nothing else; the link to the other language follows it.
document.addEventListener("htmx:configRequest", ({ detail }) => {
  if (detail.verb !== "get") return; // in what is stored, an emptied field is emptied
  for (const [name, value] of [...detail.formData]) if (value === "") detail.formData.delete(name);
});
function followLanguage() {
  const link = document.querySelector("[data-switch]");
  if (link) link.search = location.search;
}
document.addEventListener("htmx:pushedIntoHistory", followLanguage);
document.addEventListener("htmx:historyRestore", followLanguage);

// Two people in one text: the answer is no error to be told of, but a page that takes the form's place.
document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  if (detail.xhr.status === 409 && detail.xhr.getResponseHeader("HX-Retarget")) {
    detail.shouldSwap = true;
    detail.isError = false;
  }
});

// One form at a time opens inside a list: a second one would hide what was typed in the first.
document.addEventListener("htmx:beforeRequest", (event) => {
  const opened = document.getElementById("part-form");
  if (!opened || !event.target.matches("[data-inline]")) return;
  event.preventDefault();
  announce(event.target.dataset.busy);
  opened.querySelector("input:not([type=hidden]), select, textarea").focus();
});

// Dragging a slot sends the form that its buttons send.
for (const list of document.querySelectorAll("[data-sortable]")) {
  let dragged = null;
  for (const item of list.children) item.draggable = true;
  list.addEventListener("dragstart", (event) => {
    if (event.target.parentElement !== list) return;
    dragged = event.target;
    dragged.classList.add("working__slot--dragged");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.id);
  });
  list.addEventListener("dragover", (event) => {
    const over = event.target.closest("[data-sortable] > li");
    if (!dragged || !over || over.parentElement !== list) return;
    event.preventDefault();
    const { top, height } = over.getBoundingClientRect();
    if (over !== dragged) over[event.clientY < top + height / 2 ? "before" : "after"](dragged);
  });
  list.addEventListener("drop", (event) => event.preventDefault());
  list.addEventListener("dragend", () => {
    dragged.classList.remove("working__slot--dragged");
    const form = dragged.querySelector("[data-move]");
    const place = [...list.children].indexOf(dragged);
    dragged = null;
    for (const [name, value] of Object.entries({ to: "day", day: list.dataset.sortable, place })) {
      const field = Object.assign(document.createElement("input"), { type: "hidden", name, value });
      form.append(field);
    }
    announce(list.dataset.moved);
    form.submit();
  });
}

// What the last action did, on a page that was loaded whole: it is read out as after a swap.
const done = document.querySelector(".notice[data-focus]");
if (done) announce(done.textContent.trim());

// A refused or lost request swaps nothing. Say so, where it can be seen.
function failed() {
  const status = document.getElementById("status");
  status.className = "status-failed";
  announce(status.dataset.failed);
}
document.addEventListener("htmx:responseError", failed);
document.addEventListener("htmx:sendError", failed);
document.addEventListener("htmx:beforeRequest", () => {
  document.getElementById("status").className = "govuk-visually-hidden";
});

// A file takes its time: the button rests until the answer comes, and the wait is said.
document.addEventListener("submit", ({ target: form }) => {
  if (!form.dataset.sending) return;
  const button = form.querySelector("button:not([type=button])");
  setTimeout(() => { button.disabled = true; }); // after the browser has read the form
  announce(form.dataset.sending);
  document.getElementById("status").className = "status-sending";
});
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("form[data-sending] button")) button.disabled = false;
});

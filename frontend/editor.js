// Around a text area of Markdown: buttons for the usual marks, a paste that keeps the structure of what was copied from
// a word processor, and a draft kept on the server while somebody writes. Without this file the text area is whole.

const BLOCKS = new Set(["P", "DIV", "SECTION", "ARTICLE", "BLOCKQUOTE", "H1", "H2", "H3", "H4", "H5", "H6", "PRE"]);
const PAUSE = 2500; // milliseconds after the last key

// -- from what was copied to Markdown ---------------------------------------------------------------------------------

function styled(node, rule) {
  return rule.test(node.dataset.style ?? "");
}

function isBold(node) {
  if (styled(node, /font-weight:\s*(normal|[1-5]00)/)) return false;
  return /^(B|STRONG)$/.test(node.tagName) || styled(node, /font-weight:\s*(bold|[6-9]00)/);
}

function isItalic(node) {
  return /^(I|EM)$/.test(node.tagName) || styled(node, /font-style:\s*italic/);
}

// A mark stays on the word, the blanks beside it outside: « **word** », never « ** word** ».
function marked(text, mark) {
  const [, before, kept, after] = text.match(/^(\s*)([\s\S]*?)(\s*)$/);
  return kept ? `${before}${mark}${kept}${mark}${after}` : text;
}

function inline(node) {
  if (node.nodeType === Node.TEXT_NODE) return node.data.replace(/[ \t\r\n]+/g, " ").replace(/([\\*_`[\]])/g, "\\$1");
  if (node.nodeType !== Node.ELEMENT_NODE || /^(STYLE|SCRIPT|META|LINK|TITLE|XML)$/.test(node.tagName)) return "";
  if (node.tagName === "BR") return "\n";
  const text = [...node.childNodes].map(inline).join("");
  if (node.tagName === "A" && /^https?:|^mailto:/.test(node.href) && text.trim()) return `[${text.trim()}](${node.href})`;
  if (isBold(node)) return marked(text, "**");
  return isItalic(node) ? marked(text, "*") : text;
}

function listed(node, depth = 0) {
  let number = 0;
  return [...node.children].flatMap((item) => {
    if (/^[UO]L$/.test(item.tagName)) return listed(item, depth + 1);
    const inner = [...item.childNodes].filter((one) => !/^[UO]L$/.test(one.tagName)).map(inline).join("").trim();
    const nested = [...item.children].filter((one) => /^[UO]L$/.test(one.tagName));
    number += 1;
    const bullet = node.tagName === "OL" ? `${number}.` : "-";
    return [`${"  ".repeat(depth)}${bullet} ${inner}`, ...nested.flatMap((one) => listed(one, depth + 1))];
  });
}

function tabled(node) {
  const rows = [...node.rows].map((row) => [...row.cells].map((cell) => inline(cell).replace(/\s+/g, " ").replace(/\|/g, "\\|").trim()));
  const width = Math.max(...rows.map((row) => row.length));
  const line = (cells) => `| ${[...cells, ...Array(width - cells.length).fill("")].join(" | ")} |`;
  return [line(rows[0]), line(Array(width).fill("---")), ...rows.slice(1).map(line)].join("\n");
}

// Word writes its lists as paragraphs that begin with a bullet and say so in their style.
function wordItem(node) {
  if (!/mso-list|MsoListParagraph/.test(`${node.dataset.style} ${node.className}`)) return null;
  const text = inline(node).trim().replace(/^(?:[·•o§▪–-]|\d+[.)])\s+/, "");
  return `- ${text}`;
}

function blocks(root) {
  const found = [];
  let run = "";
  const flush = () => { if (run.trim()) found.push(run.trim()); run = ""; };
  for (const node of root.childNodes) {
    const tag = node.tagName;
    if (tag === "TABLE" && node.rows.length) { flush(); found.push(tabled(node)); continue; }
    if (tag === "UL" || tag === "OL") { flush(); found.push(listed(node).join("\n")); continue; }
    if (!BLOCKS.has(tag)) {
      const holds = node.nodeType === Node.ELEMENT_NODE && node.querySelector("p, div, table, ul, ol, h1, h2, h3");
      if (holds) { flush(); found.push(...blocks(node)); } else run += inline(node);
      continue;
    }
    flush();
    if (/^H[1-6]$/.test(tag)) found.push(`${"#".repeat(Math.min(3, Number(tag[1])))} ${inline(node).trim()}`);
    else if (wordItem(node)) found.push(wordItem(node));
    else if (node.querySelector("p, div, table, ul, ol, h1, h2, h3")) found.push(...blocks(node));
    else if (inline(node).trim()) found.push(inline(node).trim());
  }
  flush();
  return found;
}

// Lines of one list stand together, all else is set apart by an empty line.
export function toMarkdown(html) {
  // The policy of the page also watches what is parsed: styles are only read, under another name, handlers are not.
  const bare = html.replace(/<(style|script)\b[\s\S]*?<\/\1\s*>/gi, "")
    .replace(/<[^>]*>/g, (tag) => tag.replace(/\s(style|on\w+)\s*=/gi, " data-$1="));
  const page = new DOMParser().parseFromString(bare, "text/html");
  const isItem = (text) => /^\s*(?:-|\d+\.) /.test(text);
  return blocks(page.body).reduce((text, one, place, all) => {
    if (!place) return one;
    return text + (isItem(one) && isItem(all[place - 1]) ? "\n" : "\n\n") + one;
  }, "");
}

// -- the text area ----------------------------------------------------------------------------------------------------

// Through the browser's own editing, so that Ctrl+Z takes it back.
function put(area, text) {
  area.focus();
  if (!document.execCommand("insertText", false, text)) area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
}

function around(area, before, after = before) {
  const chosen = area.value.slice(area.selectionStart, area.selectionEnd);
  const start = area.selectionStart + before.length;
  put(area, `${before}${chosen}${after}`);
  area.setSelectionRange(start, start + chosen.length);
}

function atLines(area, mark) {
  const start = area.value.lastIndexOf("\n", area.selectionStart - 1) + 1;
  const end = area.selectionEnd;
  area.setSelectionRange(start, end);
  put(area, area.value.slice(start, end).split("\n").map((line) => `${mark}${line}`).join("\n"));
}

const TOOLS = {
  bold: (area) => around(area, "**"),
  italic: (area) => around(area, "*"),
  heading: (area) => atLines(area, "# "),
  list: (area) => atLines(area, "- "),
  link: (area) => around(area, "[", "](https://)"),
  table: (area) => put(area, "\n\n|  |  |\n| --- | --- |\n|  |  |\n"),
};

function toolbar(box, area) {
  const bar = document.createElement("div");
  bar.className = "editor-tools";
  bar.setAttribute("role", "group");
  bar.setAttribute("aria-label", box.dataset.tools);
  for (const [name, act] of Object.entries(TOOLS)) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "editor-tools__button";
    button.textContent = box.dataset[name];
    button.addEventListener("click", () => act(area));
    bar.append(button);
  }
  area.before(bar);
}

function pasting(box, area, announce) {
  area.addEventListener("paste", (event) => {
    const html = event.clipboardData.getData("text/html");
    if (!html) return;
    const text = toMarkdown(html);
    if (!text || text === event.clipboardData.getData("text/plain").trim()) return;
    event.preventDefault();
    put(area, text);
    announce(box.dataset.pasted);
  });
}

function drafting(box, area, announce) {
  const form = area.form;
  let waiting = 0;
  let kept = area.value;
  let failed = false;
  async function keep() {
    if (area.value === kept) return;
    const text = area.value;
    try {
      const answer = await fetch(box.dataset.draft, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        headers: { "HX-Request": "true" },
        redirect: "manual",
      });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const said = page.getElementById("draft-kept"); // any other page says that the session has ended, or worse
      if (!said) throw new Error(answer.status);
      document.getElementById("draft-kept").textContent = said.textContent.trim();
      kept = text;
      failed = false;
    } catch {
      document.getElementById("draft-kept").textContent = box.dataset.lost;
      if (!failed) announce(box.dataset.lost);
      failed = true;
    }
  }
  area.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(keep, PAUSE);
  });
  form.addEventListener("submit", () => clearTimeout(waiting));
}

export function edit(box, announce) {
  const area = box.querySelector("textarea");
  toolbar(box, area);
  pasting(box, area, announce);
  if (box.dataset.draft) drafting(box, area, announce);
}

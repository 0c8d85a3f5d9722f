// Builds the theme, the scripts and the typeface into app/static/dist, under names that carry
// their own digest, so that a browser may keep them for ever. `npm ci`, then `node build.mjs`.
// The same sources always give the same bytes.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import * as esbuild from "esbuild";
import * as sass from "sass";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "app", "static", "dist");
const modules = join(here, "node_modules");
const typeface = join(modules, "@fontsource-variable", "atkinson-hyperlegible-next");
const fonts = {
  "atkinson.woff2": "atkinson-hyperlegible-next-latin-wght-normal.woff2",
  "atkinson-ext.woff2": "atkinson-hyperlegible-next-latin-ext-wght-normal.woff2",
};
// A script that does not exist yet is left out: the ballot booth comes with the elections.
const scripts = ["app.js", "booth.js"].filter((name) => existsSync(join(here, name)));
const manifest = {};

function write(name, content) {
  writeFileSync(join(dist, name), content);
  if (name.endsWith(".woff2")) return; // compressed already
  const bytes = Buffer.from(content);
  writeFileSync(join(dist, `${name}.gz`), gzipSync(bytes, { level: 9 }));
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
  writeFileSync(join(dist, `${name}.br`), brotliCompressSync(bytes, { params }));
}

function publish(name, content) {
  const digest = createHash("sha256").update(content).digest("hex").slice(0, 10);
  const extension = extname(name);
  manifest[name] = `${name.slice(0, -extension.length)}.${digest}${extension}`;
  write(manifest[name], content);
}

function styles() {
  const { css } = sass.compile(join(here, "theme.scss"), { loadPaths: [modules], quietDeps: true });
  const minified = esbuild.transformSync(css, { loader: "css", minify: true, charset: "utf8" }).code;
  // The style sheet lies beside the fonts: only their published names have to be put in.
  return Object.keys(fonts).reduce((text, name) => text.replaceAll(`url(${name})`, `url(${manifest[name]})`), minified);
}

function script(name) {
  const { outputFiles } = esbuild.buildSync({
    absWorkingDir: here,
    entryPoints: [name],
    bundle: true,
    minify: true,
    write: false,
    format: "iife",
    target: "es2020",
    charset: "utf8",
    legalComments: "none", // LICENSES.txt carries them whole
  });
  return Buffer.from(outputFiles[0].contents);
}

function licences() {
  const shipped = ["@fontsource-variable/atkinson-hyperlegible-next", "govuk-frontend", "htmx.org"];
  if (scripts.includes("booth.js")) shipped.push("age-encryption");
  return shipped.map((name) => {
    const folder = join(modules, name);
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    const shippedFile = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    // govuk-frontend's npm package leaves its licence out: it is kept in licences/.
    const file = shippedFile ? join(folder, shippedFile) : join(here, "licences", `${name}.txt`);
    return `${name} ${version}\n${"=".repeat(72)}\n\n${readFileSync(file, "utf8").trim()}\n`;
  }).join("\n\n");
}

rmSync(dist, { recursive: true, force: true });
mkdirSync(dist, { recursive: true });
for (const [name, file] of Object.entries(fonts)) publish(name, readFileSync(join(typeface, "files", file)));
for (const name of ["mark.svg", "favicon.svg"]) publish(name, readFileSync(join(here, name)));
publish("app.css", styles());
for (const name of scripts) publish(name, script(name));
write("OFL.txt", readFileSync(join(typeface, "LICENSE")));
write("LICENSES.txt", licences());
const sorted = Object.fromEntries(Object.entries(manifest).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(join(dist, "manifest.json"), `${JSON.stringify(sorted, null, 2)}\n`);

const size = (name) => `${(readFileSync(join(dist, name)).length / 1000).toFixed(1)} kB`;
for (const name of Object.values(sorted)) {
  const twins = name.endsWith(".woff2") ? "" : `, gzip ${size(`${name}.gz`)}, brotli ${size(`${name}.br`)}`;
  console.log(`${name}: ${size(name)}${twins}`);
}

// Makes the scripts that report.html carries inline. Run: npm ci && npm run build
// Writes src/whipple/report/assets/{stack_view,time_line}.js and the licence notices beside them.
import { build } from "esbuild";
import { readFileSync, writeFileSync } from "node:fs";

const assets = new URL("../../src/whipple/report/assets/", import.meta.url).pathname;
const version = (name) => JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url))).version;
const licence = (name) => readFileSync(new URL(`node_modules/${name}/LICENSE`, import.meta.url), "utf8").trim();

for (const entry of ["stack_view", "time_line"]) {
  await build({
    entryPoints: [`src/${entry}.js`], outfile: `${assets}${entry}.js`, bundle: true, minify: true, format: "iife",
    target: ["es2021"], legalComments: "none", charset: "utf8", treeShaking: true,
  });
}
writeFileSync(`${assets}uplot.css`, readFileSync(new URL("node_modules/uplot/dist/uPlot.min.css", import.meta.url)));
const notice = ["three", "uplot"].map((name) => `${name} ${version(name)}\n\n${licence(name)}\n`).join("\n----\n\n");
writeFileSync(`${assets}NOTICE.txt`, `report.html carries these libraries, bundled by builders/bundle_js.\n\n${notice}`);

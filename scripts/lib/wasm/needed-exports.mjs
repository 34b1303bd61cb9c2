// needed-exports.mjs WASM: prints, as the graph that wasm-metadce reads, the exports of a WebAssembly module that can be
// called. wasm-bindgen exports the methods of every class of every crate; those of a class of which nobody can make an
// object cannot: JavaScript would need the export `{class}_new`, the module the import `__wbg_{class}_new`.
import { readFileSync } from "node:fs";

const wasm = new WebAssembly.Module(readFileSync(process.argv[2]));
const exported = WebAssembly.Module.exports(wasm).map(({ name }) => name);
const imported = WebAssembly.Module.imports(wasm).map(({ name }) => name);

const classes = exported.flatMap((name) => name.match(/^__wbg_(\w+)_free$/)?.[1] ?? []);
const isMade = (name) => exported.includes(`${name}_new`) || imported.some((it) => it.startsWith(`__wbg_${name}_new`));
const unmade = classes.filter((name) => !isMade(name));
const isOf = (method) => (name) =>
  [`${name}_`, `__wbg_${name}_`, `__wbg_get_${name}_`, `__wbg_set_${name}_`].some((start) => method.startsWith(start));
const needed = exported.filter((name) => !unmade.some(isOf(name)));

const nodes = needed.map((name) => ({ name: `export ${name}`, export: name }));
console.log(JSON.stringify([{ name: "caller", root: true, reaches: nodes.map(({ name }) => name) }, ...nodes]));

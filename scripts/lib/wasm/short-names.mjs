// short-names.mjs WASM JS: gives the names that wasm-bindgen has made short forms, in a WebAssembly module and in its
// JavaScript. They are long, and end in hashes, which gzip cannot make smaller.
import { readFileSync, writeFileSync } from "node:fs";
import { EXPORTS, IMPORTS, counted, exports, imports, number, section, sections } from "./format.mjs";

const MADE = /^(__wbg_|__wbindgen_|__externref_|wasm_bindgen_)/;
const IDENTIFIER = /[A-Za-z_$][\w$]*/g;
/** How short names begin. No other name of the JavaScript may. */
const PREFIX = "w$";

const [wasmPath, jsPath] = process.argv.slice(2);
const wasm = readFileSync(wasmPath);
const js = readFileSync(jsPath, "utf8");
const inJs = new Set(js.match(IDENTIFIER));
if ([...inJs].some((name) => name.startsWith(PREFIX))) throw new Error(`${jsPath} has names that begin with ${PREFIX}`);

const short = new Map();

/** The name as it will be. One that the JavaScript does not have as it is may be put together there, and stays. */
function renamed(name) {
  if (!MADE.test(name) || !inJs.has(name)) return name;
  if (!short.has(name)) short.set(name, PREFIX + short.size.toString(36));
  return short.get(name);
}

const named = (name) => counted(Buffer.from(renamed(name)));
const list = (items) => Buffer.concat([number(items.length), ...items]);

const rewrite = {
  [IMPORTS]: (content) =>
    list(
      imports(content).map(({ module, name, kind, rest }) =>
        Buffer.concat([counted(module), named(name), Buffer.from([kind]), rest]),
      ),
    ),
  [EXPORTS]: (content) => list(exports(content).map(({ name, rest }) => Buffer.concat([named(name), rest]))),
};

const written = sections(wasm).map(({ id, content }) => section(id, rewrite[id]?.(content) ?? content));
writeFileSync(wasmPath, Buffer.concat([wasm.subarray(0, 8), ...written]));
writeFileSync(
  jsPath,
  js.replace(IDENTIFIER, (name) => short.get(name) ?? name),
);

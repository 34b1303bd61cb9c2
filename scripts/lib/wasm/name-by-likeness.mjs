// name-by-likeness.mjs WASM PIECE: names the functions of a WebAssembly module so that, sorted by name, functions with
// similar code stand together. gzip finds repetitions within 32 KB only: in this order it finds more of them. PIECE is the
// length of the pieces of code that are compared, in bytes.
import { readFileSync, writeFileSync } from "node:fs";
import { CODE, CUSTOM, FUNCTION, IMPORTS, Reader, counted, imports, number, section, sections } from "./format.mjs";

/** A piece that more functions have says nothing about them. */
const COMMON = 100;
/** How much code before a function counts: half of what gzip looks back at. */
const WINDOW = 16_384;

function bodies(section) {
  const reader = new Reader(section);
  return reader.list(() => reader.counted());
}

/** For each function, the pieces of its code that others have too; and for each piece, its functions. */
function compared(codes, length) {
  const functionsWith = new Map();
  const pieces = codes.map((code) => {
    const text = Buffer.from(code).toString("latin1");
    const starts = Math.max(text.length - length + 1, 0);
    return [...new Set(Array.from({ length: starts }, (_, at) => text.slice(at, at + length)))];
  });
  pieces.forEach((of, index) => {
    for (const piece of of) {
      if (!functionsWith.has(piece)) functionsWith.set(piece, []);
      functionsWith.get(piece).push(index);
    }
  });
  const tells = (piece) => functionsWith.get(piece).length > 1 && functionsWith.get(piece).length < COMMON;
  return { pieces: pieces.map((of) => of.filter(tells)), functionsWith };
}

/** The functions in an order in which each is as similar as possible to those shortly before it. */
function order(codes, length) {
  const { pieces, functionsWith } = compared(codes, length);
  const near = new Map();
  const alike = new Array(codes.length).fill(0);
  const window = [];
  let size = 0;
  const count = (index, by) => {
    size += by * codes[index].length;
    for (const piece of pieces[index]) {
      const before = near.get(piece) ?? 0;
      near.set(piece, before + by);
      if (before === 0 || before + by === 0) for (const other of functionsWith.get(piece)) alike[other] += by;
    }
  };
  const likeness = (index) => alike[index] / (codes[index].length ** 0.7 + 20);
  const left = new Set(codes.keys());
  const ordered = [];
  while (left.size > 0) {
    let next;
    for (const index of left) if (next === undefined || likeness(index) > likeness(next)) next = index;
    left.delete(next);
    ordered.push(next);
    window.push(next);
    count(next, 1);
    while (size > WINDOW && window.length > 1) count(window.shift(), -1);
  }
  return ordered;
}

/** The custom section with the names of the functions. */
function nameSection(first, ordered) {
  const names = new Map(ordered.map((index, rank) => [first + index, String(rank).padStart(6, "0")]));
  const entries = [...names].sort(([one], [other]) => one - other);
  const map = Buffer.concat([
    number(entries.length),
    ...entries.flatMap(([index, name]) => [number(index), counted(Buffer.from(name))]),
  ]);
  const content = Buffer.concat([counted(Buffer.from("name")), Buffer.from([1]), counted(map)]);
  return section(CUSTOM, content);
}

const [path, length] = process.argv.slice(2);
const wasm = readFileSync(path);
const found = new Map(sections(wasm).map(({ id, content }) => [id, content]));
const first = imports(found.get(IMPORTS)).filter(({ kind }) => kind === FUNCTION).length;
writeFileSync(path, Buffer.concat([wasm, nameSection(first, order(bodies(found.get(CODE)), Number(length)))]));

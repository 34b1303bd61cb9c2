// name-by-likeness.mjs WASM: names the functions of a WebAssembly module so that, sorted by name, functions with similar
// code stand together. gzip finds repetitions within 32 KB only: in this order it finds more of them.
import { readFileSync, writeFileSync } from "node:fs";

const IMPORTS = 2;
const CODE = 10;
/** Kinds of imports. A tag is a type of exceptions. */
const FUNCTION = 0;
const TAG = 4;
/** The length of the pieces of code that are compared, in bytes. */
const PIECE = 6;
/** A piece that more functions have says nothing about them. */
const COMMON = 100;
/** How much code before a function counts: half of what gzip looks back at. */
const WINDOW = 16_384;

class Reader {
  constructor(bytes, at = 0) {
    this.bytes = bytes;
    this.at = at;
  }

  number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.bytes[this.at++];
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  }

  take(length) {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
}

function sections(wasm) {
  const found = new Map();
  const reader = new Reader(wasm, 8);
  while (reader.at < wasm.length) {
    const id = reader.take(1)[0];
    found.set(id, reader.take(reader.number()));
  }
  return found;
}

/** How many functions are imported. They come first among the functions. */
function importedFunctions(section) {
  const reader = new Reader(section);
  let functions = 0;
  for (let left = reader.number(); left > 0; left--) {
    reader.take(reader.number());
    reader.take(reader.number());
    const kind = reader.take(1)[0];
    if (kind !== FUNCTION && kind !== TAG) throw new Error(`an import of kind ${kind} is not expected`);
    if (kind === TAG) reader.take(1);
    reader.number();
    if (kind === FUNCTION) functions++;
  }
  return functions;
}

function bodies(section) {
  const reader = new Reader(section);
  return Array.from({ length: reader.number() }, () => reader.take(reader.number()));
}

/** For each function, the pieces of its code that others have too; and for each piece, its functions. */
function compared(codes) {
  const functionsWith = new Map();
  const pieces = codes.map((code) => {
    const text = Buffer.from(code).toString("latin1");
    const starts = Math.max(text.length - PIECE + 1, 0);
    return [...new Set(Array.from({ length: starts }, (_, at) => text.slice(at, at + PIECE)))];
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
function order(codes) {
  const { pieces, functionsWith } = compared(codes);
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

function number(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}

const counted = (bytes) => Buffer.concat([number(bytes.length), bytes]);

/** The custom section with the names of the functions. */
function nameSection(first, ordered) {
  const names = new Map(ordered.map((index, rank) => [first + index, String(rank).padStart(6, "0")]));
  const entries = [...names].sort(([one], [other]) => one - other);
  const map = Buffer.concat([
    number(entries.length),
    ...entries.flatMap(([index, name]) => [number(index), counted(Buffer.from(name))]),
  ]);
  const content = Buffer.concat([counted(Buffer.from("name")), Buffer.from([1]), counted(map)]);
  return Buffer.concat([Buffer.from([0]), counted(content)]);
}

const [path] = process.argv.slice(2);
const wasm = readFileSync(path);
const found = sections(wasm);
const section = nameSection(importedFunctions(found.get(IMPORTS)), order(bodies(found.get(CODE))));
writeFileSync(path, Buffer.concat([wasm, section]));

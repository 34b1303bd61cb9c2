// The parts of a WebAssembly module in its binary format that scripts/build.sh reads and writes.

export const CUSTOM = 0;
export const IMPORTS = 2;
export const EXPORTS = 7;
export const CODE = 10;
/** Kinds of imports. A tag is a type of exceptions. */
export const FUNCTION = 0;
const TAG = 4;

/** Reads what a section holds. */
export class Reader {
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

  /** What stands after its own length. */
  counted() {
    return this.take(this.number());
  }

  /** As many items as a number in front says. */
  list(item) {
    return Array.from({ length: this.number() }, item);
  }
}

/** The sections of a module, in order. */
export function sections(wasm) {
  const reader = new Reader(wasm, 8);
  const found = [];
  while (reader.at < wasm.length) found.push({ id: reader.take(1)[0], content: reader.counted() });
  return found;
}

/** The imports of a module. `rest`: what stands behind the name and the kind. */
export function imports(content) {
  const reader = new Reader(content);
  return reader.list(() => {
    const [module, name] = [reader.counted(), reader.counted().toString()];
    const kind = reader.take(1)[0];
    if (kind !== FUNCTION && kind !== TAG) throw new Error(`an import of kind ${kind} is not expected`);
    const begin = reader.at;
    if (kind === TAG) reader.take(1);
    reader.number();
    return { module, name, kind, rest: content.subarray(begin, reader.at) };
  });
}

/** The exports of a module. `rest`: what stands behind the name. */
export function exports(content) {
  const reader = new Reader(content);
  return reader.list(() => {
    const name = reader.counted().toString();
    const begin = reader.at;
    reader.take(1);
    reader.number();
    return { name, rest: content.subarray(begin, reader.at) };
  });
}

export function number(value) {
  const bytes = [];
  for (; value >= 0x80; value = Math.floor(value / 0x80)) bytes.push((value % 0x80) | 0x80);
  return Buffer.from([...bytes, value]);
}

export const counted = (bytes) => Buffer.concat([number(bytes.length), bytes]);

export const section = (id, content) => Buffer.concat([Buffer.from([id]), counted(content)]);

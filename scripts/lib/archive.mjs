// archive.mjs FOLDER ARCHIVE: packs FOLDER into ARCHIVE, a .tar.gz, and writes ARCHIVE.sha256 for `sha256sum -c`. Of the
// files, only names and contents count: no date, owner or mode. So the same files give the same bytes, which the options
// of tar could only promise for GNU tar. The compression is Node's, and may differ between its versions.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";

const BLOCK = 512;
const LONGEST_NAME = 100;
/** The date that npm gives to the files of its packages. Some programs dislike 1970. */
const DATE = Date.UTC(1985, 9, 26, 8, 15) / 1000;

/** The paths of all files below a folder, sorted by their bytes. */
function files(folder) {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.sort((one, other) => Buffer.compare(Buffer.from(one), Buffer.from(other)));
}

/** A number as tar writes it: octal digits and a zero byte, in a field of this length. */
const octal = (value, length) => `${value.toString(8).padStart(length - 1, "0")}\0`;

/** The header of a file, in the format ustar of POSIX. */
function header(name, size) {
  if (Buffer.byteLength(name) > LONGEST_NAME) throw new Error(`the name is too long for tar: ${name}`);
  const block = Buffer.alloc(BLOCK);
  const owner = octal(0, 8);
  block.write(name);
  block.write(`${octal(0o644, 8)}${owner}${owner}${octal(size, 12)}${octal(DATE, 12)}`, 100);
  block.write("        0", 148); // the sum counts as spaces; 0 is a file
  block.write("ustar\x0000", 257);
  const sum = block.reduce((all, byte) => all + byte, 0);
  block.write(`${octal(sum, 7)} `, 148);
  return block;
}

/** A file in the archive: its header, and its content in whole blocks. */
function packed(name, content) {
  const padding = Buffer.alloc(-content.length & (BLOCK - 1));
  return [header(name, content.length), content, padding];
}

const [folder, archive] = process.argv.slice(2);
const inArchive = (path) => path.slice(folder.length - basename(folder).length).replaceAll("\\", "/");
const blocks = files(folder).flatMap((path) => packed(inArchive(path), readFileSync(path)));
const tar = Buffer.concat([...blocks, Buffer.alloc(2 * BLOCK)]);
// Byte 9 is the operating system: 255 stands for none.
const compressed = gzipSync(tar, { level: 9 });
compressed[9] = 255;
const sum = createHash("sha256").update(compressed).digest("hex");
// Renamed at the end, so that no half-written archive is ever taken for one.
writeFileSync(`${archive}.part`, compressed);
writeFileSync(`${archive}.sha256`, `${sum}  ${basename(archive)}\n`);
renameSync(`${archive}.part`, archive);

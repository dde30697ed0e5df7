import { gzipSync } from 'node:zlib';

/** A member of a hand-made tar archive. Whatever is given is written, be it true or not. */
export interface CraftedTarMember {
  name: string;
  content?: string | Buffer;
  /** The type flag: `0` a file, `5` a folder, `2` a symbolic link … */
  type?: string;
  mode?: number;
  linkName?: string;
  /** Default: the content's. */
  size?: number;
}

/** Writes a tar archive by hand, unpacked: honest archivers refuse to make what an attacker would. */
export function craftTar(members: readonly CraftedTarMember[]): Buffer {
  return Buffer.concat([...members.map(blocksOf), Buffer.alloc(1024)]);
}

/** The same, in gzip. */
export function craftTarGz(members: readonly CraftedTarMember[]): Buffer {
  return gzipSync(craftTar(members));
}

function blocksOf({ name, content = '', type = '0', mode = 0o644, linkName = '', size }: CraftedTarMember): Buffer {
  const bytes = Buffer.from(content);
  const header = Buffer.alloc(512);
  header.write(name, 0, 100);
  header.write(`${mode.toString(8).padStart(7, '0')}\0`, 100);
  header.write('0000000\0'.repeat(2), 108);
  header.write(`${(size ?? bytes.length).toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write(' '.repeat(8), 148);
  header.write(type, 156);
  header.write(linkName, 157, 100);
  header.write('ustar\x0000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  const padding = Buffer.alloc((512 - (bytes.length % 512)) % 512);
  // A long name in a member of its own before, as GNU tar writes it.
  const long =
    Buffer.byteLength(name) > 100
      ? blocksOf({ name: '././@LongLink', type: 'L', content: `${name}\0` })
      : Buffer.alloc(0);
  return Buffer.concat([long, header, bytes, padding]);
}

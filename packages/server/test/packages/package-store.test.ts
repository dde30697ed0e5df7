import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EXPIRY_MS, filesOf, MAX_BYTES, opening, pieces } from './opening.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a package', () => {
  it('is found as it was put, also by the next server', async () => {
    const { packages, reopen } = await opening();
    const stored = { name: 'a.zip', sizeBytes: 6, sha256: sha256('abcdef') };
    expect(await packages.put('a.zip', pieces(['abc', '', 'def']))).toEqual(stored);
    expect(await packages.find('a.zip')).toEqual(stored);
    const next = await reopen();
    expect(await next.packages.find('a.zip')).toEqual(stored);
    expect(await readFile((await next.packages.locate('a.zip')) ?? '', 'utf8')).toBe('abcdef');
  });

  it('is absent before it was put', async () => {
    const { packages } = await opening();
    expect(await packages.find('a.zip')).toBeNull();
    expect(await packages.locate('a.zip')).toBeNull();
  });

  it('is replaced by one of the same name, while whoever reads the old one has its bytes', async () => {
    const { packages, directory } = await opening();
    await packages.put('a.zip', pieces(['old']));
    const old = (await packages.locate('a.zip')) ?? '';
    await packages.put('a.zip', pieces(['new']));
    expect(await readFile(old, 'utf8')).toBe('old');
    expect(await readFile((await packages.locate('a.zip')) ?? '', 'utf8')).toBe('new');
    expect((await filesOf(directory)).incoming).toEqual([]);
  });

  it('shares its bytes with others that have the same', async () => {
    const { packages, directory } = await opening();
    await packages.put('a.zip', pieces(['same']));
    await packages.put('b.whl', pieces(['same']));
    expect(await filesOf(directory)).toMatchObject({ names: ['a.zip', 'b.whl'], contents: [sha256('same')] });
  });

  it.each(['', '.', '..', '.hidden', 'a/b', 'a b', 'ä', 'x'.repeat(201)])('cannot be called %j', async (name) => {
    const { packages } = await opening();
    for (const refused of [packages.find(name), packages.locate(name), packages.put(name, pieces(['x']))]) {
      await expect(refused).rejects.toMatchObject({ code: 'INVALID_PACKAGE_NAME' });
    }
  });

  it('is dropped, with a warning, when its bytes have changed on disk; the next upload heals it', async () => {
    const { packages, directory, warnings } = await opening();
    await packages.put('a.zip', pieces(['good']));
    await writeFile(join(directory, 'contents', sha256('good')), 'evil');
    expect(await packages.locate('a.zip')).toBeNull();
    expect(await packages.find('a.zip')).toBeNull();
    expect(warnings).toEqual([expect.stringContaining('a.zip')]);
    await packages.put('a.zip', pieces(['good']));
    expect(await packages.locate('a.zip')).not.toBeNull();
  });
});

describe('an upload', () => {
  it('of the largest size is taken, and of one byte more leaves nothing', async () => {
    const { packages, directory } = await opening();
    await packages.put('most', pieces([Buffer.alloc(MAX_BYTES)]));
    const tooLarge = packages.put('more', pieces([Buffer.alloc(MAX_BYTES), 'x']));
    await expect(tooLarge).rejects.toMatchObject({ code: 'PACKAGE_TOO_LARGE', details: { limitBytes: MAX_BYTES } });
    expect(await filesOf(directory)).toMatchObject({ names: ['most'], incoming: [] });
  });

  it('that breaks off leaves what was there before', async () => {
    const { packages, directory } = await opening();
    await packages.put('a', pieces(['whole']));
    const failure = new Error('connection lost');
    await expect(packages.put('a', pieces(['ha'], failure))).rejects.toBe(failure);
    expect((await packages.find('a'))?.sha256).toBe(sha256('whole'));
    expect((await filesOf(directory)).incoming).toEqual([]);
  });

  it('that a killed server received in part is removed at the next start', async () => {
    const { packages, directory, reopen } = await opening();
    await packages.put('a', pieces(['kept']));
    await writeFile(join(directory, 'incoming', 'half'), 'ha');
    const next = await reopen();
    expect(await filesOf(directory)).toEqual({ names: ['a'], contents: [sha256('kept')], incoming: [] });
    expect(await next.packages.find('a')).not.toBeNull();
  });
});

describe('a sweep', () => {
  const nobody = () => false;

  it('removes what nobody asked for within the expiry, with its bytes', async () => {
    const { packages, directory, wait } = await opening();
    await packages.put('asked', pieces(['1']));
    await packages.put('forgotten', pieces(['2']));
    wait(EXPIRY_MS - 1);
    await packages.find('asked');
    expect(await packages.sweep(nobody)).toBe(0);
    wait(1);
    expect(await packages.sweep(nobody)).toBe(1);
    expect(await filesOf(directory)).toMatchObject({ names: ['asked'], contents: [sha256('1')] });
  });

  it('asks about expired packages only, and keeps what is needed', async () => {
    const { packages, wait } = await opening();
    await packages.put('needed', pieces(['1']));
    await packages.put('not', pieces(['2']));
    wait(EXPIRY_MS);
    await packages.put('fresh', pieces(['3']));
    const asked: string[] = [];
    const removed = await packages.sweep(async (name) => {
      asked.push(name);
      return name === 'needed';
    });
    expect({ removed, asked: asked.sort() }).toEqual({ removed: 1, asked: ['needed', 'not'] });
    expect(await packages.find('needed')).not.toBeNull();
    expect(await packages.find('not')).toBeNull();
  });

  it('spares one that is asked for while the sweep asks', async () => {
    const { packages, wait } = await opening();
    await packages.put('a', pieces(['1']));
    wait(EXPIRY_MS);
    const removed = await packages.sweep(async (name) => {
      await packages.find(name);
      return false;
    });
    expect(removed).toBe(0);
    expect(await packages.find('a')).not.toBeNull();
  });

  it('keeps replaced bytes for whoever was told their path, until that expires as well', async () => {
    const { packages, directory, wait } = await opening();
    await packages.put('a', pieces(['old']));
    wait(EXPIRY_MS - 1);
    await packages.locate('a');
    await packages.put('a', pieces(['new']));
    wait(1);
    await packages.sweep(nobody);
    expect((await filesOf(directory)).contents.sort()).toEqual([sha256('old'), sha256('new')].sort());
    wait(EXPIRY_MS - 2);
    await packages.find('a');
    wait(1);
    await packages.sweep(nobody);
    expect((await filesOf(directory)).contents).toEqual([sha256('new')]);
  });

  it('takes its start for the last time that anybody asked', async () => {
    const { packages, reopen } = await opening();
    await packages.put('a', pieces(['1']));
    const next = await reopen();
    next.wait(EXPIRY_MS - 1);
    expect(await next.packages.sweep(nobody)).toBe(0);
    next.wait(1);
    expect(await next.packages.sweep(nobody)).toBe(1);
  });
});

describe('whatever happens at once', () => {
  it('a name leads to whole bytes that were put under it, and every answer to its checksum', async () => {
    const names = fc.constantFrom('a', 'b');
    const texts = fc.constantFrom('1', '22', '333', '2'.repeat(MAX_BYTES + 1));
    const action = fc.oneof(
      fc.record({ kind: fc.constant('put' as const), name: names, text: texts }),
      fc.record({ kind: fc.constant('find' as const), name: names }),
      fc.record({ kind: fc.constant('locate' as const), name: names }),
      fc.record({ kind: fc.constant('sweep' as const) }),
      fc.record({ kind: fc.constant('wait' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(action, { maxLength: 20 }), async (actions) => {
        const { packages, directory, wait } = await opening();
        const put = { a: new Set<string>(), b: new Set<string>() };
        const seen: [name: 'a' | 'b', sha256: string][] = [];
        await Promise.all(
          actions.map(async (item) => {
            if (item.kind === 'wait') return wait(EXPIRY_MS);
            if (item.kind === 'sweep') return packages.sweep(() => false);
            if (item.kind === 'put') {
              const isRefused = item.text.length > MAX_BYTES;
              if (!isRefused) put[item.name].add(sha256(item.text));
              const outcome = packages.put(item.name, pieces([...item.text].length > 9 ? [item.text] : [...item.text]));
              if (isRefused) await expect(outcome).rejects.toMatchObject({ code: 'PACKAGE_TOO_LARGE' });
              else expect((await outcome).sha256).toBe(sha256(item.text));
              return;
            }
            const found = item.kind === 'find' ? await packages.find(item.name) : null;
            const path = item.kind === 'locate' ? await packages.locate(item.name) : null;
            if (found !== null) seen.push([item.name, found.sha256]);
            if (path !== null) seen.push([item.name, sha256(await readFile(path, 'utf8'))]);
          }),
        );
        for (const [name, checksum] of seen) expect(put[name]).toContain(checksum);
        expect((await filesOf(directory)).incoming).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });
});

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRuntimeEnv } from '../../src/environment/plan.ts';
import type { JsonObject, JsonValue } from '../../src/job/job.ts';

/** Where Python's `str.splitlines` ends a line. */
const PYTHON_LINE_BREAKS = ['\n', '\r', '\v', '\f', '\x1c', '\x1d', '\x1e', '\x85', '\u2028', '\u2029'];

const workingDirectoryOf = (workingDir: JsonValue) =>
  checkRuntimeEnv({ working_dir: workingDir }).plan?.workingDirectory;

function problemOf(runtimeEnv: JsonObject): string {
  const { plan, problems } = checkRuntimeEnv(runtimeEnv);
  expect(plan).toBeNull();
  expect(problems).toHaveLength(1);
  return `${problems[0]?.field} ${problems[0]?.message}`;
}

describe('checkRuntimeEnv', () => {
  it('plans the whole of what is asked for', () => {
    const check = checkRuntimeEnv({
      working_dir: 'file:///data/job.zip',
      env_vars: { REGION: 'north', EMPTY: '' },
      pip: ['numpy==1.24', ' scipy '],
      config: { setup_timeout_seconds: 90, eager_install: true },
      excludes: ['*.log'],
    });
    expect(check).toEqual({
      plan: {
        workingDirectory: { kind: 'file', path: '/data/job.zip', uri: 'file:///data/job.zip' },
        pyModules: [],
        variables: { REGION: 'north', EMPTY: '' },
        pip: { requirements: ['numpy==1.24', 'scipy'], check: true, pipVersion: null },
        conda: { kind: 'none' },
        setupTimeoutMs: 90_000,
      },
      problems: [],
      unknownFields: [],
      impossibleFields: [],
    });
  });

  it('takes absent and null fields for none', () => {
    const nothing = {
      workingDirectory: { kind: 'none' },
      pyModules: [],
      variables: {},
      pip: { requirements: [], check: false, pipVersion: null },
      conda: { kind: 'none' },
      setupTimeoutMs: 600_000,
    };
    expect(checkRuntimeEnv({}).plan).toEqual(nothing);
    const nulls = { working_dir: null, env_vars: null, pip: null, config: null, conda: null, py_modules: [] };
    expect(checkRuntimeEnv(nulls).plan).toEqual(nothing);
    expect(checkRuntimeEnv({ working_dir: '' }).plan).toEqual(nothing);
  });

  it('names every problem at once, with its field', () => {
    const { problems } = checkRuntimeEnv({ working_dir: 1, env_vars: { 'A-B': 'x', C: 1 }, pip: 'six', config: [] });
    expect(problems.map(({ field }) => field)).toEqual(['working_dir', 'env_vars', 'env_vars', 'pip', 'config']);
  });

  it('lists unknown fields and plans all the same', () => {
    const { plan, unknownFields } = checkRuntimeEnv({ _ray_commit: 'abc', wrkng_dir: '/', config: { log_files: [] } });
    expect(unknownFields).toEqual(['_ray_commit', 'wrkng_dir', 'config.log_files']);
    expect(plan).not.toBeNull();
  });

  it('names fields that are known and impossible here, and plans nothing then', () => {
    const check = checkRuntimeEnv({ conda: 'base', image_uri: 'python:3.12' });
    expect(check.plan).toBeNull();
    expect(check.problems).toEqual([]);
    expect(check.unknownFields).toEqual([]);
    expect(check.impossibleFields.map(({ field }) => field)).toEqual(['conda', 'image_uri']);
  });

  it('answers any JSON object without throwing, with a plan or a reason for none', () => {
    const fields = fc.constantFrom('working_dir', 'env_vars', 'pip', 'config', 'conda', 'excludes', '__proto__', 'x');
    fc.assert(
      fc.property(fc.dictionary(fields, fc.jsonValue()), (given) => {
        // Through JSON, as it arrives.
        const runtimeEnv: JsonObject = JSON.parse(JSON.stringify(given));
        const { plan, problems, impossibleFields } = checkRuntimeEnv(runtimeEnv);
        expect(plan === null).toBe(problems.length + impossibleFields.length > 0);
      }),
    );
  });
});

describe('working_dir', () => {
  it('is a directory where it is an absolute path', () => {
    expect(workingDirectoryOf('/data/my project')).toEqual({ kind: 'directory', path: '/data/my project' });
  });

  it.each([
    ['file:///data/job.zip', '/data/job.zip'],
    ['file://localhost/data/job.zip', '/data/job.zip'],
    ['file:/data/job.zip', '/data/job.zip'],
    ['FILE:///data/Job.ZIP', '/data/Job.ZIP'],
    ['file:///data/my%20job%23%31.zip', '/data/my job#1.zip'],
    ['file:///data/gr%C3%BC%C3%9Fe.zip', '/data/grüße.zip'],
    ['file:///data/a+b.zip', '/data/a+b.zip'],
  ])('%s is the archive %s', (uri, path) => {
    expect(workingDirectoryOf(uri)).toEqual({ kind: 'file', path, uri });
  });

  it.each([
    ['s3://bucket/job.zip', '"s3://bucket/job.zip": scheme not allowed; allowed are'],
    ['gcs://', 'is no name that a package can have'],
    ['gcs://a/../b.zip', 'is no name that a package can have'],
    ['gcs://.hidden', 'is no name that a package can have'],
    ['https://user:secret@example.com/job.zip', 'holds a user name or password'],
    ['http://', 'is no address'],
    ['./relative', '"./relative" is a relative path'],
    ['file://other/data/job.zip', 'names the host "other"'],
    ['file:relative.zip', 'has no absolute path'],
    ['file:///data/job.zip?x=1', 'has a query or fragment'],
    ['file:///data/job#1.zip', 'has a query or fragment'],
    ['file:///data/100%.zip', 'has a % that begins no UTF-8 character'],
    ['file:///data/%FF.zip', 'has a % that begins no UTF-8 character'],
    ['file:///data/job%00.zip', 'contains a NUL character'],
    ['/data/\0', 'contains a NUL character'],
  ])('%s is refused', (uri, problem) => {
    const text = problemOf({ working_dir: uri });
    expect(text).toMatch(/^working_dir /);
    expect(text).toContain(problem);
  });

  it.each(['_ray_pkg_1.zip', 'job.tar.gz', 'a-1.0-py3-none-any.whl', 'plain'])(
    'gcs://%s is an uploaded package',
    (name) => {
      expect(workingDirectoryOf(`gcs://${name}`)).toEqual({ kind: 'package', name, uri: `gcs://${name}` });
    },
  );

  it('finds every absolute path in its URI again', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        const path = `/data/${name.replaceAll('\0', '')}`;
        const uri = `file://${path.split('/').map(encodeURIComponent).join('/')}`;
        expect(workingDirectoryOf(uri)).toEqual({ kind: 'file', path, uri });
      }),
    );
  });
});

describe('py_modules', () => {
  it('are directories and archives, in the order given', () => {
    const { plan } = checkRuntimeEnv({ py_modules: ['/srv/tools', 'gcs://a.zip', 'file:///b.whl'] });
    expect(plan?.pyModules).toEqual([
      { kind: 'directory', path: '/srv/tools' },
      { kind: 'package', name: 'a.zip', uri: 'gcs://a.zip' },
      { kind: 'file', path: '/b.whl', uri: 'file:///b.whl' },
    ]);
  });

  it('are refused by entry, in another form, and in great numbers', () => {
    expect(problemOf({ py_modules: ['/srv', 'tools'] })).toMatch(/^py_modules \[1\] "tools" is a relative path/);
    expect(problemOf({ py_modules: 'gcs://a.zip' })).toMatch(/^py_modules must be an array/);
    expect(problemOf({ py_modules: Array(101).fill('/srv') })).toMatch(/^py_modules has 101 entries/);
  });
});

describe('py_executable', () => {
  it('is a string, and of no consequence for the driver', () => {
    expect(checkRuntimeEnv({ py_executable: 'python -v' }).plan).toEqual(checkRuntimeEnv({}).plan);
    expect(problemOf({ py_executable: 1 })).toBe('py_executable must be a string, not a number');
  });
});

describe('env_vars', () => {
  it.each(['1A', 'A-B', 'A B', '', 'Ä', 'A=B', 'A\n'])('the name %j is refused', (name) => {
    expect(problemOf({ env_vars: { [name]: 'x' } })).toContain(
      `has the name ${JSON.stringify(name)}: a name consists of`,
    );
  });

  it('values must be strings without NUL', () => {
    expect(problemOf({ env_vars: { A: 1 } })).toContain('has a number as the value of "A": a value must be a string');
    expect(problemOf({ env_vars: { A: null } })).toContain('has null as the value of "A"');
    expect(problemOf({ env_vars: { A: 'x\0y' } })).toContain('has a NUL character in the value of "A"');
    expect(problemOf({ env_vars: ['A=1'] })).toContain('must be an object of strings, not an array');
  });

  it('a variable has at most 128 KiB with its name, as the kernel counts', () => {
    const longest = 'x'.repeat(128 * 1024 - 3);
    expect(checkRuntimeEnv({ env_vars: { A: longest } }).plan).not.toBeNull();
    expect(problemOf({ env_vars: { A: `${longest}x` } })).toContain('131073 bytes');
    expect(problemOf({ env_vars: { A: 'ü'.repeat(70_000) } })).toContain('140003 bytes');
  });

  it('all together have at most 1 MiB', () => {
    const variables = Array.from({ length: 9 }, (_, index) => [`V${index}`, 'x'.repeat(120 * 1024)]);
    expect(problemOf({ env_vars: Object.fromEntries(variables) })).toContain('bytes in all; at most 1048576');
  });

  it('reports a handful of thousands', () => {
    const variables = Array.from({ length: 5_000 }, (_, index) => [`${index}`, 'x']);
    expect(checkRuntimeEnv({ env_vars: Object.fromEntries(variables) }).problems).toHaveLength(10);
  });

  it('keeps the valid name __proto__', () => {
    const runtimeEnv: JsonObject = JSON.parse('{"env_vars": {"__proto__": "x"}}');
    const variables = checkRuntimeEnv(runtimeEnv).plan?.variables ?? {};
    expect(Object.entries(variables)).toEqual([['__proto__', 'x']]);
  });

  it('accepts exactly what the rule says', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (name, value) => {
        const isAllowed = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !value.includes('\0');
        const { plan } = checkRuntimeEnv({ env_vars: Object.fromEntries([[name, value]]) });
        expect(plan?.variables).toEqual(isAllowed ? Object.fromEntries([[name, value]]) : undefined);
      }),
    );
  });
});

describe('pip', () => {
  it('takes versions, extras, markers and addresses', () => {
    const pip = ['numpy==1.24', 'ray[default]>=2', "tomli; python_version < '3.11'", 'pkg @ https://example.com/p.whl'];
    expect(checkRuntimeEnv({ pip }).plan?.pip).toEqual({ requirements: pip, check: true, pipVersion: null });
  });

  it.each([
    ['-r /etc/passwd', 'is an option of pip'],
    ['  --index-url http://evil', 'is an option of pip'],
    ['six\n--index-url http://evil', 'contains a line break'],
    ['six\r--pre', 'contains a line break'],
    ['six\u2028--pre', 'contains a line break'],
    ['six\0', 'contains a line break or control character'],
    ['six \\', 'ends with a backslash'],
    ['# six', 'is a comment'],
    [' ', 'is empty'],
  ])('%j is refused', (requirement, problem) => {
    expect(problemOf({ pip: ['numpy', requirement] })).toMatch(/^pip \[1\] /);
    expect(problemOf({ pip: ['numpy', requirement] })).toContain(problem);
  });

  it('refuses the forms that other servers take, with a sentence', () => {
    expect(problemOf({ pip: 'requirements.txt' })).toContain('must be an array of requirement strings');
    expect(problemOf({ pip: { packages: 'six' } })).toContain('has a string as packages');
    expect(problemOf({ pip: [1] })).toContain('[0] must be a requirement string, not a number');
  });

  it("takes Ray's object form, comments and empty lines of a requirements file left out", () => {
    const packages = ['# for tests', 'six==1.16', '', '  ', 'tomli'];
    const pip = { packages, pip_check: true, pip_version: '== 24.0', pip_install_options: ['--no-cache-dir'] };
    expect(checkRuntimeEnv({ pip }).plan?.pip).toEqual({
      requirements: ['six==1.16', 'tomli'],
      check: true,
      pipVersion: '==24.0',
    });
    expect(checkRuntimeEnv({ pip: { packages: ['six'] } }).plan?.pip.check).toBe(false);
    expect(checkRuntimeEnv({ pip: {} }).plan?.pip.requirements).toEqual([]);
  });

  it.each([
    [{ packages: ['-r x'] }, 'is an option of pip'],
    [{ packages: ['six'], pip_check: 'yes' }, 'has a string as pip_check'],
    [{ packages: ['six'], pip_version: '24.0; rm -rf' }, 'is no version specifier'],
    [{ packages: ['six'], pip_version: 24 }, 'is no version specifier'],
    [{ packages: ['six'], pip_install_options: ['--index-url=http://evil'] }, 'in pip_install_options'],
    [{ packages: ['six'], pip_instal_options: [] }, 'has the field "pip_instal_options", which is not known'],
  ])('refuses the object %j', (pip, problem) => {
    expect(problemOf({ pip })).toContain(problem);
  });

  it('takes uv in the same forms, in the place of pip but not beside it', () => {
    const uv = { packages: ['six'], uv_check: true, uv_version: '==0.4.0' };
    expect(checkRuntimeEnv({ uv }).plan?.pip).toEqual({ requirements: ['six'], check: true, pipVersion: null });
    expect(checkRuntimeEnv({ uv: ['six'], pip: [] }).plan?.pip.requirements).toEqual(['six']);
    expect(problemOf({ uv: ['six'], pip: ['six'] })).toBe('uv and pip are both given; only one of them is possible');
    expect(problemOf({ uv: 'uv.lock' })).toMatch(/^uv must be an array/);
  });

  it('never lets an entry be more than one line of a requirements file', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const requirement = checkRuntimeEnv({ pip: [text] }).plan?.pip.requirements[0];
        if (requirement === undefined) return;
        expect(requirement).toMatch(/^[^-#\s]/);
        for (const lineBreak of PYTHON_LINE_BREAKS) expect(requirement).not.toContain(lineBreak);
      }),
    );
  });
});

describe('an engine whose drivers do not see the files of the server', () => {
  const conda = { found: true, path: '/conda' } as const;
  const abilities = { setupTimeoutMs: 5_000, conda, engine: { sharesDisk: false, runsContainers: true } };
  const impossible = (runtimeEnv: JsonObject) =>
    checkRuntimeEnv(runtimeEnv, abilities).impossibleFields.map(({ field }) => field);

  it('cannot have what is built here, and takes an image', () => {
    expect(impossible({ pip: ['six'] })).toEqual(['pip']);
    expect(impossible({ conda: 'base', py_modules: ['/m'] })).toEqual(['conda', 'py_modules']);
    expect(impossible({ image_uri: 'python:3', working_dir: '/app', env_vars: { A: '1' }, pip: [] })).toEqual([]);
    expect(checkRuntimeEnv({ image_uri: 'python:3' }).impossibleFields).toMatchObject([{ field: 'image_uri' }]);
  });
});

describe('config.setup_timeout_seconds', () => {
  const abilities = { setupTimeoutMs: 5_000, conda: { found: false, reason: 'none was looked for' } } as const;
  const timeoutOf = (seconds: JsonValue) =>
    checkRuntimeEnv({ config: { setup_timeout_seconds: seconds } }, abilities).plan?.setupTimeoutMs;

  it('is seconds, -1 for no limit, and the default where absent', () => {
    expect(timeoutOf(1.5)).toBe(1_500);
    expect(timeoutOf(null)).toBe(5_000);
    expect(timeoutOf(-1)).toBe(2 ** 31 - 1);
    expect(timeoutOf(1e12)).toBe(2 ** 31 - 1);
  });

  it.each([0, -2, '60', true])('%j is refused', (seconds) => {
    expect(problemOf({ config: { setup_timeout_seconds: seconds } })).toContain('must be a number above 0, or -1');
  });
});

describe('conda', () => {
  const abilities = { setupTimeoutMs: 5_000, conda: { found: true, path: '/conda' } } as const;
  const condaOf = (conda: JsonValue) => checkRuntimeEnv({ conda }, abilities).plan?.conda;
  const messageOf = (conda: JsonValue) => checkRuntimeEnv({ conda }, abilities).problems[0]?.message;

  it('is a name, the path of an environment, or what an environment.yml holds', () => {
    expect(condaOf('torch')).toEqual({ kind: 'named', name: 'torch' });
    expect(condaOf('root')).toEqual({ kind: 'named', name: 'base' });
    expect(condaOf('/opt/envs/torch')).toEqual({ kind: 'directory', path: '/opt/envs/torch' });
    for (const none of [null, '', {}, []]) expect(condaOf(none)).toEqual({ kind: 'none' });
    const file = {
      ...{ name: 'x', prefix: '/x', channels: ['conda-forge', 'https://h.example/c'], variables: { A: '1' } },
      dependencies: [
        ' python=3.12 ',
        'pip',
        { pip: ['# comment', 'six'] },
        { pip: ['tomli ; python_version < "3.11"'] },
      ],
    };
    expect(condaOf(file)).toEqual({
      kind: 'described',
      specification: {
        channels: ['conda-forge', 'https://h.example/c'],
        dependencies: ['python=3.12', 'pip', { pip: ['six', 'tomli ; python_version < "3.11"'] }],
        variables: { A: '1' },
      },
    });
  });

  it.each<[JsonValue, string]>([
    [1, 'must be the name of an environment, or an object as an environment.yml has it, not a number'],
    ['environment.yml', 'is the name of a file: clients send what an environment.yml holds'],
    ['a b', 'is neither an absolute path nor a name'],
    ['./here', 'is neither an absolute path nor a name'],
    ['a\nb', 'contains a line break'],
    [{ channels: [] }, 'has no dependencies'],
    [{ dependencies: 'python' }, 'has a string as dependencies'],
    [{ dependencies: ['--file', 'x'] }, 'has "--file" in dependencies'],
    [{ dependencies: ['a\nb'] }, 'has "a\\nb" in dependencies'],
    [{ dependencies: [3.12] }, 'has a number as dependencies[0]'],
    [{ dependencies: [{ npm: ['x'] }] }, 'neither a text nor {"pip": [requirements]}'],
    [{ dependencies: [{ pip: ['-r /etc/passwd'] }] }, 'dependencies: pip [0] "-r /etc/passwd" is an option of pip'],
    [{ dependencies: [], channels: 'x' }, 'has a string as channels'],
    [
      { dependencies: [], channels: ['https://user:word@h.example/c'] },
      'a user name, password or token in its address',
    ],
    [{ dependencies: [], channels: ['https://h.example/t/abc/c'] }, 'a user name, password or token in its address'],
    [{ dependencies: [], variables: { 'a b': '' } }, 'variables has the name "a b"'],
  ])('%j is refused', (conda, message) => {
    expect(messageOf(conda)).toContain(message);
  });

  it('is not possible beside pip or uv, and fields that no environment.yml has are not known', () => {
    const beside = checkRuntimeEnv({ conda: 'base', pip: ['six'] }, abilities);
    expect(beside.plan).toBeNull();
    expect(beside.problems).toEqual([
      {
        field: 'conda',
        message: 'and pip are both given; requirements for pip stand in the dependencies of conda, as {"pip": [...]}',
      },
    ]);
    expect(checkRuntimeEnv({ conda: 'base', uv: ['six'] }, abilities).problems[0]?.message).toMatch(/^and uv are both/);
    const { plan, unknownFields } = checkRuntimeEnv({ conda: { dependencies: [], platforms: [] } }, abilities);
    expect(unknownFields).toEqual(['conda.platforms']);
    expect(plan?.conda).toEqual({ kind: 'described', specification: { dependencies: [] } });
  });
});

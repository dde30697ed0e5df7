import type { JsonObject, JsonValue } from '../../job/job.ts';
import type { PipPlan } from '../environment.ts';
import { accept, type Checked, isAbsent, isJsonObject, nameType, quote, refuse } from './checked.ts';
import { checkRequirements, isBlankLine } from './requirements.ts';

/** `==22.0.2` and the like, as Ray documents `pip_version`. */
const VERSION = /^\s*(===?|~=|!=|<=?|>=?)\s*[0-9A-Za-z.*+!-]{1,50}\s*$/;

/** Options that do not change what is installed, or from where. Ray's own defaults are among them. */
const HARMLESS_OPTIONS: ReadonlySet<string> = new Set([
  '--disable-pip-version-check',
  '--no-cache',
  '--no-cache-dir',
  '--no-input',
  '--quiet',
]);

/** Names of the fields in the object form of `pip` and of `uv`. */
interface FieldNames {
  check: string;
  version: string;
  options: string;
}

const PIP_FIELDS: FieldNames = { check: 'pip_check', version: 'pip_version', options: 'pip_install_options' };
const UV_FIELDS: FieldNames = { check: 'uv_check', version: 'uv_version', options: 'uv_pip_install_options' };

/** Reads `pip`: a list of requirements, or Ray's object form. A list is checked by `pip check` when it is installed, an object if it says so. */
export function checkPip(value: JsonValue | undefined): Checked<PipPlan> {
  return checkPackages(value, PIP_FIELDS);
}

/** Reads `uv`, which has the same forms. What it names is installed by pip; a version of uv is of no consequence then. */
export function checkUv(value: JsonValue | undefined): Checked<PipPlan> {
  const checked = checkPackages(value, UV_FIELDS);
  return checked.ok ? accept({ ...checked.value, pipVersion: null }) : checked;
}

function checkPackages(value: JsonValue | undefined, names: FieldNames): Checked<PipPlan> {
  if (isAbsent(value)) return accept({ requirements: [], check: false, pipVersion: null });
  if (isJsonObject(value)) return checkObject(value, names);
  if (!Array.isArray(value)) {
    return refuse(
      `must be an array of requirement strings such as ["numpy==1.24"], or an object with "packages", not ${nameType(value)}: ` +
        'clients send the lines of a requirements file, not its name',
    );
  }
  const requirements = checkRequirements(value);
  return requirements.ok ? accept({ requirements: requirements.value, check: true, pipVersion: null }) : requirements;
}

function checkObject(value: JsonObject, names: FieldNames): Checked<PipPlan> {
  const { packages = [] } = value;
  const messages = findUnknown(value, names);
  if (!Array.isArray(packages))
    messages.push(`has ${nameType(packages)} as packages: it must be an array of requirement strings`);
  const requirements = checkRequirements(Array.isArray(packages) ? packages.filter((item) => !isBlankLine(item)) : []);
  if (!requirements.ok) messages.push(...requirements.messages);
  const check = value[names.check] ?? false;
  if (typeof check !== 'boolean') messages.push(`has ${nameType(check)} as ${names.check}: it must be true or false`);
  const version = value[names.version] ?? null;
  if (version !== null && (typeof version !== 'string' || !VERSION.test(version))) {
    messages.push(`has a ${names.version} that is no version specifier such as "==24.0"`);
  }
  messages.push(...findOptionProblems(value[names.options], names.options));
  if (messages.length > 0 || !requirements.ok) return refuse(...messages);
  return accept({
    requirements: requirements.value,
    check: check === true,
    pipVersion: typeof version === 'string' ? version.replaceAll(/\s/g, '') : null,
  });
}

function findUnknown(value: JsonObject, names: FieldNames): string[] {
  const known = ['packages', names.check, names.version, names.options];
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `has the field ${quote(name)}, which is not known`);
}

function findOptionProblems(options: JsonValue | undefined, name: string): string[] {
  if (isAbsent(options)) return [];
  if (!Array.isArray(options)) return [`has ${nameType(options)} as ${name}: it must be an array of strings`];
  return options
    .filter((option) => typeof option !== 'string' || !HARMLESS_OPTIONS.has(option))
    .map((option) => `has ${quote(String(option))} in ${name}; the server's operator sets options and indexes`);
}

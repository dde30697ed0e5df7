import type { JsonObject, JsonValue } from '../../job/job.ts';
import type { CondaPlan } from '../environment.ts';
import {
  accept,
  type Checked,
  hasControlCharacter,
  isAbsent,
  isJsonObject,
  nameType,
  quote,
  refuse,
} from './checked.ts';
import { checkEnvVars } from './env-vars.ts';
import { checkRequirements, isBlankLine } from './requirements.ts';

/** Fields of an `environment.yml` that conda knows. `name` and `prefix` say where it would lie; here the server decides that. */
export const CONDA_FIELDS: ReadonlySet<string> = new Set(['name', 'prefix', 'channels', 'dependencies', 'variables']);

/**
 * Reads `conda` as Ray defines it: the name of an environment that exists, the absolute path of one, or what an `environment.yml` holds.
 */
export function checkConda(value: JsonValue | undefined): Checked<CondaPlan> {
  if (isAbsent(value)) return accept({ kind: 'none' });
  if (typeof value === 'string') return checkName(value);
  if (!isJsonObject(value)) {
    return refuse(
      `must be the name of an environment, or an object as an environment.yml has it, not ${nameType(value)}`,
    );
  }
  return checkSpecification(value);
}

function checkName(text: string): Checked<CondaPlan> {
  if (hasControlCharacter(text)) return refuse(`${quote(text)} contains a line break or control character`);
  if (/\.ya?ml$/.test(text)) {
    return refuse(`${quote(text)} is the name of a file: clients send what an environment.yml holds, not its name`);
  }
  if (text.startsWith('/')) return accept({ kind: 'directory', path: text });
  // As conda itself has it.
  if (/[\s/:#]/.test(text))
    return refuse(`${quote(text)} is neither an absolute path nor a name that an environment can have`);
  // Its older name.
  return accept({ kind: 'named', name: text === 'root' ? 'base' : text });
}

function checkSpecification(value: JsonObject): Checked<CondaPlan> {
  const channels = checkTexts(value.channels ?? [], 'channels');
  const dependencies = checkDependencies(value.dependencies);
  const variables = checkEnvVars(value.variables);
  const messages = [
    ...(channels.ok ? channels.value.flatMap(findChannelProblem) : channels.messages),
    ...(dependencies.ok ? [] : dependencies.messages),
    ...(variables.ok ? [] : variables.messages.map((message) => `variables ${message}`)),
  ];
  if (messages.length > 0 || !channels.ok || !dependencies.ok || !variables.ok) return refuse(...messages);
  const specification = {
    ...(channels.value.length === 0 ? {} : { channels: [...channels.value] }),
    dependencies: dependencies.value,
    ...(Object.keys(variables.value).length === 0 ? {} : { variables: { ...variables.value } }),
  };
  return accept({ kind: 'described', specification });
}

/** Texts, and at the end at most one object with the requirements for pip. */
function checkDependencies(value: JsonValue | undefined): Checked<JsonValue[]> {
  if (!Array.isArray(value)) {
    const given = isAbsent(value) ? 'has no dependencies' : `has ${nameType(value)} as dependencies`;
    return refuse(`${given}: it must have an array of packages such as ["python=3.12", {"pip": ["six"]}]`);
  }
  const packages = checkTexts(
    value.filter((item) => !isJsonObject(item)),
    'dependencies',
  );
  const requirements = value.filter(isJsonObject).map(checkPipEntry);
  const messages = [packages, ...requirements].flatMap((checked) => (checked.ok ? [] : checked.messages));
  if (messages.length > 0 || !packages.ok) return refuse(...messages);
  const pip = requirements.flatMap((checked) => (checked.ok ? checked.value : []));
  return accept(pip.length === 0 ? [...packages.value] : [...packages.value, { pip }]);
}

function checkPipEntry(entry: JsonObject): Checked<readonly string[]> {
  const { pip, ...others } = entry;
  if (!Array.isArray(pip) || Object.keys(others).length > 0) {
    return refuse('has an entry in dependencies that is neither a text nor {"pip": [requirements]}');
  }
  const checked = checkRequirements(pip.filter((item) => !isBlankLine(item)));
  return checked.ok ? checked : refuse(...checked.messages.map((message) => `dependencies: pip ${message}`));
}

function checkTexts(value: JsonValue, field: string): Checked<readonly string[]> {
  if (!Array.isArray(value)) return refuse(`has ${nameType(value)} as ${field}: it must be an array of strings`);
  const texts: string[] = [];
  const messages: string[] = [];
  for (const [index, item] of value.entries()) {
    if (typeof item !== 'string') messages.push(`has ${nameType(item)} as ${field}[${index}]: it must be a string`);
    else if (item.trim() === '' || item.trim().startsWith('-') || hasControlCharacter(item)) {
      messages.push(`has ${quote(item)} in ${field}: that is no name`);
    } else texts.push(item.trim());
  }
  return messages.length > 0 ? refuse(...messages) : accept(texts);
}

/** They would be shown with the job. */
function findChannelProblem(channel: string): string[] {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]*@/i.test(channel) || /(^|\/)t\/[^/]+\//.test(channel)
    ? ['has a channel with a user name, password or token in its address: not allowed; the operator configures those']
    : [];
}

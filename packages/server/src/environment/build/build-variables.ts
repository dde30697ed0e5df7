/** What a program needs to find itself, its files and the network. */
const GENERAL: readonly string[] = [
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
];

/** pip's options as variables: from where, and which files it may take. None that changes where it installs to. */
const PIP: readonly string[] = [
  'PIP_CONFIG_FILE',
  'PIP_INDEX_URL',
  'PIP_EXTRA_INDEX_URL',
  'PIP_FIND_LINKS',
  'PIP_NO_INDEX',
  'PIP_TRUSTED_HOST',
  'PIP_CERT',
  'PIP_CLIENT_CERT',
  'PIP_PROXY',
  'PIP_CONSTRAINT',
  'PIP_BUILD_CONSTRAINT',
  'PIP_ONLY_BINARY',
  'PIP_NO_BINARY',
  'PIP_PREFER_BINARY',
  'PIP_PRE',
  'PIP_CACHE_DIR',
  'PIP_NO_CACHE_DIR',
  'PIP_TIMEOUT',
  'PIP_DEFAULT_TIMEOUT',
  'PIP_RETRIES',
];

/** conda's and mamba's settings as variables, in the same sense. */
const CONDA: readonly string[] = [
  'CONDARC',
  'CONDA_CHANNELS',
  'CONDA_CHANNEL_ALIAS',
  'CONDA_CHANNEL_PRIORITY',
  'CONDA_DEFAULT_CHANNELS',
  'CONDA_CUSTOM_CHANNELS',
  'CONDA_SUBDIR',
  'CONDA_SOLVER',
  'CONDA_OFFLINE',
  'CONDA_SSL_VERIFY',
  'CONDA_CLIENT_SSL_CERT',
  'CONDA_CLIENT_SSL_CERT_KEY',
  'CONDA_PKGS_DIRS',
  'CONDA_ENVS_DIRS',
  'CONDA_ENVS_PATH',
  'CONDA_OVERRIDE_ARCHSPEC',
  'CONDA_OVERRIDE_CUDA',
  'CONDA_OVERRIDE_GLIBC',
  'CONDA_REMOTE_CONNECT_TIMEOUT_SECS',
  'CONDA_REMOTE_MAX_RETRIES',
  'CONDA_REMOTE_READ_TIMEOUT_SECS',
  'MAMBARC',
  'MAMBA_ROOT_PREFIX',
];

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The environment that an installation runs with: chosen from the server's own variables by name. Never the job's, and nothing
 * else of the server's.
 */
export function pickBuildVariables(serverVariables: Variables): Record<string, string> {
  return pick(serverVariables, [...GENERAL, ...PIP]);
}

/** Those that decide what an installation gets, and so belong to its key in the cache. */
export function pickIndexOptions(variables: Variables): Record<string, string> {
  return pick(variables, PIP);
}

/** The same for conda, whose environments may hold packages of pip too. */
export function pickCondaVariables(serverVariables: Variables): Record<string, string> {
  return pick(serverVariables, [...GENERAL, ...PIP, ...CONDA]);
}

/** Those that decide what conda installs. */
export function pickChannelOptions(variables: Variables): Record<string, string> {
  return pick(variables, [...PIP, ...CONDA]);
}

function pick(variables: Variables, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {};
  for (const name of names) {
    const value = variables[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

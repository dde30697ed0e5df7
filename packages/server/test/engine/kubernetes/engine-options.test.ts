import { expect, it } from 'vitest';
import { checkEngineOptions } from '../../../src/engine/kubernetes/engine-options.ts';
import { kubernetesSettings } from '../../../src/engine/kubernetes/settings.ts';

const settings = (details: object = {}) =>
  kubernetesSettings.parse({
    type: 'kubernetes',
    server_url: 'http://drover:8888',
    courier_image: 'registry/drover:1',
    ...details,
  });

it.each([
  [{ image: 'python:3.13' }, {}, null],
  [{}, { image: 'python:3.13' }, null],
  [{}, {}, "'image' is missing, and there is no default one"],
  [{ image: '' }, {}, expect.stringContaining("'image' is not valid")],
  [{ image: 'a b' }, {}, expect.stringContaining("'image' is not valid")],
  [{ image: 'x', privileged: true }, {}, expect.stringContaining("'privileged' is no option")],
  [{ image: 'x', priority_class: 'high' }, {}, "'priority_class' is not among the allowed_options of the engine"],
  [{ image: 'x', priority_class: 'high' }, { allowed_options: ['image', 'priority_class'] }, null],
  [{ image: 'reg/team/app:2' }, { allowed_images: ['reg/team/*'] }, null],
  [{ image: 'reg/other/app:2' }, { allowed_images: ['reg/team/*'] }, "image 'reg/other/app:2' is not allowed here"],
  [{ image: 'reg.team/app' }, { allowed_images: ['regxteam/*'] }, "image 'reg.team/app' is not allowed here"],
  [{ image: 'usual' }, { image: 'usual', allowed_images: [] }, null],
])('of the options %j under the settings %j it says %j', (given, details, said) => {
  expect(checkEngineOptions(given, settings(details))).toEqual(said);
});

it('refuses settings that say what pods run, rather than how', () => {
  const template = { spec: { containers: [{ name: 'mine' }] } };
  expect(() => settings({ pod_template: template })).toThrow('containers');
  expect(() => settings({ pod_template: { spec: { serviceAccountName: 'admin' } } })).toThrow('serviceAccountName');
});

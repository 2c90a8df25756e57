// Checks deploy/kustomize as a cluster would, and against the product's own settings, jobs, metrics and files: nothing of it can be run here.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { planTask } from '../../src/analysis/analysis.job.js';
import { DUE } from '../../src/metrics/installation.js';
import { configSchema, loadConfig, PROJECT_ROOT } from '../../src/platform/config/config.js';

const FOLDER = resolve(PROJECT_ROOT, 'deploy/kustomize');
const COMPONENT = 'app.kubernetes.io/component';

const named = z.strictObject({ name: z.string(), namespace: z.literal('secondsight').optional(), labels: z.record(z.string(), z.string()).optional(), annotations: z.record(z.string(), z.string()).optional() });
const selector = z.strictObject({ [COMPONENT]: z.string() });
const quantity = z.string().regex(/^\d+(m|Mi|Gi)?$/);
const httpGet = z.strictObject({ path: z.string(), port: z.string() });
const timing = { initialDelaySeconds: z.number().optional(), periodSeconds: z.number(), timeoutSeconds: z.number().optional(), failureThreshold: z.number().optional() };
const httpProbe = z.strictObject({ httpGet, ...timing });
const container = z.strictObject({
  name: z.string(),
  image: z.literal('secondsight'),
  command: z.array(z.string()).min(2),
  envFrom: z.array(z.union([z.strictObject({ configMapRef: z.strictObject({ name: z.string() }) }), z.strictObject({ secretRef: z.strictObject({ name: z.string() }) })])),
  env: z.array(z.strictObject({ name: z.string(), value: z.string() })).default([]),
  ports: z.array(z.strictObject({ name: z.string(), containerPort: z.number().int() })).default([]),
  startupProbe: httpProbe.optional(),
  livenessProbe: httpProbe.optional(),
  readinessProbe: z.union([httpProbe, z.strictObject({ exec: z.strictObject({ command: z.array(z.string()) }), ...timing })]).optional(),
  resources: z.strictObject({ requests: z.strictObject({ cpu: quantity, memory: quantity }), limits: z.strictObject({ memory: quantity }) }),
  securityContext: z.strictObject({ readOnlyRootFilesystem: z.literal(true), allowPrivilegeEscalation: z.literal(false), capabilities: z.strictObject({ drop: z.tuple([z.literal('ALL')]) }) }),
  volumeMounts: z.array(z.strictObject({ name: z.string(), mountPath: z.string() })),
});
const pod = z.strictObject({
  metadata: z.strictObject({ labels: selector }),
  spec: z.strictObject({
    restartPolicy: z.literal('OnFailure').optional(),
    serviceAccountName: z.string(),
    automountServiceAccountToken: z.literal(false),
    terminationGracePeriodSeconds: z.number(),
    securityContext: z.strictObject({
      ...{ runAsNonRoot: z.literal(true), runAsUser: z.number().int().positive(), runAsGroup: z.number().int().positive(), fsGroup: z.number().int() },
      ...{ fsGroupChangePolicy: z.literal('OnRootMismatch'), seccompProfile: z.strictObject({ type: z.literal('RuntimeDefault') }) },
    }),
    containers: z.tuple([container]),
    volumes: z.array(z.strictObject({ name: z.string(), emptyDir: z.strictObject({ sizeLimit: z.string().regex(/^\d+Gi$/) }) })),
  }),
});
const kind = <K extends string, V extends string, T extends z.ZodRawShape>(name: K, apiVersion: V, rest: T) => z.strictObject({ kind: z.literal(name), apiVersion: z.literal(apiVersion), metadata: named, ...rest });
const document = z.discriminatedUnion('kind', [
  kind('ServiceAccount', 'v1', { automountServiceAccountToken: z.literal(false) }),
  kind('Job', 'batch/v1', { spec: z.strictObject({ backoffLimit: z.number(), ttlSecondsAfterFinished: z.number(), template: pod }) }),
  kind('Deployment', 'apps/v1', { spec: z.strictObject({ replicas: z.number().int().min(2).optional(), selector: z.strictObject({ matchLabels: selector }), template: pod }) }),
  kind('Service', 'v1', { spec: z.strictObject({ selector, ports: z.array(z.strictObject({ name: z.string(), port: z.number(), targetPort: z.string() })) }) }),
  kind('PodDisruptionBudget', 'policy/v1', { spec: z.strictObject({ minAvailable: z.number().optional(), maxUnavailable: z.number().optional(), selector: z.strictObject({ matchLabels: selector }) }) }),
  kind('ScaledObject', 'keda.sh/v1alpha1', {
    spec: z.strictObject({
      scaleTargetRef: z.strictObject({ name: z.string() }),
      ...{ minReplicaCount: z.number().int().min(1), maxReplicaCount: z.number().int(), pollingInterval: z.number(), cooldownPeriod: z.number() },
      fallback: z.strictObject({ failureThreshold: z.number(), replicas: z.number() }),
      triggers: z.tuple([z.strictObject({ type: z.literal('prometheus'), metricType: z.literal('Value'), metadata: z.strictObject({ serverAddress: z.url(), query: z.string(), threshold: z.string().regex(/^\d+$/) }) })]),
    }),
  }),
]);
const kustomization = z.strictObject({
  ...{ apiVersion: z.literal('kustomize.config.k8s.io/v1beta1'), kind: z.literal('Kustomization'), namespace: z.literal('secondsight').optional() },
  labels: z.array(z.strictObject({ pairs: z.record(z.string(), z.string()) })).optional(),
  resources: z.array(z.string()),
  configMapGenerator: z.array(z.strictObject({ name: z.string(), literals: z.array(z.string().regex(/^\w+=/)) })).optional(),
  images: z.array(z.strictObject({ name: z.string(), newName: z.string(), newTag: z.string() })).optional(),
  patches: z.array(z.strictObject({ path: z.string() })).optional(),
});

const read = (path: string): unknown[] => {
  const documents = parseAllDocuments(readFileSync(join(FOLDER, path), 'utf8'));
  return (documents as ReturnType<typeof parseAllDocuments> & unknown[]).map((one) => {
    const { errors } = one as { errors: unknown[] };
    expect(errors, path).toEqual([]);
    return (one as { toJS(): unknown }).toJS();
  });
};

const base = kustomization.parse(read('base/kustomization.yaml')[0]);
const all = base.resources.flatMap((file) => read(`base/${file}`).map((one) => document.parse(one)));
const of = <K extends (typeof all)[number]['kind']>(kind: K) => all.filter((one): one is Extract<(typeof all)[number], { kind: K }> => one.kind === kind);
const pods = [...of('Deployment'), ...of('Job')].map(({ metadata, spec }) => ({ name: metadata.name, pod: spec.template, container: spec.template.spec.containers[0] }));
const secret = z.looseObject({ metadata: named, stringData: z.record(z.string(), z.string()) }).parse(read('base/secret.example.yaml')[0]);
const shared = Object.fromEntries((base.configMapGenerator?.[0]?.literals ?? []).map((literal) => literal.split(/=(.*)/s).slice(0, 2) as [string, string]));
const environmentOf = (env: readonly { name: string; value: string }[]): Record<string, string> => ({ ...shared, ...secret.stringData, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) });

describe('the base', () => {
  it('uses every file that it has', () => {
    expect(readdirSync(join(FOLDER, 'base')).sort()).toEqual([...base.resources, 'kustomization.yaml', 'secret.example.yaml'].sort());
    expect(new Set(all.map(({ kind, metadata }) => `${kind} ${metadata.name}`)).size).toBe(all.length);
  });

  it('runs the migration, the api and a worker of each role', () => {
    expect(pods.map(({ name }) => name).sort()).toEqual(['api', 'delivery', 'media', 'migrate', 'model']);
    const roles = pods.flatMap(({ container }) => container.env.filter(({ name }) => name === 'WORKER_ROLES').flatMap(({ value }) => value.split(',')));
    expect(roles.sort()).toEqual(loadConfig({}).WORKER_ROLES.toSorted());
  });

  it('gives the product settings that it knows and accepts', () => {
    const known = [...Object.keys(configSchema.shape), 'HEALTH_URL'];
    for (const { name, container } of pods) {
      const settings = environmentOf(container.env);
      expect(known, name).toEqual(expect.arrayContaining(Object.keys(settings)));
      expect(loadConfig(settings).DATA_DIR).toBe('/data');
    }
    expect(base.images?.map(({ name }) => name)).toEqual(['secondsight']);
  });

  it('names only what is there', () => {
    for (const { name, pod, container } of pods) {
      expect(of('ServiceAccount').map(({ metadata }) => metadata.name)).toContain(pod.spec.serviceAccountName);
      expect(container.envFrom).toEqual([{ configMapRef: { name: base.configMapGenerator?.[0]?.name } }, { secretRef: { name: secret.metadata.name } }]);
      expect(container.volumeMounts.map((mount) => mount.name).sort(), name).toEqual(pod.spec.volumes.map((volume) => volume.name).sort());
      const file = container.command[1]!;
      expect(existsSync(resolve(PROJECT_ROOT, file.replace(/^dist\/(.*)\.js$/, '$1.ts'))), file).toBe(true);
    }
  });

  it('keeps videos and secrets where every pod reaches them, and gives each that reads videos room for copies', () => {
    for (const { name, pod, container } of pods) {
      const config = loadConfig(environmentOf(container.env));
      const { S3_BUCKET, S3_ENDPOINT, S3_SECRET_ACCESS_KEY, API_KEY_PEPPER, WEBHOOK_KEY, S3_CACHE_BYTES, FEATURE_CACHE_BYTES, UPLOAD_MAX_BYTES } = config;
      for (const setting of [S3_BUCKET, S3_ENDPOINT, S3_SECRET_ACCESS_KEY, API_KEY_PEPPER, WEBHOOK_KEY]) expect(setting, name).toBeDefined();
      const room = parseInt(pod.spec.volumes.find((volume) => volume.name === 'data')?.emptyDir.sizeLimit ?? '0') * 1024 ** 3;
      if (['api', 'media', 'model'].includes(name)) expect(room, name).toBeGreaterThan(S3_CACHE_BYTES + FEATURE_CACHE_BYTES + 2 * UPLOAD_MAX_BYTES);
    }
  });

  it('selects the pods that are meant', () => {
    for (const { metadata, spec } of of('Deployment')) {
      expect(spec.selector.matchLabels).toEqual(spec.template.metadata.labels);
      expect(spec.template.metadata.labels[COMPONENT]).toBe(metadata.name);
    }
    const deployments = of('Deployment').map(({ metadata }) => metadata.name);
    expect(of('PodDisruptionBudget').map(({ spec }) => spec.selector.matchLabels[COMPONENT]).sort()).toEqual(deployments.toSorted());
    for (const { spec } of of('Service')) {
      const ports = of('Deployment').find(({ metadata }) => metadata.name === spec.selector[COMPONENT])!.spec.template.spec.containers[0].ports;
      expect(spec.ports.map(({ targetPort }) => targetPort)).toEqual(ports.map(({ name }) => name));
    }
  });

  it('asks after the health of each by what it answers', () => {
    const routes = readFileSync(resolve(PROJECT_ROOT, 'src/health/health.controller.ts'), 'utf8');
    for (const { name, container } of pods.filter(({ name }) => name !== 'migrate')) {
      const { startupProbe, livenessProbe, readinessProbe } = container;
      expect(readinessProbe, name).toBeDefined();
      for (const probe of [startupProbe, livenessProbe, readinessProbe]) {
        if (!probe) continue;
        if ('exec' in probe) expect(existsSync(resolve(PROJECT_ROOT, probe.exec.command[1]!))).toBe(true);
        else {
          expect(routes).toContain(`'${probe.httpGet.path.split('/').at(-1)}'`);
          expect(container.ports.map((port) => port.name)).toContain(probe.httpGet.port);
        }
      }
    }
    const api = of('Service').find(({ metadata }) => metadata.name === 'api')!;
    for (const { container } of pods) for (const { name, value } of container.env) if (name === 'HEALTH_URL') expect(value).toBe(`http://api:${api.spec.ports[0]!.port}/health/ready`);
  });

  it('offers the ports that the api listens at', () => {
    const { container } = pods.find(({ name }) => name === 'api')!;
    const { PORT, METRICS_PORT, HOST } = loadConfig(environmentOf(container.env));
    expect(container.ports.map(({ containerPort }) => containerPort)).toEqual([PORT, METRICS_PORT]);
    expect(HOST).toBe('0.0.0.0');
  });

  it('leaves a process longer to stop than it takes for itself', () => {
    for (const { pod } of pods) expect(pod.spec.terminationGracePeriodSeconds).toBeGreaterThan(loadConfig({}).SHUTDOWN_SECONDS + 10);
  });

  it('scales each kind of worker by the age of the work of its own role', () => {
    const workers = of('Deployment').map(({ metadata }) => metadata.name).filter((name) => name !== 'api');
    expect(of('ScaledObject').map(({ spec }) => spec.scaleTargetRef.name).sort()).toEqual(workers.toSorted());
    const metrics = ['src/metrics/installation.ts', 'src/metrics/state-metrics.ts'].map((file) => readFileSync(resolve(PROJECT_ROOT, file), 'utf8')).join();
    for (const { spec } of of('ScaledObject')) {
      const { query } = spec.triggers[0].metadata;
      for (const name of query.match(/secondsight_\w+/g)!) expect(metrics).toContain(`'${name}'`);
      const kinds = /kind=~"([^"]+)"/.exec(query)?.[1]?.split('|') ?? [];
      const measured = DUE.filter(({ job }) => job.role === spec.scaleTargetRef.name && job !== planTask).map(({ job }) => job.name); // a plan waits for scans, not for a worker
      expect(kinds.sort()).toEqual(measured.sort());
      expect(spec.maxReplicaCount).toBeGreaterThan(spec.minReplicaCount);
      expect(of('Deployment').find(({ metadata }) => metadata.name === spec.scaleTargetRef.name)!.spec.replicas).toBeUndefined();
    }
  });
});

describe.each(readdirSync(join(FOLDER, 'overlays')))('the overlay %s', (overlay) => {
  const folder = `overlays/${overlay}`;
  const own = kustomization.parse(read(`${folder}/kustomization.yaml`)[0]);

  it('changes what the base has, to settings that the product accepts', () => {
    expect(own.resources.map((path) => join(dirname(`${folder}/x`), path))).toEqual(['base']);
    for (const { path } of own.patches ?? []) {
      const patch = z.looseObject({ kind: z.string(), metadata: named, spec: z.unknown() }).parse(read(`${folder}/${path}`)[0]);
      const patched = of('Deployment').find(({ metadata }) => metadata.name === patch.metadata.name)!;
      expect(patch.kind).toBe(patched.kind);
      const [container] = z
        .object({ template: z.object({ spec: z.object({ containers: z.tuple([z.looseObject({ name: z.string(), env: z.array(z.object({ name: z.string(), value: z.string() })) })]) }) }) })
        .parse(patch.spec).template.spec.containers;
      const before = patched.spec.template.spec.containers[0];
      expect(container.name).toBe(before.name);
      const settings = environmentOf([...before.env, ...container.env]);
      expect([...Object.keys(configSchema.shape), 'HEALTH_URL']).toEqual(expect.arrayContaining(Object.keys(settings)));
      expect(() => loadConfig(settings)).not.toThrow();
    }
  });
});

// Checks docker-compose.yml and the Dockerfile as `docker compose config` would, and against the product's own settings.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { configSchema, loadConfig, PROJECT_ROOT } from '../../src/platform/config/config.js';

const duration = z.string().regex(/^\d+(ms|s|m)$/);
const service = z.strictObject({
  build: z.string().optional(),
  image: z.string().regex(/^[a-z0-9/-]+(:[\w.-]+)?$/),
  init: z.boolean().optional(),
  restart: z.enum(['no', 'always', 'on-failure', 'unless-stopped']),
  stop_grace_period: duration.optional(),
  shm_size: z.string().optional(),
  mem_limit: z.string().regex(/^\d+[mg]$/),
  pids_limit: z.number().int().positive(),
  read_only: z.boolean().default(false),
  tmpfs: z.array(z.string().regex(/^\/\w+:size=\d+m,mode=1777$/)).default([]),
  cap_drop: z.array(z.string()).default([]),
  security_opt: z.array(z.string()).default([]),
  entrypoint: z.array(z.string()).optional(),
  command: z.array(z.string()).optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  healthcheck: z
    .strictObject({
      test: z.tuple([z.literal('CMD')], z.string()),
      interval: duration,
      timeout: duration,
      retries: z.number().int().positive(),
      start_period: duration.optional(),
    })
    .optional(),
  depends_on: z
    .record(z.string(), z.strictObject({ condition: z.enum(['service_started', 'service_healthy', 'service_completed_successfully']) }))
    .default({}),
});
const composeFile = z.looseObject({ name: z.string(), services: z.record(z.string(), service), volumes: z.record(z.string(), z.null()) });

const read = (name: string): string => readFileSync(resolve(PROJECT_ROOT, name), 'utf8');

/** Fills `${NAME:-default}` and `${NAME:?what is missing}` in as compose does. */
const interpolate = (text: string, env: Record<string, string> = {}): string =>
  text.replace(/\$\{(\w+)(?::([-?])([^}]*))?\}/g, (_, name: string, kind?: string, otherwise = '') => {
    if (kind === '?' && !env[name]) throw new Error(`${name}: ${otherwise as string}`);
    return env[name] || (otherwise as string);
  });

const load = (env?: Record<string, string>) => composeFile.parse(parse(interpolate(read('docker-compose.yml'), env), { merge: true }));

describe('docker-compose.yml', () => {
  const { services, volumes } = load();
  const ours = Object.entries(services).filter(([, { image }]) => image === 'secondsight');
  const containerSettings = (env: Record<string, string | number>): Record<string, string> =>
    Object.fromEntries(Object.entries(env).map(([name, value]) => [name, String(value)]));

  it('runs Postgres, Redis, an object store, the migration, the api and workers by role', () => {
    expect(Object.keys(services).sort()).toEqual(['api', 'bucket', 'media', 'migrate', 'minio', 'model', 'postgres', 'redis']);
    const roles = ['media', 'model'].flatMap((name) => String(services[name]?.environment['WORKER_ROLES']).split(','));
    expect(roles.sort()).toEqual(loadConfig({}).WORKER_ROLES.toSorted());
    expect(services['postgres']?.image).toMatch(/^postgres:(1[5-9]|[2-9]\d)$/);
    expect(services['redis']?.image).toMatch(/^redis:[7-9]/);
    expect(services['redis']?.command?.join(' ')).toContain('--maxmemory-policy noeviction');
    for (const [, { build }] of ours) expect(build).toBe('.');
  });

  it('starts each service after what it needs, and waits only for what can be waited for', () => {
    expect(services['migrate']?.depends_on).toEqual({ postgres: { condition: 'service_healthy' } });
    const done = { condition: 'service_completed_successfully' };
    const needs = { migrate: done, bucket: done, redis: { condition: 'service_healthy' } };
    expect(services['bucket']?.depends_on).toEqual({ minio: { condition: 'service_healthy' } });
    expect(services['api']?.depends_on).toEqual(needs);
    for (const worker of ['media', 'model']) expect(services[worker]?.depends_on).toEqual(needs);
    for (const { depends_on } of Object.values(services)) {
      for (const [name, { condition }] of Object.entries(depends_on)) {
        expect(services).toHaveProperty(name);
        if (condition === 'service_healthy') expect(services[name]?.healthcheck).toBeDefined();
        // a service that is to complete must not be started again when it has
        if (condition === 'service_completed_successfully') expect(services[name]?.restart).toMatch(/^(no|on-failure)$/);
      }
    }
  });

  it('gives the product settings that it knows and accepts', () => {
    for (const [name, { environment }] of ours) {
      const settings = containerSettings(environment);
      const known = [...Object.keys(configSchema.shape), 'HEALTH_URL'];
      expect(known, name).toEqual(expect.arrayContaining(Object.keys(settings)));
      expect(loadConfig(settings)).toMatchObject({ REDIS_URL: 'redis://redis:6379', DATA_DIR: '/data', MODEL_DIR: '/model' });
    }
  });

  it('connects to the database that it sets up, whatever the password', () => {
    const { services } = load({ POSTGRES_PASSWORD: 'hunter2' });
    const { POSTGRES_USER, POSTGRES_PASSWORD, POSTGRES_DB } = containerSettings(services['postgres']?.environment ?? {});
    expect(services['api']?.environment['DATABASE_URL']).toBe(`postgres://${POSTGRES_USER}:${POSTGRES_PASSWORD}@postgres:5432/${POSTGRES_DB}`);
    expect(POSTGRES_PASSWORD).toBe('hunter2');
  });

  it('stores in the bucket that it makes, whatever the password', () => {
    const { services } = load({ STORE_PASSWORD: 'hunter22' });
    const { minio, bucket } = services;
    const { MINIO_ROOT_USER, MINIO_ROOT_PASSWORD } = containerSettings(minio?.environment ?? {});
    expect([MINIO_ROOT_PASSWORD, minio?.image]).toEqual(['hunter22', bucket?.image]);
    expect(bucket?.environment['MC_HOST_store']).toBe(`http://${MINIO_ROOT_USER}:${MINIO_ROOT_PASSWORD}@minio:9000`);
    for (const name of ['api', 'media', 'model']) {
      const { S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY } = loadConfig(containerSettings(services[name]?.environment ?? {}));
      expect([S3_ENDPOINT, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY]).toEqual(['http://minio:9000', MINIO_ROOT_USER, MINIO_ROOT_PASSWORD]);
      expect(bucket?.entrypoint?.at(-1)).toBe(`store/${S3_BUCKET}`);
    }
    expect(minio?.volumes).toEqual(['objects:/data']);
  });

  it('declares each volume, shares what the product keeps of its own, and mounts a model that is there', () => {
    const mounts = Object.values(services).flatMap(({ volumes }) => volumes.map((mount) => mount.split(':')[0] ?? ''));
    const named = mounts.filter((source) => !/^[./]/.test(source));
    expect([...new Set(named)].sort()).toEqual(Object.keys(volumes).sort());
    expect(services['api']?.volumes).toContain('videos:/data');
    for (const worker of ['media', 'model']) expect(services[worker]?.volumes).toContain('videos:/data');
    for (const source of mounts.filter((mount) => mount.startsWith('.'))) expect(existsSync(resolve(PROJECT_ROOT, source)), source).toBe(true);
  });

  it('offers the api on this machine only, at the port that it listens on', () => {
    expect(services['api']?.ports).toEqual([`127.0.0.1:8080:${services['api']?.environment['PORT']}`]);
    expect(services['api']?.environment['HOST']).toBe('0.0.0.0');
    for (const [name, { ports }] of Object.entries(services)) if (name !== 'api') expect(ports).toEqual([]);
  });

  it('lets the product write to its volume and to memory alone, with no right that it does not need', () => {
    for (const [name, { read_only, tmpfs, cap_drop, security_opt, volumes }] of ours) {
      expect({ read_only, cap_drop, security_opt }, name).toEqual({ read_only: true, cap_drop: ['ALL'], security_opt: ['no-new-privileges:true'] });
      expect(tmpfs.map((mount) => mount.split(':')[0])).toEqual(['/tmp']);
      expect(volumes.filter((mount) => !mount.endsWith(':ro') && mount !== 'videos:/data')).toEqual([]);
    }
  });

  it('tells the metrics inside its network, at the port that the scrape of deploy/ names', () => {
    const scrape = parse(read('deploy/prometheus/prometheus.yml')) as { scrape_configs: { static_configs: { targets: string[] }[] }[] };
    const port = services['api']?.environment['METRICS_PORT'];
    expect(scrape.scrape_configs[0]?.static_configs[0]?.targets).toEqual([`api:${port}`]);
    expect(services['api']?.ports.join()).not.toContain(String(port));
  });

  it('leaves a process longer to stop than it takes for itself', () => {
    for (const [, { stop_grace_period }] of ours) expect(parseInt(stop_grace_period ?? '0')).toBeGreaterThan(loadConfig({}).SHUTDOWN_SECONDS + 10);
  });
});

describe('docker-compose.vllm.yml', () => {
  const file = z.strictObject({ services: z.record(z.string(), z.strictObject({ environment: z.record(z.string(), z.string()) })) });
  const loadVllm = (env: Record<string, string>) => file.parse(parse(interpolate(read('docker-compose.vllm.yml'), env))).services;

  it('has the worker of the model ask servers, and changes no other', () => {
    const env = { VLLM_URLS: 'http://gpu-1:8000,http://gpu-2:8000', VLLM_TIMING: 'marks' };
    const { model, ...others } = loadVllm(env);
    expect(others).toEqual({});
    const settings = { ...load().services['model']?.environment, ...model?.environment };
    const config = loadConfig(Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])));
    expect(config).toMatchObject({ VLLM_URLS: env.VLLM_URLS.split(','), VLLM_TIMING: 'marks', VLLM_CONCURRENCY: loadConfig({}).VLLM_CONCURRENCY });
  });

  it('says what is missing where no server is named', () => {
    expect(() => loadVllm({})).toThrow('VLLM_URLS');
  });
});

describe('Dockerfile', () => {
  const steps = read('Dockerfile').split('\n');

  it('holds every file that a container runs', () => {
    const copied = steps.flatMap((step) => /^COPY --from=build \/app\/(\S+)/.exec(step)?.[1] ?? []);
    const { services } = load();
    const commands = Object.values(services).flatMap(({ command, healthcheck }) => [...(command ?? []), ...(healthcheck?.test ?? [])]);
    for (const file of commands.filter((word) => /\.m?js$/.test(word))) {
      expect(copied).toContain(file.split('/')[0]);
      const source = file.replace(/^dist\/(.*)\.js$/, '$1.ts');
      expect(existsSync(resolve(PROJECT_ROOT, source)), source).toBe(true);
    }
  });

  it('brings ffmpeg, and does not run as root', () => {
    expect(steps.join('\n')).toMatch(/apt-get install .*\bffmpeg\b/);
    expect(steps).toContain('USER node');
  });

  it('keeps every package that what was built imports', () => {
    expect(steps.find((step) => step.startsWith('RUN npm run build'))).toContain('npm prune --omit=dev');
    const { dependencies } = JSON.parse(read('package.json')) as { dependencies: Record<string, string> };
    const files = readdirSync(resolve(PROJECT_ROOT, 'dist'), { recursive: true, encoding: 'utf8' }).filter((name) => /^(src|workers|migrations)\/.*\.js$/.test(name));
    expect(files).toEqual(expect.arrayContaining(['src/main.js', 'workers/main.js']));
    const imported = files.flatMap((name) => [...read(`dist/${name}`).matchAll(/(?:^|\n)(?:import|export)[^'"\n]*?from ['"]([^.'"][^'"]*)['"]/g)].map(([, from = '']) => from));
    const packages = new Set(imported.filter((name) => !name.startsWith('node:')).map((name) => name.split('/').slice(0, name.startsWith('@') ? 2 : 1).join('/')));
    expect(packages.size).toBeGreaterThan(10);
    expect([...packages].filter((name) => !(name in dependencies))).toEqual([]);
  });
});

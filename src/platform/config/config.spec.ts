// Tests of the configuration and of its two papers.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { AppError } from '../../app-error.js';
import { configurationPage, envExample } from './config-docs.js';
import { loadConfig, PROJECT_ROOT, requireDatabaseUrl } from './config.js';
import { devicesOf, nameOfDevice } from './devices.js';
import { keysRequired } from './listening.js';
import { importBucketOf } from './object-store.js';

const refusal = (env: NodeJS.ProcessEnv): AppError => {
  try {
    requireDatabaseUrl(loadConfig(env));
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('not refused');
};

describe('loadConfig', () => {
  it('needs nothing, and takes an empty variable for an absent one', () => {
    const config = loadConfig({ REDIS_URL: '', PORT: ' ', PATH: '/usr/bin' });
    expect(config).toMatchObject({ HOST: '127.0.0.1', PORT: 8080, INFERENCE_PROVIDER: 'cpu' });
    expect(config.REDIS_URL).toBeUndefined();
    expect(config).not.toHaveProperty('PATH');
  });

  it('resolves a given folder from the working directory and a default from the root of the project', () => {
    expect(loadConfig({ DATA_DIR: 'elsewhere' }).DATA_DIR).toBe(resolve('elsewhere'));
    expect(loadConfig({}).MODEL_DIR).toBe(resolve(PROJECT_ROOT, 'models/shapeworld-1'));
  });

  it('names every fault at once', () => {
    const error = refusal({ PORT: '99999', DATABASE_URL: 'mysql://x', INFERENCE_PROVIDER: 'abacus', LEASE_SECONDS: 'soon' });
    expect(error.code).toBe('config.invalid');
    for (const name of ['PORT', 'DATABASE_URL', 'INFERENCE_PROVIDER', 'LEASE_SECONDS']) expect(error.message).toContain(`${name}: `);
  });

  it('names what single variables cannot tell beside the others, and what is no number by its value', () => {
    const { message } = refusal({ PORT: 'abc', WEIGHTS: 'int3', HOST: '0.0.0.0', AUTH: 'off' });
    expect(message).toContain('PORT: abc is not a number');
    expect(message).toMatch(/WEIGHTS: must be one of fp32, .*\n.*AUTH: off lets everybody/);
    expect(refusal({ PORT: 'abc', METRICS_PORT: '8080' }).message).not.toContain('METRICS_PORT');
  });

  it('refuses packed weights where they are not run', () => {
    expect(refusal({ WEIGHTS: 'int8', INFERENCE_PROVIDER: 'cuda' }).message).toContain('WEIGHTS: must be fp32');
    expect(loadConfig({ WEIGHTS: 'int4' })).toMatchObject({ WEIGHTS: 'int4', INFERENCE_PROVIDER: 'cpu' });
  });

  it('refuses windows that would never advance', () => {
    expect(refusal({ WINDOW_SECONDS: '10', WINDOW_OVERLAP_SECONDS: '10' }).message).toContain('WINDOW_OVERLAP_SECONDS');
  });

  it.each(['0.0.0.0', '::', '192.168.1.5', 'secondsight.example', '127.evil.example'])('refuses to let everybody in at %s', (HOST) => {
    expect(refusal({ HOST, AUTH: 'off', WINDOW_SECONDS: '10', WINDOW_OVERLAP_SECONDS: '10' }).message).toMatch(/WINDOW_OVERLAP_SECONDS: .*\n.*AUTH: /);
    expect([keysRequired(loadConfig({ HOST })), keysRequired(loadConfig({ HOST, AUTH: 'required' }))]).toEqual([true, true]);
  });

  it.each(['127.0.0.1', '127.1.2.3', '::1', 'localhost'])('needs no key at %s unless it is asked to', (HOST) => {
    expect(['auto', 'off', 'required'].map((AUTH) => keysRequired(loadConfig({ HOST, AUTH })))).toEqual([false, false, true]);
  });

  it('names what is wrong with the settings of an operator, each and together', () => {
    const given = { METRICS_PORT: '0', OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318', OTEL_EXPORTER_OTLP_HEADERS: 'no pair', RETENTION_CONTENT_DAYS: '-1', RETENTION_VIDEO_DAYS: 'old', STORAGE_RESERVE_BYTES: '1.5' };
    const { message } = refusal(given);
    for (const name of Object.keys(given)) expect(message).toContain(`${name}: `);
    expect(refusal({ PORT: '9000', METRICS_PORT: '9000' }).message).toContain('METRICS_PORT: must be another one than PORT');
  });

  it.each([
    [{ S3_ENDPOINT: 'http://store:9000' }, ['S3_BUCKET']],
    [{ S3_ENDPOINT: 'http://store:9000', S3_BUCKET: 'videos' }, ['S3_ACCESS_KEY_ID', 'S3_SECRET_ACCESS_KEY']],
    [{ S3_BUCKET: 'videos', S3_ACCESS_KEY_ID: 'me' }, ['S3_SECRET_ACCESS_KEY']],
    [{ S3_BUCKET: 'videos', S3_SECRET_ACCESS_KEY: 'never-told', IMPORT_BUCKETS: 'films,videos/in/' }, ['S3_ACCESS_KEY_ID', 'IMPORT_BUCKETS']],
    [
      { S3_ENDPOINT: 'http://me:never-told@store', S3_BUCKET: 'A_b', S3_REGION: '?', S3_FORCE_PATH_STYLE: 'perhaps', S3_CACHE_BYTES: '-1', IMPORT_BUCKETS: 'films,/in/' },
      ['S3_ENDPOINT', 'S3_BUCKET', 'S3_REGION', 'S3_FORCE_PATH_STYLE', 'S3_CACHE_BYTES', 'IMPORT_BUCKETS'],
    ],
  ])('names what is wrong with an object store, each and together, and no secret: %j', (env, names) => {
    const { message } = refusal(env);
    expect(message.match(/^ {2}[A-Z\d_]+/gm)?.map((name) => name.trim()).sort()).toEqual([...names].sort());
    expect(message).not.toContain('never-told');
  });

  it('reads an object store, and from where videos may be taken', () => {
    const config = loadConfig({ S3_BUCKET: 'videos', IMPORT_BUCKETS: 'films, media/{tenant}/in/' });
    expect(config).toMatchObject({ S3_BUCKET: 'videos', S3_REGION: 'us-east-1' });
    expect(config.IMPORT_BUCKETS.map(importBucketOf)).toEqual([
      { bucket: 'films', prefix: '' },
      { bucket: 'media', prefix: '{tenant}/in/' },
    ]);
  });

  it('knows a model of other machines from one of this machine', () => {
    const { VLLM_URLS, VLLM_CONCURRENCY, VLLM_TIMING } = loadConfig({ VLLM_URLS: ' http://gpu-1:8000/v1/, http://gpu-2:8000,http://gpu-1:8000' });
    expect([VLLM_URLS, VLLM_CONCURRENCY, VLLM_TIMING]).toEqual([['http://gpu-1:8000', 'http://gpu-2:8000'], 8, 'video']);
    const both = { VLLM_URLS: 'http://gpu-1:8000', MODEL_DIR: '/model', INFERENCE_PROVIDER: 'cuda', INFERENCE_DEVICES: '0', ABSOLUTE_TIME: 'off' };
    for (const name of Object.keys(both).slice(1)) expect(refusal(both).message).toContain(`${name}: `);
    const without = { VLLM_MODEL: 'a', VLLM_TIMING: 'marks', VLLM_CARD_DIR: '/notes' };
    for (const name of Object.keys(without)) expect(refusal(without).message).toContain(`${name}: means nothing without VLLM_URLS`);
    for (const url of ['gpu-1:8000', 'http://me:secret@gpu-1', 'ftp://gpu-1', ',']) expect(refusal({ VLLM_URLS: url }).message).toContain('VLLM_URLS');
  });

  it('lists devices by number or by name', () => {
    const devices = (INFERENCE_DEVICES: string, INFERENCE_PROVIDER = 'cuda') => devicesOf(loadConfig({ INFERENCE_PROVIDER, INFERENCE_DEVICES }));
    expect(devices('0, 1')).toEqual([{ provider: 'cuda', deviceId: 0 }, { provider: 'cuda', deviceId: 1 }]);
    expect(devices('cuda:1,cpu:0,cpu:0', 'cpu').map(nameOfDevice)).toEqual(['cuda:1', 'cpu:0', 'cpu:0']);
    for (const wrong of ['cuda', 'tpu:0', '0,,1', 'cuda:0,cuda:0', 'webgpu:1']) expect(refusal({ INFERENCE_DEVICES: wrong }).message).toContain('INFERENCE_DEVICES: ');
  });

  it('says how to come by a database', () => {
    expect(refusal({}).message).toContain('secondsight up');
  });
});

describe('the papers', () => {
  it('.env.example is what the schema says', async () => {
    await expect(envExample()).toMatchFileSnapshot(resolve(PROJECT_ROOT, '.env.example'));
  });

  it('docs/configuration.md is what the schema says', async () => {
    await expect(configurationPage()).toMatchFileSnapshot(resolve(PROJECT_ROOT, 'docs/configuration.md'));
  });
});

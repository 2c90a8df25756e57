// The import law: who may import whom (docs/ARCHITECTURE.md has it as a table). Checked by `npm run imports`.
const DOMAINS = 'audit|presets|health|metrics|retention|videos|scans|tracks|exports|uploads|embeddings|analysis|segments|moments|search|chat|webhooks|alerts|api-keys|evaluation|idempotency|quotas|queues|page|clips|cuts|proxies|feedback';
const NOT_TEST = '\\.spec\\.ts$';

/** Everything below `from` may only import local files that match one of `allowed`. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: NOT_TEST },
  to: { path: '^(src|workers|migrations|web|test|bench)/', pathNot: ['^src/app-error\\.ts$', ...allowed] },
});

/** A package only reachable through the folders that own it. */
const narrow = (name, packages, owners, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: '^(src|workers|migrations)/', pathNot: [...owners, NOT_TEST] },
  to: { path: packages },
});

module.exports = {
  forbidden: [
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
    {
      name: 'model-is-pure',
      comment: 'src/model has no I/O and no framework: no node builtin, no npm package.',
      severity: 'error',
      from: { path: '^src/model/', pathNot: NOT_TEST },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-optional'] },
    },
    only('model-imports-itself', '^src/model/', ['^src/model/'], 'The arithmetic knows nothing of the service.'),
    only('platform-imports-itself', '^src/platform/', ['^src/platform/'], 'Adapters know no domain and no model.'),
    only('world-imports-itself', '^src/world/', ['^src/world/', '^src/model/qwen2-5-vl/seeded-random\\.ts$'], 'Scenes are arithmetic, like the model.'),
    only('inference-imports', '^src/inference/', ['^src/inference/', '^src/model/', '^src/platform/'], 'The engine knows no domain.'),
    {
      name: 'domains-through-front-doors',
      comment: 'A domain is entered through its index.ts or a job contract (*.job.ts).',
      severity: 'error',
      from: { path: `^src/(?!(${DOMAINS})/)|^workers/|^src/(${DOMAINS})/` },
      to: { path: `^src/(${DOMAINS})/`, pathNot: ['/index\\.ts$', '\\.job\\.ts$', '^src/$1/'] },
    },
    {
      name: 'domains-do-not-import-inference-or-workers',
      severity: 'error',
      from: { path: `^src/(${DOMAINS})/` },
      to: { path: '^(src/(inference|cli)|workers)/' },
    },
    only('migrations-stand-alone', '^migrations/', ['^migrations/'], 'A migration never follows the code it was written with.'),
    only('page-imports-itself', '^web/', ['^web/'], 'The page knows the service by the types of its API alone.'),
    narrow('onnxruntime-only-in-inference', 'onnxruntime', ['^src/inference/']),
    narrow('bullmq-only-in-queue', 'node_modules/(bullmq|ioredis|@bull-board)', ['^src/platform/queue/', '^workers/']),
    narrow('object-stores-only-in-storage', 'node_modules/@aws-sdk', ['^src/platform/storage/']),
    narrow('child-processes', '^(node:)?child_process$', ['^src/platform/(media|embedded)/', '^src/inference/']),
    narrow('outgoing-http', '^(node:)?(https?|http2|net|tls)$|node_modules/undici', ['^src/platform/(http|embedded)/', '^src/main\\.ts$']),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'node', 'default'] },
  },
};

// Every table of the product that is read through TypeORM.
import { Alert, AlertMatch } from './alerts/index.js';
import { Task, TaskBatch, Window } from './analysis/index.js';
import { ChatCompletion } from './chat/index.js';
import { ApiKey } from './api-keys/index.js';
import { AuditEvent } from './audit/index.js';
import { Cut, CutClip, CutFile } from './cuts/index.js';
import { Feedback } from './feedback/index.js';
import { WorkerHeartbeat } from './health/index.js';
import { Moment, MomentQuery } from './moments/index.js';
import { Preset } from './presets/index.js';
import { Proxy } from './proxies/index.js';
import { Scan, ScanChunk } from './scans/index.js';
import { Segment } from './segments/index.js';
import { Track } from './tracks/index.js';
import { Upload } from './uploads/index.js';
import { StoredStream, Video } from './videos/index.js';
import { WebhookEndpoint } from './webhooks/index.js';

export const entities = [
  ...[Video, StoredStream, Upload, Scan, ScanChunk, Track, Task, TaskBatch, Window, Segment, MomentQuery, Moment, Feedback, ChatCompletion],
  ...[Cut, CutClip, CutFile, Proxy, WorkerHeartbeat, ApiKey, AuditEvent, WebhookEndpoint, Alert, AlertMatch, Preset],
];

// /v1/analyze/tasks: start an analysis, follow it, cancel it.
import { Body, Controller, Get, HttpCode, Inject, type MessageEvent, type OnModuleDestroy, Param, Post, Query, Sse } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { catchError, concatMap, defer, EMPTY, from, interval, map, merge, Observable, startWith, Subject, takeUntil, takeWhile } from 'rxjs';
import { AppError } from '../app-error.js';
import { NOTIFICATIONS, type Notifications } from '../platform/database/notifications.js';
import { AddsWork, type Caller, CurrentCaller, RequireScope } from '../platform/http/access.js';
import { pageQuery } from '../platform/http/cursor.js';
import { log } from '../platform/log/log.js';
import { z } from 'zod';
import { type ComparisonQuery, comparisonQuery, comparisonResource } from './comparison.schema.js';
import { ComparisonsService } from './comparisons.service.js';
import { type Task } from './task.entity.js';
import { presentTask, presentWindow, type TaskBody, taskId, taskPage, taskRequest, taskResource, windowList } from './task.schema.js';
import { TASK_CHANNEL } from './task-state.js';
import { TasksService } from './tasks.service.js';

/** A notification that was lost while the database was away is made up for this often. */
const REFRESH_MS = 5000;

const listQuery = pageQuery.extend({
  video_id: z.uuid().optional().describe('Only tasks of this video.'),
  batch_id: z.uuid().optional().describe('Only tasks of this batch.'),
  latest: z.enum(['true', 'false']).optional().describe('true: only the newest task of each video.'),
});

@ApiTags('analysis')
@Controller('v1/analyze/tasks')
export class TasksController implements OnModuleDestroy {
  private readonly stopping = new Subject<void>();

  constructor(
    private readonly tasks: TasksService,
    private readonly comparisons: ComparisonsService,
    @Inject(NOTIFICATIONS) private readonly notifications: Notifications,
  ) {}

  @RequireScope('videos:write')
  @AddsWork('task')
  @Post()
  @ApiOperation({ summary: 'Analyse a video', description: 'Dense description of its events as segments, and its signals.' })
  @ApiBody({ standardSchema: taskRequest } as never)
  @ApiCreatedResponse({ standardSchema: taskResource })
  async create(@CurrentCaller() { tenantId }: Caller, @Body({ schema: taskRequest }) body: TaskBody) {
    return presentTask(await this.tasks.create(tenantId, body));
  }

  @RequireScope('videos:read')
  @Get()
  @ApiOperation({ summary: 'List tasks, newest first' })
  @ApiOkResponse({ standardSchema: taskPage })
  async list(@CurrentCaller() { tenantId }: Caller, @Query({ schema: listQuery }) query: z.infer<typeof listQuery>) {
    const page = await this.tasks.list(tenantId, query);
    return { ...page, data: page.data.map(presentTask) };
  }

  @RequireScope('videos:read')
  @Get(':id')
  @ApiOperation({ summary: 'Show a task with its progress' })
  @ApiOkResponse({ standardSchema: taskResource })
  async show(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: taskId }) id: string) {
    return presentTask(await this.tasks.get(id, tenantId));
  }

  @RequireScope('videos:read')
  @Get(':id/windows')
  @ApiOperation({ summary: 'Show the plan of a task', description: 'Its windows in order: how each is looked at, why so, and how it went.' })
  @ApiOkResponse({ standardSchema: windowList })
  async windows(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: taskId }) id: string) {
    const task = await this.tasks.get(id, tenantId);
    return { data: (await this.tasks.windows(task)).map(presentWindow) };
  }

  @RequireScope('videos:read')
  @Get(':id/compare')
  @ApiOperation({ summary: 'Compare two analyses of a video', description: 'Each segment of either is paired once, with one that overlaps it enough, those in the same words first.' })
  @ApiOkResponse({ standardSchema: comparisonResource })
  async compare(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: taskId }) id: string, @Query({ schema: comparisonQuery }) query: ComparisonQuery) {
    return this.comparisons.compare(tenantId, id, query);
  }

  @RequireScope('videos:write')
  @Post(':id/cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancel a task', description: 'What was already found stays readable.' })
  @ApiOkResponse({ standardSchema: taskResource })
  async cancel(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: taskId }) id: string) {
    return presentTask(await this.tasks.cancel(id, tenantId));
  }

  @RequireScope('videos:read')
  @Sse(':id/events')
  @ApiOperation({ summary: 'Follow a task', description: 'One `task` event per change, until it has finished.' })
  @ApiProduces('text/event-stream')
  async events(@CurrentCaller() { tenantId }: Caller, @Param('id', { schema: taskId }) id: string): Promise<Observable<MessageEvent>> {
    await this.tasks.get(id, tenantId); // an unknown id is a 404, not an empty stream
    return merge(this.changesOf(id), interval(REFRESH_MS)).pipe(
      startWith(undefined),
      concatMap(() => defer(() => from(this.tasks.get(id, tenantId)))),
      takeWhile(isRunning, true),
      map((task) => ({ type: 'task', data: presentTask(task) })),
      takeUntil(this.stopping),
      catchError((error: unknown) => endQuietly(id, error)),
    );
  }

  /** Streams end with the process, so that it need not wait for those who read them. */
  onModuleDestroy(): void {
    this.stopping.next();
  }

  private changesOf(id: string): Observable<void> {
    return new Observable((subscriber) =>
      this.notifications.subscribe(TASK_CHANNEL, (payload) => {
        if (payload === id) subscriber.next();
      }),
    );
  }
}

/** A task that was deleted has no more events; whoever comes back learns why. */
function endQuietly(id: string, error: unknown): Observable<never> {
  if (!(error instanceof AppError)) log.warn({ err: error, task: id }, 'events ended early');
  return EMPTY;
}

const isRunning = (task: Task): boolean => task.status === 'queued' || task.status === 'processing';

// The resources of the API by their names.
import type { components, operations } from './schema';

type Schemas = components['schemas'];

export type Video = Schemas['Video'];
export type Task = Schemas['Task'];
export type PlannedWindow = Schemas['Window'];
export type Segment = Schemas['Segment'];
export type Scan = Schemas['Scan'];
export type Curves = Schemas['Curves'];
export type Moments = Schemas['Moments'];
export type Moment = Schemas['Moment'];
export type RejectedMoment = NonNullable<Moments['best_rejected']>;
export type MomentWindow = Schemas['MomentWindow'];
export type Search = Schemas['Search'];
export type SearchHit = Schemas['SearchHit'];
export type SearchVideo = Schemas['SearchVideo'];
export type SegmentOutline = Schemas['SegmentOutline'];
export type SegmentMark = Schemas['SegmentMark'];
export type Frames = Schemas['Frames'];
export type Proxy = Schemas['Proxy'];
export type Cut = Schemas['Cut'];
export type CutRequest = operations['CutsController_create']['requestBody']['content']['application/json'];
export type Readiness = Schemas['Readiness'];
export type UploadState = Schemas['Upload'];
export type Session = Schemas['Session'];
export type ApiKey = Schemas['ApiKey'];
export type NewApiKey = Schemas['NewApiKey'];
export type Scope = ApiKey['scopes'][number];
export type Webhook = Schemas['Webhook'];
export type WebhookWithSecret = Schemas['WebhookWithSecret'];
export type WebhookDelivery = Schemas['WebhookDelivery'];
export type WebhookEvents = Webhook['events'];
export type Alert = Schemas['Alert'];
export type Problem = Schemas['Problem'];

export type TaskRequest = operations['TasksController_create']['requestBody']['content']['application/json'];
export type MomentRequest = operations['MomentsController_ask']['requestBody']['content']['application/json'];
export type ClipListRequest = operations['ClipsController_export']['requestBody']['content']['application/json'];
export type Feedback = Schemas['Feedback'];
export type FeedbackRequest = operations['FeedbackController_give']['requestBody']['content']['application/json'];

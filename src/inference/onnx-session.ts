// Opens ONNX graphs with onnxruntime: the weights come straight from the checkpoint's own files, nothing is copied or written.
import * as ort from 'onnxruntime-node';
import { AppError } from '../app-error.js';
import { OnnxGraph } from '../model/onnx/graph.js';
import { nameOfDevice, type Provider } from '../platform/config/devices.js';

export interface SessionSettings {
  readonly provider: Provider;
  /** Which of several graphics cards of cuda; the first where it is left out. */
  readonly deviceId?: number | undefined;
  /** Threads of one operator; `undefined` means one per core. */
  readonly threads?: number | undefined;
  /** Folder that the locations of stored weights are relative to. */
  readonly weightsFolder: string;
}

/** Opens `model`, an ONNX file in memory. Throws `checkpoint.load_failed` when the runtime refuses it or its weights. */
export async function openSession(model: Uint8Array, settings: SessionSettings): Promise<ort.InferenceSession> {
  try {
    return await ort.InferenceSession.create(model, options(settings));
  } catch (cause) {
    throw new AppError('checkpoint.load_failed', `The checkpoint in ${settings.weightsFolder} cannot be loaded: ${messageOf(cause)}`, { cause });
  }
}

/** Throws `inference.provider_unavailable` unless the provider runs a trivial graph; the runtime itself says too little about why a load failed. */
export async function requireProvider(provider: Provider, deviceId?: number): Promise<void> {
  const graph = new OnnxGraph('probe');
  graph.node('Identity', [graph.input('in', 'float32', [1])], { outputs: ['out'] });
  graph.output('out', 'float32', [1]);
  try {
    const session = await ort.InferenceSession.create(graph.toBytes(), options({ provider, deviceId, weightsFolder: '' }));
    await session.release();
  } catch (cause) {
    const known = ort.listSupportedBackends().map((backend) => backend.name);
    const message = `The device ${nameOfDevice({ provider, deviceId: deviceId ?? 0 })} is not available here (onnxruntime knows ${known.join(', ')}; docs/inference.md says what each needs): ${messageOf(cause)}`;
    throw new AppError('inference.provider_unavailable', message, { cause });
  }
}

function options({ provider, deviceId, threads, weightsFolder }: SessionSettings): ort.InferenceSession.SessionOptions {
  const own = provider === 'cuda' && deviceId !== undefined ? { name: provider, deviceId } : provider;
  return {
    executionProviders: provider === 'cpu' ? ['cpu'] : [own, 'cpu'],
    ...(threads === undefined ? {} : { intraOpNumThreads: threads }),
    logSeverityLevel: 3,
    extra: {
      // Above its limit the runtime would widen a bfloat16 embedding matrix again in every run instead of once.
      optimization: { constant_folding_max_output_size_in_bytes: String(2 ** 40) },
      session: {
        model_external_initializers_file_folder_path: weightsFolder,
        // Threads that wait must leave their core to the decoder of the video and to the service.
        intra_op: { allow_spinning: '0' },
      },
    },
  };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

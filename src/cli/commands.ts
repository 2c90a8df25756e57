// The commands of `secondsight`; each loads its code only when it runs.
import { AppError } from '../app-error.js';
import { address, type Command, number, type Option, text, texts, whole } from './command.js';

const server: Option = { type: 'string', value: 'URL', help: 'Use the service at this address; default: SECONDSIGHT_SERVER.' };
const key: Option = { type: 'string', value: 'KEY', help: 'Key of the service; default: SECONDSIGHT_API_KEY.' };
const MAKES_ITS_OWN =
  'Without --server and SECONDSIGHT_SERVER it uses the service that runs on DATA_DIR, else starts one for the time of the command.\nWhat of a large file was sent when a command was killed is not sent again: $XDG_STATE_HOME/secondsight (~/.local/state/secondsight) knows its upload.\nSettings: docs/configuration.md.';

export const commands: Readonly<Record<string, Command>> = {
  up: {
    summary: 'Runs the whole service in the foreground: api, worker and, without DATABASE_URL, its own Postgres.',
    takes: '',
    count: [0, 0],
    options: {},
    notes: 'Settings come from the environment or a .env file; docs/configuration.md lists them.\n\n  PORT=9000 npx secondsight up',
    run: async () => (await import('./up.js')).up(),
  },
  quickstart: {
    summary: 'Shows the whole product once: uploads a clip, analyses it, asks two questions, then serves until Ctrl-C.',
    takes: '[FILE]',
    count: [0, 1],
    options: { once: { type: 'boolean', help: 'Stop after the answers.' } },
    notes: 'Without FILE it takes the bundled demo clip, whose events are known, and prints the truth beside the answers.',
    run: async ([file], values) => (await import('./quickstart.js')).quickstart(file, { once: values['once'] === true }),
  },
  analyze: {
    summary: 'Finds what happens in videos, second by second.',
    takes: 'FILE...',
    count: [1, Infinity],
    options: {
      jsonl: { type: 'boolean', help: 'One line of JSON per file instead of tables.' },
      fps: { type: 'string', value: 'RATE', help: "Frames per second to look at; default: the model's." },
      server,
      key,
    },
    notes: `${MAKES_ITS_OWN}\nExit code 0 when every file could be analysed, 1 otherwise.\n\n  npx secondsight analyze a.mp4 b.mov --jsonl > found.jsonl`,
    run: async (files, values) =>
      (await import('./analyze.js')).analyze(files, { jsonl: values['jsonl'] === true, server: address(values, 'server'), key: text(values, 'key'), fps: number(values, 'fps') }),
  },
  ask: {
    summary: 'Answers when something happens in a video, or that it does not.',
    takes: 'FILE "QUESTION"',
    count: [2, 2],
    options: {
      json: { type: 'boolean', help: 'The answer with its evidence as JSON.' },
      top: { type: 'string', value: 'N', help: 'At most this many moments.' },
      start: { type: 'string', value: 'SECONDS', help: 'Look from here on only.' },
      end: { type: 'string', value: 'SECONDS', help: 'Look up to here only.' },
      server,
      key,
    },
    notes: `${MAKES_ITS_OWN}\n\n  npx secondsight ask match.mp4 "a player scores a goal"\n  npx secondsight ask match.mp4 "a player scores a goal" --server https://video.example:8080 --key ss_live_...`,
    run: async ([file = '', question = ''], values) =>
      (await import('./ask.js')).ask(file, question, {
        json: values['json'] === true,
        server: address(values, 'server'),
        key: text(values, 'key'),
        topK: number(values, 'top'),
        start: number(values, 'start'),
        end: number(values, 'end'),
      }),
  },
  mcp: {
    summary: 'Gives agents tools for videos by the Model Context Protocol, on stdin and stdout or over HTTP.',
    takes: '',
    count: [0, 0],
    options: {
      http: { type: 'string', value: 'PORT', help: 'Listen on this port (streamable HTTP, at /mcp) instead.' },
      host: { type: 'string', value: 'HOST', help: 'Address to listen on with --http; default: 127.0.0.1.' },
      'allow-path': { type: 'string', value: 'DIR', multiple: true, help: 'Folder whose files may be uploaded; may be given several times.' },
      server,
      key,
    },
    notes:
      'On stdin and stdout every file that you can read may be uploaded, unless --allow-path is given; over HTTP none is without it.\n' +
      'On any other host than this machine callers need a key of the service: Authorization: Bearer ss_... Each acts by its own key.\n' +
      `${MAKES_ITS_OWN}\n\n  npx secondsight mcp --server https://video.example:8080\n  npx secondsight mcp --http 8090 --allow-path /srv/videos`,
    run: async (_files, values) =>
      (await import('./mcp/mcp.js')).mcp({
        http: whole(values, 'http'),
        host: text(values, 'host') ?? '127.0.0.1',
        allowPaths: texts(values, 'allow-path'),
        server: address(values, 'server'),
        key: text(values, 'key'),
      }),
  },
  eval: {
    summary: 'Measures how right the answers are, on a data set of the field or on a world whose truth is known.',
    takes: '',
    count: [0, 0],
    options: {
      dataset: { type: 'string', value: 'NAME', help: 'world, simple-world, world-pictures, footage, a data set of the field (see below), or a file of one.' },
      gt: { type: 'string', value: 'FILE', help: 'The questions and their true moments, of a data set named by --dataset.' },
      videos: { type: 'string', value: 'DIR', help: 'Where its videos are, named as the data set names them.' },
      'allow-missing': { type: 'boolean', help: 'Leave out questions about videos that are not there.' },
      predictions: { type: 'string', value: 'FILE', help: 'Score these answers (jsonl) instead of asking.' },
      model: { type: 'string', value: 'DIR', help: 'The checkpoint to ask; default: MODEL_DIR.' },
      seed: { type: 'string', value: 'N', help: 'Of a world, of a choice of questions and of the intervals; default: 1.' },
      questions: { type: 'string', value: 'N', help: 'At most this many; default: 100 of a world, all of a file.' },
      fps: { type: 'string', value: 'RATE', help: "Frames per second to look at; default: the model's." },
      'max-frames': { type: 'string', value: 'N', help: 'At most this many frames a window.' },
      'whole-seconds': { type: 'boolean', help: 'Round answers to seconds before they are scored.' },
      out: { type: 'string', value: 'DIR', help: 'Answers, figures and report; default: a folder under DATA_DIR.' },
      json: { type: 'boolean', help: 'The figures as one line of JSON, with intervals.' },
      'fail-under': { type: 'string', value: 'LIST', help: 'Exit code 1 where a figure is lower: miou=0.8,r1_05=0.9.' },
      'fail-over': { type: 'string', value: 'LIST', help: 'Exit code 1 where a figure is higher: ece=0.05.' },
      server: { type: 'string', value: 'URL', help: 'Ask the service at this address instead of one started for it.' },
      key,
    },
    notes:
      'Data sets: charades-sta, qvhighlights, activitynet, timelens, extremewhenbench, unitime.\n' +
      'A run that was cut off goes on where it stood when it is started again alike. docs/evaluation.md says how each figure is measured.\n\n' +
      '  npx secondsight eval --dataset simple-world --seed 7 --questions 200\n' +
      '  npx secondsight eval --dataset footage --videos clips --questions 50\n' +
      '  npx secondsight eval --dataset charades-sta --gt charades_sta_test.txt --videos Charades_v1_480\n' +
      '  npx secondsight eval --dataset highlight_val_release.jsonl --predictions hl_val_submission.jsonl --json',
    run: async (_files, values) => {
      const { parseLimits } = await import('./eval/limits.js');
      const dataset = text(values, 'dataset');
      if (dataset === undefined) throw new AppError('usage.invalid', '--dataset NAME says what to ask.');
      return (await import('./eval/eval.js')).evaluateCommand({
        dataset,
        gt: text(values, 'gt'),
        videos: text(values, 'videos'),
        allowMissing: values['allow-missing'] === true,
        predictions: text(values, 'predictions'),
        model: text(values, 'model'),
        seed: whole(values, 'seed') ?? 1,
        questions: whole(values, 'questions'),
        fps: number(values, 'fps'),
        maxFrames: whole(values, 'max-frames'),
        wholeSeconds: values['whole-seconds'] === true,
        out: text(values, 'out'),
        json: values['json'] === true,
        failUnder: parseLimits('fail-under', text(values, 'fail-under')),
        failOver: parseLimits('fail-over', text(values, 'fail-over')),
        server: address(values, 'server'),
        key: text(values, 'key'),
      });
    },
  },
  frames: {
    summary: 'Shows which frames of a video the model looks at, and when each of them is presented.',
    takes: 'FILE',
    count: [1, 1],
    options: {
      fps: { type: 'string', value: 'RATE', help: 'Frames per second; default: 2.' },
      start: { type: 'string', value: 'SECONDS', help: 'Begin of the window.' },
      end: { type: 'string', value: 'SECONDS', help: 'End of the window.' },
      'max-frames': { type: 'string', value: 'N', help: 'At most this many; the rate is lowered to it. Default: 768.' },
      'min-pixels': { type: 'string', value: 'N', help: 'Least pixels of a frame after resizing.' },
      'max-pixels': { type: 'string', value: 'N', help: 'Most pixels of a frame after resizing.' },
      'total-pixels': { type: 'string', value: 'N', help: 'Pixel budget of all frames.' },
      model: { type: 'string', value: 'DIR', help: 'The checkpoint whose limits apply; default: MODEL_DIR.' },
      json: { type: 'boolean', help: 'Everything, as one line of JSON.' },
    },
    notes:
      'Needs no service. Times are seconds from the first presented frame.\n' +
      'A window too short for four frames at its rate, under 2 s at 2 fps, is looked at at a higher one, and so does not share\n' +
      'its frames with longer windows; one longer than --max-frames allows, at a lower one. effective_fps says which.\n\n' +
      '  npx secondsight frames clip.mp4 --fps 2 --start 10 --end 20 --json',
    run: async ([file = ''], values) => {
      const { loadConfig } = await import('../platform/config/config.js');
      const config = loadConfig();
      const { frames } = await import('./frames-report.js');
      const window = { fps: number(values, 'fps'), start: number(values, 'start'), end: number(values, 'end') };
      const limits = {
        maxFrames: number(values, 'max-frames'),
        minPixels: number(values, 'min-pixels'),
        maxPixels: number(values, 'max-pixels'),
        totalPixels: number(values, 'total-pixels'),
      };
      return frames(file, { ...window, ...limits, model: text(values, 'model') ?? config.MODEL_DIR, json: values['json'] === true }, config);
    },
  },
  world: {
    summary: 'Draws a scene of the world of shapes as a video, with the truth about it as JSON.',
    takes: '',
    count: [0, 0],
    options: {
      seed: { type: 'string', value: 'N', help: 'Which scene; default: 1.' },
      out: { type: 'string', value: 'FILE', help: 'The video; its ending says the container. The truth goes to FILE.json.' },
      seconds: { type: 'string', value: 'SECONDS', help: 'Length; default: 30.' },
      events: { type: 'string', value: 'N', help: 'How many events to try for; default: 0 to 8 each half minute.' },
      shortest: { type: 'string', value: 'SECONDS', help: 'Least length of an event; default: 1.' },
      longest: { type: 'string', value: 'SECONDS', help: 'Greatest length of an event; default: half the scene.' },
      simple: { type: 'boolean', help: 'Only coloured shapes on a dark ground.' },
      size: { type: 'string', value: 'WxH', help: 'Pixels, both even; default: 640x360, simple 224x224.' },
      fps: { type: 'string', value: 'RATE', help: 'Pictures per second; default: 25.' },
    },
    notes: 'docs/world.md says what there is in a scene. The same seed and options give the same scene everywhere.\n\n  npx secondsight world --seed 7 --seconds 60 --out scene.mp4',
    run: async (_files, values) =>
      (await import('./world.js')).world({
        ...{ seed: number(values, 'seed'), out: text(values, 'out'), seconds: number(values, 'seconds'), events: number(values, 'events') },
        ...{ shortest: number(values, 'shortest'), longest: number(values, 'longest'), simple: values['simple'] === true },
        ...{ size: text(values, 'size'), fps: number(values, 'fps') },
      }),
  },
  model: {
    summary: 'Fetches, inspects and packs checkpoints.',
    takes: 'pull REPO | inspect DIR | quantize DIR',
    count: [2, 2],
    options: {
      scheme: { type: 'string', value: 'NAME', help: 'quantize: int8 or int4.' },
      revision: { type: 'string', value: 'NAME', help: 'pull: a branch, a tag or a commit; default: main.' },
      to: { type: 'string', value: 'DIR', help: 'pull: the folder it goes to; default: DATA_DIR/models/NAME.' },
      endpoint: { type: 'string', value: 'URL', help: 'pull: the hub; default: HF_ENDPOINT.' },
      json: { type: 'boolean', help: 'One line of JSON.' },
    },
    notes:
      'pull goes on where it broke off and keeps only files whose hash is right; HF_TOKEN opens what is not public.\n' +
      'inspect tells sizes, layers, what is missing or odd, the memory each kind of weights needs, and what is packed already; exit code 1 where it would not run.\n' +
      'quantize packs the weights for this processor and runtime, and keeps that only if it answers as fp32 does on the demo clips\n' +
      '(and, for a checkpoint of the drawn world, finds its events as well). WEIGHTS=int8 or int4 then runs it.\n\n' +
      '  npx secondsight model pull Qwen/Qwen2.5-VL-3B-Instruct --to models/qwen-3b\n' +
      '  npx secondsight model quantize models/qwen-3b --scheme int4',
    run: async ([action = '', subject = ''], values) => {
      const json = values['json'] === true;
      switch (action) {
        case 'pull':
          return (await import('./model/pull.js')).pull(subject, { revision: text(values, 'revision') ?? 'main', to: text(values, 'to'), endpoint: text(values, 'endpoint'), json });
        case 'inspect':
          return (await import('./model/inspect.js')).inspect(subject, json);
        case 'quantize': {
          const scheme = text(values, 'scheme');
          if (scheme !== 'int8' && scheme !== 'int4') throw new AppError('usage.invalid', '--scheme: int8 or int4.');
          return (await import('./model/quantize.js')).quantize(subject, { scheme, json });
        }
        default:
          throw new AppError('usage.invalid', `model ${action}: it can pull, inspect and quantize.`);
      }
    },
  },
  migrate: {
    summary: 'Brings the database at DATABASE_URL to the newest schema.',
    takes: '',
    count: [0, 0],
    options: { revert: { type: 'boolean', help: 'Take the newest step back instead.' } },
    notes: '`up` does this by itself; a production deployment runs it once before the other processes start.',
    run: async (_files, values) => (await import('./migrate.js')).migrateDatabase(values['revert'] === true),
  },
  gc: {
    summary: 'Lists what belongs to no video any more, and what videos have lost; with --delete removes the former.',
    takes: '',
    count: [0, 0],
    options: {
      delete: { type: 'boolean', help: 'Remove it; without this nothing is changed.' },
      hours: { type: 'string', value: 'N', help: 'Leave what was stored in the last N hours; default: 24. Less may take what is being uploaded.' },
      json: { type: 'boolean', help: 'One line of JSON per finding.' },
    },
    notes:
      'Looks at DATA_DIR, at S3_BUCKET where it is set, and at the database: DATABASE_URL, else that of the service that runs on DATA_DIR,\n' +
      'else its own, started for the time of the command. The service finds most of this by itself within a day.\n' +
      'Exit code 0 when nothing was found or all of it was removed, 3 when something is left: found without --delete, or lost.',
    run: async (_files, values) => (await import('./gc.js')).gc({ remove: values['delete'] === true, hours: number(values, 'hours'), json: values['json'] === true }),
  },
};

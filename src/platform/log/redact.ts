// Takes secrets out of the lines of the log, wherever in them they are: what is logged is often somebody else's error.

const GONE = '[redacted]';

/** Each with what stays of a match. */
const PATTERNS: readonly (readonly [RegExp, string])[] = [
  [/\b(ss_[a-z]+_[0-9a-f]{32})_[0-9A-Za-z]{43}/g, `$1_${GONE}`], // a key of the API: its first part names it
  [/\bwhsec_[A-Za-z0-9+/_-]+=*/g, `whsec_${GONE}`],
  [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s"'\\/?#]*@/gi, `$1${GONE}@`], // user and password of a URL
  [/\b(bearer|basic)\s+[\w.~+/=-]{8,}/gi, `$1 ${GONE}`],
  [/\b(secondsight_session=)[^;\s"\\]+/g, `$1${GONE}`],
  [/([?&](?:[\w-]*(?:token|key|signature|credential|secret|password)|sig)=)[^&\s"'\\#]+/gi, `$1${GONE}`],
  [/("[\w-]*(?:authorization|cookie|password|passphrase|secret|token|api[_-]?key)"\s*:\s*)"(?:[^"\\]|\\.)*"/gi, `$1"${GONE}"`],
];

const SECRET_NAME = /(?:KEY|SECRET|PASSWORD|PEPPER|TOKEN|OTLP_HEADERS)$/;
const LEAST_LENGTH = 8;

/** The values of secret variables, the longest first. */
const secretValues = (env: NodeJS.ProcessEnv): string[] =>
  Object.entries(env)
    .flatMap(([name, value]) => (value !== undefined && SECRET_NAME.test(name) && value.length >= LEAST_LENGTH ? [value] : []))
    .sort((a, b) => b.length - a.length);

/** For one line; secrets of the environment are told by their value. */
export function createRedaction(env: NodeJS.ProcessEnv = process.env): (line: string) => string {
  const values = secretValues(env);
  return (line) => {
    const known = values.reduce((text, value) => text.replaceAll(value, GONE), line);
    return PATTERNS.reduce((text, [pattern, rest]) => text.replace(pattern, rest), known);
  };
}

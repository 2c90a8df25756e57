// What the layout of packed weights depends on besides the weights: the processor's instructions and the runtime's version.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { arch, cpus } from 'node:os';
import * as ort from 'onnxruntime-node';

/** Those that products of matrices are written for; a kernel's own words for faults and powers would change with its version. */
const MATTERS = /^(sse4|ssse3|avx|fma|f16c|amx|asimd|sve|sme|i8mm|bf16|neon)/;

/** Sorted; on systems that do not tell them, the processor's name. */
export function cpuFeatures(): string[] {
  const told = /^(?:flags|Features)\s*:\s*(.*)$/m.exec(cpuInfo())?.[1]?.split(' ');
  return told ? told.filter((flag) => MATTERS.test(flag)).sort() : [cpus()[0]?.model ?? 'unknown'];
}

/** 12 hex digits; another processor or another runtime has another one. */
export function machineKey(): string {
  return createHash('sha256').update([arch(), ort.env.versions.node, ...cpuFeatures()].join(' ')).digest('hex').slice(0, 12);
}

/** Without such instructions x86 adds products of bytes in 16 bits first. */
export const addsBytesIn32Bits = (): boolean => arch() !== 'x64' || cpuFeatures().some((flag) => /vnni|amx_int8/.test(flag));

function cpuInfo(): string {
  try {
    return readFileSync('/proc/cpuinfo', 'utf8');
  } catch {
    return '';
  }
}

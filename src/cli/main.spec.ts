// Tests of the command line: help, misuse and exit codes.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { commands } from './commands.js';
import { main } from './main.js';

describe('the command line', () => {
  let out: string[];
  let err: string[];

  beforeEach(() => {
    [out, err] = [[], []];
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => out.push(String(text)) > 0);
    vi.spyOn(process.stderr, 'write').mockImplementation((text) => err.push(String(text)) > 0);
  });
  afterEach(() => vi.restoreAllMocks());

  it.each([[[]], [['--help']], [['help']]])('lists every command for %j', async (args) => {
    expect(await main(args)).toBe(0);
    for (const name of Object.keys(commands)) expect(out.join('')).toContain(`  ${name} `);
  });

  it.each(Object.keys(commands))('has a page for %s with its usage and every option', async (name) => {
    expect(await main([name, '--help'])).toBe(0);
    const page = out.join('');
    expect(page).toContain(`Usage: secondsight ${name}`);
    for (const option of Object.keys(commands[name]?.options ?? {})) expect(page).toContain(`--${option}`);
  });

  it.each([
    [['dance'], 'There is no command dance'],
    [['analyze'], 'analyze takes: FILE'],
    [['ask', 'a.mp4'], 'ask takes: FILE "QUESTION"'],
    [['up', 'now'], 'up takes: nothing'],
    [['up', '--loud'], '--loud'],
    [['analyze', 'a.mp4', '--fps', 'fast'], '--fps: fast is not a number'],
    [['gc', '--hours', '-2', '--loud'], 'There is no option --loud.'],
    [['analyze', '-dash.mp4'], 'There is no option -d. What begins with a hyphen and is no option goes to the end, after --: -- -clip.mp4'],
    [['analyze', 'a.mp4', '--fps'], '--fps needs a value.'],
    [['analyze', 'a.mp4', '--jsonl=yes'], '--jsonl takes no value.'],
    [['two\nlines\u001b[2J'], 'There is no command two\\nlines\\u001b[2J.'],
  ])('refuses %j with exit code 2 and says why', async (args, reason) => {
    expect(await main(args)).toBe(2);
    expect(err.join('')).toContain(reason);
    expect(out).toEqual([]);
  });

  it('fails with exit code 1 and the code of the failure', async () => {
    vi.stubEnv('PORT', 'eighty');
    expect(await main(['up'])).toBe(1);
    expect(err.join('')).toMatch(/^config\.invalid: .*PORT/s);
    vi.unstubAllEnvs();
  });
});

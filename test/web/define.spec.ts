// Kinds of segments in a real browser: written, refused at the field, tried on a range, saved, used, and the analyses compared.
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { violations } from './axe.js';
import { openPage } from './browser.js';
import { inBrowser } from './in-browser.js';
import { startLibrary } from './library.js';

const site = inBrowser(startLibrary);

const read = async <T>(path: string): Promise<T> => (await (await fetch(site.product.baseUrl + path)).json()) as T;
const kind = (page: Page, number: number) => page.getByRole('region', { name: `Kind ${number}` });

/** By keys alone from the field that has the focus. */
async function type(page: Page, ...texts: readonly string[]): Promise<void> {
  for (const [index, text] of texts.entries()) {
    if (index > 0) await page.keyboard.press('Tab');
    await page.keyboard.type(text);
  }
}

interface Tried {
  readonly start_time: number;
  readonly end_time: number;
  readonly segment_definitions: readonly { readonly name: string; readonly description: string; readonly fields: readonly object[] }[];
}

describe('kinds of segments', () => {
  it('are written by keys, refused at the field, tried on the selection and found', async () => {
    const { page } = site.opened;
    await page.goto(`/define?video=${site.product.short}&from=0&to=16`);
    await page.getByRole('button', { name: /^Try on/ }).click();
    await expect.poll(() => kind(page, 1).getByText('is missing').count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Save', exact: true }).isDisabled()).toBe(true); // without a name
    await kind(page, 1).getByLabel('Name', { exact: true }).focus();
    await type(page, '1st move', 'Something moves.');
    await page.keyboard.press('Control+Enter');
    const name = kind(page, 1).getByLabel('Name', { exact: true });
    await page.getByText('must begin with a letter').waitFor();
    await expect.poll(() => name.evaluate((element) => element === document.activeElement)).toBe(true);
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Control+A');
    await type(page, 'moves', '');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('A shape appears, moves or changes.');
    expect(await page.getByText('must begin with a letter').count()).toBe(0);
    await kind(page, 1).getByRole('button', { name: 'Add a field to moves' }).press('Enter');
    await kind(page, 1).getByLabel('Name of field 1 of moves').focus();
    await type(page, 'colour');
    await kind(page, 1).getByLabel('Values of field 1 of moves: add').focus();
    await page.keyboard.type('red');
    await page.keyboard.press('Enter');
    await page.keyboard.type('green');
    await page.keyboard.press('Enter');
    await kind(page, 1).getByRole('button', { name: 'Add a field to moves' }).press('Enter');
    await kind(page, 1).getByLabel('Name of field 2 of moves').focus();
    await type(page, 'shape');
    await page.keyboard.press('Control+Enter');
    await page.getByText(/^Tried on 16 s/).waitFor({ timeout: 60_000 });
    const task = await read<Tried>(`/v1/analyze/tasks/${new URL(page.url()).searchParams.get('try')}`);
    expect(task).toMatchObject({ start_time: 0, end_time: 16, segment_definitions: [{ name: 'moves', description: 'A shape appears, moves or changes.', fields: [{ name: 'colour', type: 'string', enum: ['red', 'green'] }, { name: 'shape' }] }] });
    const found = page.getByRole('region', { name: 'Found by the try' }).getByRole('listitem');
    await found.first().waitFor();
    const { data } = await read<{ data: readonly { source: string; start_time: number; fields: { colour: string } }[] }>(`/v1/videos/${site.product.short}/segments?task_id=${new URL(page.url()).searchParams.get('try')}&source=model`);
    expect(await found.count()).toBe(data.length);
    expect(await found.first().innerText()).toContain(`colour ${data[0]!.fields.colour}`);
    await found.first().getByRole('button').click();
    await expect.poll(() => Number(new URL(page.url()).searchParams.get('t'))).toBeCloseTo(data[0]!.start_time, 1);
    await page.reload(); // what was written and tried is there again
    await found.first().waitFor();
    expect(await kind(page, 1).getByLabel('What it shows').inputValue()).toBe('A shape appears, moves or changes.');
    const link = page.url();
    const elsewhere = await openPage(site.browser, site.product.baseUrl, { scheme: 'light', viewport: { width: 390, height: 844 } });
    await elsewhere.page.goto(link); // another browser, which has written nothing
    await expect.poll(() => kind(elsewhere.page, 1).getByLabel('Name', { exact: true }).inputValue()).toBe('moves');
    expect(await violations(elsewhere.page)).toEqual([]);
    await elsewhere.context.close();
  });

  it('are saved under a name, not over what somebody else has saved, and looked for in a video', async () => {
    const { page } = site.opened;
    await page.goto(`/define?video=${site.product.short}`);
    await kind(page, 1).getByLabel('Name', { exact: true }).fill('grows');
    await kind(page, 1).getByLabel('What it shows').fill('An object grows.');
    await page.getByRole('region', { name: 'Preset' }).getByLabel('Name').fill('Growth');
    await page.keyboard.press('Control+s');
    await page.getByText('version 1').waitFor();
    const id = new URL(page.url()).searchParams.get('preset')!;
    await fetch(`${site.product.baseUrl}/v1/presets/${id}`, { method: 'PATCH', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ name: 'Theirs' }) });
    await kind(page, 1).getByLabel('What it shows').fill('An object becomes larger.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('alert').getByText('was changed meanwhile').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: 'Load the latest' }).click();
    await expect.poll(() => page.getByRole('region', { name: 'Preset' }).getByLabel('Name').inputValue()).toBe('Theirs');
    await page.getByRole('button', { name: 'Undo' }).click(); // what was not saved comes back
    await expect.poll(() => kind(page, 1).getByLabel('What it shows').inputValue()).toBe('An object becomes larger.');
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByRole('button', { name: 'Save over it' }).click();
    await page.getByText('version 3').waitFor();
    expect(await read(`/v1/presets/${id}`)).toMatchObject({ name: 'Growth', segment_definitions: [{ name: 'grows', description: 'An object becomes larger.' }] });

    await page.goto(`/videos/${site.product.short}?from=0&to=12`);
    await page.getByRole('button', { name: 'What to look for' }).press('Enter');
    await page.getByRole('menuitem', { name: /^Growth/ }).press('Enter');
    await page.getByText(/^Analysed · grows/).waitFor({ timeout: 60_000 });
    expect(await read(`/v1/analyze/tasks/${new URL(page.url()).searchParams.get('task')}`)).toMatchObject({ preset_id: id, end_time: 12 });
    await page.goto(`/define?preset=${id}`);
    await page.getByRole('button', { name: 'Delete Growth' }).click();
    await page.getByRole('button', { name: 'Delete Growth for good' }).click();
    await expect.poll(() => read<{ data: unknown[] }>('/v1/presets')).toMatchObject({ data: [] });
  });
});

describe('what is being written', () => {
  const preset = (page: Page) => page.getByRole('region', { name: 'Preset' });

  it('is saved with what is still typed, and what is written meanwhile is not lost', async () => {
    const { page } = site.opened;
    await page.goto(`/define?video=${site.product.short}`);
    await kind(page, 1).getByLabel('Name', { exact: true }).fill('moves');
    await kind(page, 1).getByLabel('What it shows').fill('An object moves.');
    await kind(page, 1).getByRole('button', { name: 'Add a field to moves' }).click();
    await kind(page, 1).getByLabel('Name of field 1 of moves').fill('colour');
    await preset(page).getByLabel('Name').fill('Moves');
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await page.route('**/v1/presets', async (route) => {
      if (route.request().method() === 'POST') await gate;
      return route.continue();
    });
    await kind(page, 1).getByLabel('Values of field 1 of moves: add').focus();
    await page.keyboard.type('red');
    await page.keyboard.press('Control+s');
    await kind(page, 1).getByLabel('What it shows').fill('An object moves quickly.');
    release();
    await page.getByText('Saved Moves.').waitFor();
    await preset(page).getByText('not saved').waitFor();
    expect(await kind(page, 1).getByLabel('What it shows').inputValue()).toBe('An object moves quickly.');
    const [saved] = (await read<{ data: { name: string; segment_definitions: { description: string; fields: { enum: string[] }[] }[] }[] }>('/v1/presets')).data.filter(({ name }) => name === 'Moves');
    expect(saved).toMatchObject({ segment_definitions: [{ description: 'An object moves.', fields: [{ enum: ['red'] }] }] });
    await preset(page).getByRole('button', { name: 'Save', exact: true }).click();
    await preset(page).getByText('version 2').waitFor();
  });

  it('is the preset that was chosen last, however late the one before comes', async () => {
    const { page } = site.opened;
    const make = async (name: string): Promise<string> => {
      const body = JSON.stringify({ name, segment_definitions: [{ name: 'grows', description: `${name} grows.`, fields: [] }] });
      return ((await (await fetch(`${site.product.baseUrl}/v1/presets`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })).json()) as { id: string }).id;
    };
    const [slow, quick] = [await make('Slow'), await make('Quick')];
    await page.goto(`/define?video=${site.product.short}`);
    let release: () => void = () => undefined;
    const gate = new Promise<void>((resolve) => (release = resolve));
    await page.route(`**/v1/presets/${slow}`, async (route) => {
      await gate;
      return route.continue();
    });
    const late = page.waitForResponse(`**/v1/presets/${slow}`);
    await preset(page).getByRole('combobox').selectOption(slow);
    await preset(page).getByRole('combobox').selectOption(quick);
    await expect.poll(() => preset(page).getByLabel('Name').inputValue()).toBe('Quick');
    release();
    await (await late).finished();
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 100)));
    expect(await preset(page).getByLabel('Name').inputValue()).toBe('Quick');
  });
});

describe('two analyses', () => {
  interface Compared {
    readonly counts: { readonly both: number; readonly only_a: number; readonly only_b: number };
    readonly data: readonly { readonly found: string; readonly a: { readonly start_time: number } | null }[];
  }

  it('are compared by lanes and row by row, and lead to the picture', async () => {
    const { page } = site.opened;
    const [first] = (await read<{ data: { id: string }[] }>(`/v1/analyze/tasks?video_id=${site.product.long}`)).data;
    const again = await fetch(`${site.product.baseUrl}/v1/analyze/tasks`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ video_id: site.product.long, end_time: 60 }) });
    const { id } = (await again.json()) as { id: string };
    await expect.poll(() => read<{ status: string }>(`/v1/analyze/tasks/${id}`), { timeout: 60_000 }).toMatchObject({ status: 'ready' });
    const compared = await read<Compared>(`/v1/analyze/tasks/${first!.id}/compare?with=${id}`);
    expect(compared.counts.both).toBeGreaterThan(0);
    expect(compared.counts.only_a).toBeGreaterThan(0); // the first has seen all of it
    await page.goto(`/videos/${site.product.long}`);
    await page.getByRole('button', { name: 'What to look for' }).click();
    await page.getByRole('menuitem', { name: 'Compare two analyses…' }).click();
    await page.getByRole('button', { name: `All ${compared.data.length}` }).waitFor();
    const table = page.getByRole('region', { name: 'Agreement' });
    expect(await violations(page)).toEqual([]);
    await page.getByRole('button', { name: `Both ${compared.counts.both}` }).press('Enter');
    const both = compared.data.filter(({ found }) => found === 'both');
    await expect.poll(() => table.getByRole('row').count()).toBeLessThanOrEqual(both.length + 1);
    await table.getByRole('row').nth(1).getByRole('button').first().click();
    await expect.poll(() => Number(new URL(page.url()).searchParams.get('t'))).toBeCloseTo(both[0]!.a!.start_time, 1);
    await page.getByRole('button', { name: `Only A ${compared.counts.only_a}` }).click();
    await table.getByText('only A').first().waitFor();
    const address = page.url();
    await page.reload();
    await table.getByText('only A').first().waitFor();
    expect(page.url()).toBe(address);
    const phone = await openPage(site.browser, site.product.baseUrl, { scheme: 'light', viewport: { width: 390, height: 844 } });
    await phone.page.goto(address);
    await phone.page.getByRole('region', { name: 'Agreement' }).getByText('only A').first().waitFor();
    expect(await violations(phone.page)).toEqual([]);
    expect(await phone.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
    await phone.context.close();
  });
});

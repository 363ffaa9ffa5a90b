// One of the node peers of benchmarks/filters/peers.py, asked by lines on standard input.
//
//     node peers.mjs ENGINE LISTS REQUESTS PUBLIC_SUFFIXES NODE_MODULES
//
// LISTS is one text file, REQUESTS a JSON array of [url, source, type].

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [engine, lists, requests, suffixes, modules] = process.argv.slice(2);
const asked = JSON.parse(readFileSync(requests, 'utf8'));
const text = readFileSync(lists, 'utf8');
const require = createRequire(join(modules, 'x.js'));

async function ubo() {
  const { StaticNetFilteringEngine, pslInit } = await import(
    pathToFileURL(join(modules, '@gorhill/ubo-core/index.js')));
  const started = performance.now();
  pslInit(readFileSync(suffixes, 'utf8'));
  const made = await StaticNetFilteringEngine.create({ noPSL: true });
  await made.useLists([{ name: 'all', raw: text }]);
  const ask = ([url, originURL, type]) => made.matchRequest({ url, originURL, type }) === 1;
  return [ask, performance.now() - started];
}

async function ghostery() {
  const { FiltersEngine, Request } = require('@ghostery/adblocker');
  const started = performance.now();
  const made = FiltersEngine.parse(text);
  const types = { xmlhttprequest: 'xhr', sub_frame: 'subFrame', main_frame: 'mainFrame' };
  const ask = ([url, sourceUrl, type]) =>
    made.match(Request.fromRawDetails({ url, sourceUrl, type: types[type] ?? type })).match;
  return [ask, performance.now() - started];
}

const tell = value => process.stdout.write(JSON.stringify(value) + '\n');
const log = console.log;
console.log = console.info = () => {};
const before = process.memoryUsage().rss;
const [ask, load] = await { ubo, ghostery }[engine]();
globalThis.gc?.();
tell({ load: load / 1e3, memory: (process.memoryUsage().rss - before) / 1024 });
for await (const line of createInterface({ input: process.stdin })) {
  if (line === 'verdicts') {
    tell(asked.map(one => Number(ask(one))));
  } else {
    tell(asked.map(one => {
      const started = process.hrtime.bigint();
      ask(one);
      return Number(process.hrtime.bigint() - started);
    }));
  }
}

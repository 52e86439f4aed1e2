// Counts the items of top-level ordered and task lists with parsers that nobody here wrote.
// Usage: count-steps.mjs NODE-MODULES FILE...; prints "FILE<tab>COUNT" a line.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(process.argv[2] + '/');
const markdown = require('markdown-it')({ html: true });
const yaml = require('yaml');

// The text behind a front matter, which must be a mapping.
function body(text) {
  const match = /^---[ \t]*\r?\n([\s\S]*?\r?\n)(?:---|\.\.\.)[ \t]*(?:\r?\n|$)/.exec(text);
  if (match === null) {
    return text;
  }
  try {
    const value = yaml.parse(match[1]);
    const isMapping = value !== null && typeof value === 'object' && !Array.isArray(value);
    return isMapping ? text.slice(match[0].length) : text;
  } catch {
    return text;
  }
}

function count(text) {
  const tokens = markdown.parse(text, {});
  let isOrdered = false;
  let n = 0;
  tokens.forEach((token, i) => {
    if (token.level === 0 && token.type.endsWith('_list_open')) {
      isOrdered = token.type === 'ordered_list_open';
    }
    if (token.level !== 1 || token.type !== 'list_item_open') {
      return;
    }
    const isTask =
      tokens[i + 1].type === 'paragraph_open' && /^\[[ xX]\]\s/.test(tokens[i + 2].content);
    n += isOrdered || isTask ? 1 : 0;
  });
  // Lists in quotes and other lists lie deeper than level 1.
  return n;
}

for (const file of process.argv.slice(3)) {
  const text = readFileSync(file, 'utf8').replace(/^\ufeff/, '');
  console.log(`${file}\t${count(body(text))}`);
}

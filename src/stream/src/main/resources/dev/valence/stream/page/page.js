// Whatever comes from a review is put into the page as text, never as HTML.
import { bars, key, named, share, shareText, side, sum } from './charts.js';

const SHOWN = 24;
const byId = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en');
const state = { shown: new Map(), held: false, waiting: [], waitingWords: new Map(), stale: false };
const drawn = new Map();

function make(name, className, text) {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function seconds(value) {
  if (value < 0.9995) {
    return `${Math.max(1, Math.round(value * 1000))} ms`;
  }
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}

function set(id, text) {
  const place = byId(id);
  if (place.textContent !== text) {
    place.textContent = text;
  }
}

// ---- one review

function best(review) {
  return Object.entries(review.probabilities).sort((a, b) => b[1] - a[1])[0];
}

/** The text with its words shaded: towards the most probable label, or away from it, which of two is towards the other. */
function shaded(review) {
  const quote = make('blockquote');
  const labels = Object.keys(review.probabilities);
  const towards = side(best(review)[0], labels);
  const other = towards === 'last' ? 'first' : 'last';
  const away = named(labels).length === 2 ? other : 'against';
  const strongest = Math.max(0.5, ...review.words.map((word) => Math.abs(word.weight)));
  let position = 0;
  const plain = (end) => {
    quote.append(review.text.slice(position, end).replace(/<br\s*\/?>/gi, '\n'));
    position = end;
  };
  for (const word of review.words) {
    const weight = Math.abs(word.weight) / strongest;
    if (weight < 0.12 || word.start < position) {
      continue;
    }
    plain(word.start);
    const mark = make('mark', `towards-${word.weight > 0 ? towards : away}`, review.text.slice(word.start, word.end));
    mark.style.setProperty('--weight', weight.toFixed(2));
    quote.append(mark);
    position = word.end;
  }
  plain(review.text.length);
  if (review.cut) {
    quote.append(' …');
  }
  return quote;
}

/** The same in words, for who cannot see the shades. */
function why(review) {
  const strongest = Math.max(0, ...review.words.map((word) => Math.abs(word.weight)));
  const pick = (sign) => [...new Set(review.words
    .filter((word) => word.weight * sign > 0.15 * strongest && /[\p{L}\p{N}]/u.test(review.text.slice(word.start, word.end)))
    .sort((a, b) => sign * (b.weight - a.weight))
    .map((word) => review.text.slice(word.start, word.end).toLowerCase()))].slice(0, 4).join(', ');
  const pro = pick(1);
  const contra = pick(-1);
  return [pro && `For ${best(review)[0]}: ${pro}`, contra && `${pro ? 'against' : 'Against'}: ${contra}`].filter(Boolean).join(' · ');
}

function card(review) {
  const labels = Object.keys(review.probabilities);
  const [likely, probability] = best(review);
  const item = make('li', 'review');
  const about = make('p', 'about');
  const sure = `${(100 * probability).toFixed(probability > 0.995 ? 1 : 0)} %`;
  about.append(make('span', `verdict towards-${side(review.label, labels)}`,
    review.label === likely ? `${review.label} ${sure}` : `${review.label} (${likely} ${sure})`));
  if (review.subject) {
    about.append(make('span', 'subject', review.subject));
  }
  about.append(make('span', 'fine', `${review.modelName} v${review.modelVersion} · ${number.format(review.tokens)} tokens`
    + (review.unknownTokens ? `, ${number.format(review.unknownTokens)} unknown` : '')));
  item.append(about, shaded(review));
  const reason = review.words.length ? why(review) : '';
  if (reason) {
    item.append(make('p', 'why', reason));
  }
  return item;
}

// ---- the stream

function show(review, fresh) {
  const item = card(review);
  const before = state.shown.get(review.number);
  if (before) {
    before.item.replaceWith(item);
    state.shown.set(review.number, { review, item });
    return;
  }
  if (fresh) {
    item.classList.add('new');
  }
  byId('reviews').prepend(item);
  legend(Object.keys(review.probabilities));
  byId('empty').hidden = true;
  state.shown.set(review.number, { review, item });
  for (const [oldest, old] of state.shown) {
    if (state.shown.size <= SHOWN) {
      break;
    }
    old.item.remove();
    state.shown.delete(oldest);
  }
}

function onReviews(reviews) {
  if (state.held) {
    state.waiting = state.waiting.concat(reviews).slice(-SHOWN);
    set('waiting', state.waiting.length ? `${state.waiting.length} newer` : '');
    return;
  }
  const fresh = state.shown.size > 0;
  reviews.forEach((review) => show(review, fresh));
}

function onWords({ number: which, words }) {
  const shown = state.shown.get(which);
  if (shown && state.held) {
    state.waitingWords.set(which, words);
  } else if (shown) {
    show({ ...shown.review, words }, false);
  }
  state.waiting = state.waiting.map((review) => (review.number === which ? { ...review, words } : review));
}

/** What is held stays as it is, whatever comes: somebody reads it, or is about to copy it. */
function hold() {
  state.held = !state.held;
  byId('hold').setAttribute('aria-pressed', String(state.held));
  if (state.held) {
    return;
  }
  set('waiting', '');
  if (state.stale) {
    clear();
  }
  const { waiting, waitingWords } = state;
  state.waiting = [];
  state.waitingWords = new Map();
  waitingWords.forEach((words, which) => onWords({ number: which, words }));
  onReviews(waiting);
}

function clear() {
  state.stale = false;
  state.shown.clear();
  byId('reviews').replaceChildren();
}

function legend(labels) {
  for (const end of ['first', 'none', 'last']) {
    const those = named(labels).filter((label) => side(label, labels) === end);
    set(`legend-${end}`, `for ${those.join(' or ')}`);
    byId(`legend-${end}`).hidden = those.length === 0;
  }
  byId('legend-against').hidden = named(labels).length === 2;
}

// ---- figures

function subjectRow(subject) {
  const row = make('li', 'subject-row');
  const totals = map(subject.counts, sum);
  const name = make('span', 'name', subject.subject || 'no subject');
  name.title = subject.subject;
  const chart = make('div', 'chart');
  chart.append(bars(thinned(subject.counts), { shares: true, description: `${subject.subject || 'no subject'}: ${shareText(totals)}` }));
  row.append(name, chart, make('span', 'count', number.format(subject.reviews)));
  return row;
}

/** Sixty steps would be too fine for a small chart: joins three at a time. */
function thinned(counts) {
  return map(counts, (steps) => Array.from({ length: steps.length / 3 }, (_, i) => sum(steps.slice(3 * i, 3 * i + 3))));
}

function map(counts, change) {
  return Object.fromEntries(Object.entries(counts).map(([label, steps]) => [label, change(steps)]));
}

function modelRow(version, serving) {
  const row = make('li');
  const reviews = sum(Object.values(version.labels));
  const since = new Date(version.since).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit', second: '2-digit' });
  const title = make('p', serving ? 'serving' : '', `${version.name} version ${version.version}${serving ? ' serves' : ''}`);
  const chart = make('div', 'chart');
  chart.append(share(version.labels, shareText(version.labels)));
  row.append(title, make('p', 'fine', `first seen ${since} · ${number.format(reviews)} reviews · ${shareText(version.labels)}`), chart);
  return row;
}

function onFigures(figures) {
  const running = figures.state === 'RUNNING';
  set('state', running ? 'live' : figures.state.toLowerCase().replaceAll('_', ' '));
  byId('state').classList.toggle('running', running);
  set('rate', figures.rate < 9.95 ? figures.rate.toFixed(1) : number.format(Math.round(figures.rate)));
  set('scored', number.format(figures.scored));
  set('dead-letters', number.format(figures.deadLetters));
  set('latency', figures.endToEnd ? seconds(figures.endToEnd.median) : '–');
  set('latency-p95', figures.endToEnd ? `95 % within ${seconds(figures.endToEnd.p95)}` : '');
  set('batch', figures.batch ? figures.batch.mean.toFixed(figures.batch.mean < 10 ? 1 : 0) : '–');
  set('inference', figures.inference ? `scored in ${seconds(figures.inference.mean)}` : '');
  const serving = figures.serving;
  set('model', serving ? `${serving.name} version ${serving.version}` : '');
  set('complaint', figures.complaint);
  const whole = map(figures.counts, (steps) => steps.slice(0, -1));
  const totals = map(whole, sum);
  const rate = bars(whole, { shares: false, description: `${figures.rate.toFixed(1)} reviews a second now; in five minutes ${shareText(totals) || 'none'}` });
  byId('rate-chart').replaceChildren(rate);
  byId('rate-key').replaceChildren(...key(figures.counts));
  if (state.held) {
    return;
  }
  draw('subjects', figures.subjects, subjectRow);
  const serves = (version) => Boolean(serving) && version.name === serving.name && version.version === serving.version;
  const versions = [...figures.versions].sort((a, b) => serves(b) - serves(a));
  draw('models', versions.map((version) => [version, serves(version)]), (row) => modelRow(...row));
}

/** Makes rows anew only for what has changed, so that one can select text in the others. */
function draw(id, values, row) {
  const before = drawn.get(id) ?? new Map();
  const now = new Map(values.map((value) => {
    const content = JSON.stringify(value);
    return [content, before.get(content) ?? row(value)];
  }));
  drawn.set(id, now);
  const place = byId(id);
  const rows = [...now.values()];
  if (rows.length !== place.children.length || rows.some((item, i) => place.children[i] !== item)) {
    place.replaceChildren(...rows);
  }
}

// ---- the box

async function tryOut(event) {
  event.preventDefault();
  const button = event.target.querySelector('button');
  const result = byId('try-result');
  button.disabled = true;
  try {
    const response = await fetch('/page/score', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ text: byId('try-text').value }),
    });
    const answer = await response.json();
    if (response.ok) {
      const list = make('ol');
      list.append(card(answer));
      result.replaceChildren(list);
    } else {
      result.replaceChildren(make('p', 'problem', answer.error));
    }
  } catch (problem) {
    result.replaceChildren(make('p', 'problem', 'The processor does not answer. Is it still running?'));
  } finally {
    button.disabled = false;
  }
}

// ---- for an administrator

/** Only a button does it: Enter in a field would be too easy. */
async function order(event) {
  const deed = event.target.closest('button')?.value;
  if (!deed || !byId('admin').reportValidity()) {
    return;
  }
  const version = byId('admin-version').value;
  const result = byId('admin-result');
  result.className = '';
  set('admin-result', 'One moment.');
  try {
    const response = await fetch('/page/model', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${byId('admin-token').value}` },
      body: JSON.stringify({ do: deed, version: deed === 'activate' && version ? Number(version) : null }),
    });
    const answer = await response.json();
    result.className = response.ok ? '' : 'problem';
    set('admin-result', response.ok ? `The processors are told: ${answer.told}.` : answer.error);
  } catch (problem) {
    result.className = 'problem';
    set('admin-result', 'The processor does not answer. Is it still running?');
  }
}

// ---- start

function follow() {
  const events = new EventSource('/page/events');
  events.addEventListener('open', () => {
    // All reviews come again, perhaps from another process that counts them anew.
    state.waiting = [];
    state.waitingWords.clear();
    if (state.held) {
      state.stale = true;
    } else {
      clear();
    }
  });
  events.addEventListener('reviews', (event) => onReviews(JSON.parse(event.data)));
  events.addEventListener('words', (event) => onWords(JSON.parse(event.data)));
  events.addEventListener('admin', () => { byId('admin').hidden = false; });
  events.addEventListener('figures', (event) => onFigures(JSON.parse(event.data)));
  events.addEventListener('error', () => {
    set('state', 'not connected');
    byId('state').classList.remove('running');
    if (events.readyState === EventSource.CLOSED) {
      // Turned away: a browser tries again by itself only after a lost connection.
      setTimeout(follow, 5000);
    }
  });
}

follow();
byId('hold').addEventListener('click', hold);
byId('try').addEventListener('submit', tryOut);
byId('admin').addEventListener('submit', (event) => event.preventDefault());
byId('admin').addEventListener('click', order);
byId('try-text').addEventListener('keydown', (event) => {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
    byId('try').requestSubmit();
  }
});

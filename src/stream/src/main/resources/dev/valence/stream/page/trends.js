// The trends of all subjects, asked for every few seconds while the page is looked at.
import { bars, side, sum } from './charts.js';

const EVERY_MS = 5000;
const byId = (id) => document.getElementById(id);
const number = new Intl.NumberFormat('en');

function make(name, className, text) {
  const made = document.createElement(name);
  made.className = className;
  if (text !== undefined) {
    made.textContent = text;
  }
  return made;
}

function span(milliseconds) {
  const units = [[3600e3, 'hour'], [60e3, 'minute'], [1e3, 'second']];
  const [length, unit] = units.find(([each]) => milliseconds % each === 0) ?? [1, 'millisecond'];
  const count = milliseconds / length;
  return `${number.format(count)} ${unit}${count === 1 ? '' : 's'}`;
}

/** "positive 0.62, before 0.71": the mean of the last label's probability, lately and until then. */
function course(means) {
  const labels = Object.keys(means);
  const label = labels.find((one) => side(one, labels) === 'last') ?? labels[labels.length - 1];
  const known = (means[label] ?? []).filter((mean) => mean !== null);
  if (!known.length) {
    return '';
  }
  const now = known[known.length - 1];
  const before = known[known.length - 2];
  return `${label} ${now.toFixed(2)}${before === undefined ? '' : `, before ${before.toFixed(2)}`}`;
}

function trendRow(row) {
  const name = row.subject || 'no subject';
  const item = make('li', 'trend-row');
  const about = make('p', '');
  const subject = make('span', 'name', name);
  subject.title = name;
  const mean = course(row.means);
  about.append(subject, make('span', 'fine', `${mean ? `${mean} · ` : ''}${number.format(row.reviews)} review${row.reviews === 1 ? '' : 's'}`));
  const chart = make('div', 'chart');
  const counted = Object.entries(row.counts).map(([label, steps]) => `${number.format(sum(steps))} ${label}`).join(', ');
  chart.append(bars(row.counts, { shares: true, description: `${name}: ${counted}` }));
  item.append(about, chart);
  return item;
}

function show(view) {
  byId('trends-section').hidden = false;
  byId('trends-span').textContent = `${view.starts.length} windows of ${span(view.windowMillis)} each`;
  byId('trends').replaceChildren(...view.subjects.map(trendRow));
  const more = view.known - view.subjects.length;
  const query = byId('trends-query').value.trim();
  const none = query ? 'No subject with reviews is called that.' : 'No review has been counted yet.';
  byId('trends-note').textContent = view.known === 0 ? none : more > 0 ? `and ${number.format(more)} more subjects` : '';
}

let asked = 0;

async function ask() {
  const mine = ++asked;
  try {
    const response = await fetch(`/page/trends?subject=${encodeURIComponent(byId('trends-query').value)}`);
    const view = await response.json();
    if (view === null) {
      return false;
    }
    if (response.ok && mine === asked) {
      show(view);
    }
  } catch (problem) {
    // The page itself says that it is not connected.
  }
  return true;
}

async function follow() {
  // Where nothing is counted there is nothing to come, unless the processor is only starting.
  const counted = document.hidden || await ask();
  setTimeout(follow, counted ? EVERY_MS : 6 * EVERY_MS);
}

follow();
byId('trends-query').addEventListener('input', ask);

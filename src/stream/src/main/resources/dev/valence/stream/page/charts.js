// Small charts in SVG. Negative things stand at the bottom, positive ones on top.

const SVG = 'http://www.w3.org/2000/svg';

function element(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) {
    made.setAttribute(key, value);
  }
  return made;
}

/** The labels that a model gives. */
export function named(labels) {
  return labels.filter((one) => one !== 'uncertain').sort();
}

/** The class of a label's colour: negative first and positive last, or what the alphabet has there; others between. */
export function side(label, labels) {
  const all = named(labels);
  const last = all.find((one) => /^pos/i.test(one)) ?? all[all.length - 1];
  const first = all.find((one) => /^neg/i.test(one)) ?? all.find((one) => one !== last);
  if (label === first) {
    return 'first';
  }
  return label === last ? 'last' : 'none';
}

function ordered(counts) {
  const labels = Object.keys(counts).sort();
  const rank = { first: 0, none: 1, last: 2 };
  return [...labels].sort((a, b) => rank[side(a, labels)] - rank[side(b, labels)]);
}

function frame(width, height, description) {
  return element('svg', {
    viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img', 'aria-label': description,
  });
}

/** Bars of each step; as shares of the step, or against the highest step. */
export function bars(counts, { shares, description }) {
  const labels = ordered(counts);
  const steps = labels.length ? counts[labels[0]].length : 0;
  const totals = Array.from({ length: steps }, (_, i) => labels.reduce((sum, label) => sum + counts[label][i], 0));
  const highest = Math.max(1, ...totals);
  const height = 100;
  const svg = frame(steps * 10, height, description);
  for (let i = 0; i < steps; i++) {
    const whole = shares ? totals[i] : highest;
    let top = height;
    for (const label of labels) {
      const part = whole ? (height * counts[label][i]) / whole : 0;
      if (part > 0) {
        top -= part;
        svg.append(element('rect', {
          x: i * 10, y: top.toFixed(2), width: 9, height: part.toFixed(2), class: `fill-${side(label, labels)}`,
        }));
      }
    }
  }
  return svg;
}

/** One bar across. */
export function share(counts, description) {
  const labels = ordered(counts);
  const total = labels.reduce((sum, label) => sum + counts[label], 0);
  const svg = frame(1000, 10, description);
  let left = 0;
  for (const label of labels) {
    const part = total ? (1000 * counts[label]) / total : 0;
    svg.append(element('rect', {
      x: left.toFixed(2), y: 0, width: part.toFixed(2), height: 10, class: `fill-${side(label, labels)}`,
    }));
    left += part;
  }
  return svg;
}

/** The labels in their colours, from the top of a bar to its bottom. */
export function key(counts) {
  const labels = ordered(counts).reverse();
  return labels.map((label) => {
    const made = document.createElement('span');
    made.className = `verdict towards-${side(label, labels)}`;
    made.textContent = label;
    return made;
  });
}

export function sum(steps) {
  return steps.reduce((total, step) => total + step, 0);
}

/** "62 % positive, 38 % negative" */
export function shareText(counts) {
  const labels = ordered(counts).reverse();
  const total = labels.reduce((all, label) => all + counts[label], 0);
  return labels
    .filter((label) => counts[label] > 0)
    .map((label) => `${Math.round((100 * counts[label]) / total)} % ${label}`)
    .join(', ');
}

// Enhances the pages: local times, countdowns and polling. Everything works without it.
(() => {
  'use strict';

  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const local = new Intl.DateTimeFormat(undefined, {
    weekday: 'short', day: 'numeric', month: 'short', year: 'numeric', hour: '2-digit', minute: '2-digit', timeZoneName: 'short',
  });

  // Times in the reader's own zone; the server writes UTC.
  const localise = (root) => root.querySelectorAll('time[data-local]').forEach((time) => {
    time.title = time.title || time.textContent;
    time.textContent = local.format(new Date(time.dateTime));
    time.removeAttribute('data-local');
  });

  const units = [['day', 86400], ['h', 3600], ['min', 60], ['s', 1]];
  const remaining = (seconds) => {
    const first = units.findIndex(([, size]) => seconds >= size);
    return units.slice(first, first + (seconds < 7 * 86400 ? 2 : 1)).map(([name, size], at) => {
      const count = Math.floor((at ? seconds % units[first][1] : seconds) / size);
      return `${count} ${name}${name === 'day' && count !== 1 ? 's' : ''}`;
    }).join(' ');
  };
  const countDown = () => document.querySelectorAll('[data-countdown]').forEach((counter) => {
    const seconds = Math.floor((new Date(counter.dataset.countdown) - Date.now()) / 1000);
    const text = seconds > 0 ? `${remaining(seconds)} left` : '';
    if (counter.textContent !== text) counter.textContent = text;
  });

  // Times in a form come in UTC. They are shown in the reader's own zone and sent in UTC, so the server need not know that zone.
  // One that was not edited is sent as it came: in the hour that a clock change repeats, its text is not unique.
  const pad = (number, length = 2) => String(number).padStart(length, '0');
  const toLocal = (utc) => {
    const at = new Date(`${utc}Z`);
    if (Number.isNaN(at.getTime())) return utc;
    const seconds = at.getSeconds() ? `:${pad(at.getSeconds())}` : '';
    return `${pad(at.getFullYear(), 4)}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}${seconds}`;
  };
  const toUtc = (text) => {
    const at = new Date(text);
    return Number.isNaN(at.getTime()) ? text : at.toISOString().replace(/(:00)?\.000Z$|0*Z$/, '');
  };
  const inZone = (root) => root.querySelectorAll('select[name=zone]').forEach((select) => {
    if (select.value !== 'UTC' || zone === 'UTC' || select.hasAttribute('aria-invalid')) return;
    const inputs = [...select.form.querySelectorAll('input[type=datetime-local]')];
    inputs.forEach((input) => {
      if (input.value === input.defaultValue) input.value = toLocal(input.defaultValue);
    });
    select.form.querySelectorAll('.conflict time').forEach((time) => { time.textContent = toLocal(time.textContent); });
    select.prepend(new Option(`${zone} (this device)`, 'local', true, true));
    select.form.addEventListener('formdata', ({ formData }) => {
      if (select.value !== 'local') return;
      formData.set('zone', 'UTC');
      inputs.forEach(({ name, value, defaultValue }) => {
        formData.set(name, value === toLocal(defaultValue) ? defaultValue : toUtc(value));
      });
    });
  });

  const enhance = (root) => {
    localise(root);
    countDown();
  };

  enhance(document);
  inZone(document);
  setInterval(countDown, 1000);
  document.querySelector('[data-focus]')?.focus();

  document.addEventListener('htmx:afterSettle', (event) => enhance(event.target.parentElement || document));
  document.addEventListener('htmx:oobAfterSwap', (event) => enhance(event.target));

  // A hidden tab does not poll. It polls at once when it is visible again.
  document.addEventListener('htmx:beforeRequest', (event) => {
    if (document.hidden && event.detail.elt.hasAttribute('data-live')) event.preventDefault();
  });
  document.addEventListener('visibilitychange', () => {
    if (!document.hidden) document.querySelectorAll('[data-live]').forEach((element) => htmx.trigger(element, 'visible'));
  });

  // A second click does not send the form again, but a page that the browser shows from its cache may send it again.
  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (form.method !== 'post' || form.hasAttribute('hx-post')) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
  });
  window.addEventListener('pageshow', () => document.querySelectorAll('form[data-sent]').forEach((form) => delete form.dataset.sent));

  // After a form was sent, the keyboard focus moves to its answer.
  document.addEventListener('htmx:afterSwap', (event) => {
    if (event.detail.requestConfig?.verb !== 'post') return;
    const answer = document.querySelector('#standing') || document.querySelector('#main');
    answer.tabIndex = -1;
    answer.focus();
  });
})();

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

  // Date fields come in UTC. They are shown in the reader's time zone, which the form names.
  const pad = (number) => String(number).padStart(2, '0');
  const inZone = (root) => root.querySelectorAll('input[name=zone]').forEach((field) => {
    if (field.value !== 'UTC' || zone === 'UTC') return;
    field.form.querySelectorAll('input[type=datetime-local]').forEach((input) => {
      if (!input.value) return;
      const at = new Date(`${input.value}Z`);
      const seconds = at.getSeconds() ? `:${pad(at.getSeconds())}` : '';
      input.value = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}T${pad(at.getHours())}:${pad(at.getMinutes())}${seconds}`;
    });
    field.value = zone;
    field.form.querySelectorAll('[data-zone]').forEach((label) => { label.textContent = zone; });
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

/**
 * Signing in, where the server asks for a token. The token is sent once; what the browser keeps is a cookie
 * that no script can read.
 */
import { LOGIN } from '../text/text.js';
import { byId, el, setText } from './dom.js';

const PATH = 'api/session';
let asking = null;
let passedAt = -Infinity;
let known = { required: false, private: false };

/** Whether this server has a token, and whether watching needs it too; as it last said. */
export const needs = () => known;

const request = (method, body) =>
  fetch(PATH, {
    method,
    cache: 'no-store',
    headers: body ? { 'Content-Type': 'application/json' } : {},
    body: body && JSON.stringify(body),
  });

/**
 * Asks for the token until it is right; false if the visitor would rather not.
 * @param sentAt when what was refused was sent: before the last sign-in, it need only be sent again
 */
export function signIn(sentAt) {
  if (sentAt < passedAt) return Promise.resolve(true);
  asking ??= ask().finally(() => (asking = null));
  return asking;
}

function ask() {
  const input = el('input', { id: 'token', type: 'password', autocomplete: 'current-password', required: true, spellcheck: 'false', 'data-testid': 'token' });
  const error = el('p', { class: 'error', role: 'alert', 'data-testid': 'error-token', hidden: true });
  const send = el('button', { type: 'submit', class: 'start', 'data-testid': 'sign-in', text: LOGIN.send });
  const close = el('button', { type: 'button', class: 'plain', text: LOGIN.cancel, onclick: () => dialog.close() });
  const form = el(
    'form',
    { novalidate: true },
    el('h2', { id: 'login-title', text: LOGIN.title }),
    el('p', { class: 'quiet', text: LOGIN.why }),
    el('div', { class: 'field' }, el('label', { for: 'token', text: LOGIN.token }), input),
    error,
    el('div', { class: 'buttons' }, send, close),
  );
  const dialog = el('dialog', { class: 'login', 'aria-labelledby': 'login-title', 'data-testid': 'login' }, form);
  const say = (words) => {
    setText(error, words);
    error.hidden = false;
    input.select();
  };
  let passed = false;
  form.addEventListener('submit', async (event) => {
    event.preventDefault();
    if (input.value.trim() === '') return say(LOGIN.empty);
    send.disabled = true;
    try {
      const answer = await request('POST', { token: input.value.trim() });
      passed = answer.ok;
      if (passed) {
        passedAt = performance.now();
        dialog.close();
      } else say((await answer.json()).detail);
    } catch {
      say(LOGIN.unreachable);
    } finally {
      send.disabled = false;
    }
  });
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((done) =>
    dialog.addEventListener('close', () => {
      dialog.remove();
      if (passed) showSignOut(true);
      done(passed);
    }),
  );
}

const signOut = el('button', {
  type: 'button',
  class: 'plain sign-out',
  'data-testid': 'sign-out',
  text: LOGIN.signOut,
  onclick: async () => {
    await request('DELETE').catch(() => null);
    location.reload();
  },
});

function showSignOut(signedIn) {
  if (signedIn) byId('runs-panel').append(signOut);
  else signOut.remove();
}

/**
 * Looks whether this visitor is signed in. Where nothing may be seen without, asks for it, then calls
 * `again`.
 */
export async function checkSession(again) {
  const sentAt = performance.now();
  try {
    const answer = await request('GET');
    if (!answer.ok) return;
    const session = await answer.json();
    // It was true before the visitor signed in.
    if (sentAt < passedAt) return await checkSession(again);
    known = session;
    showSignOut(session.signedIn);
    if (session.private && !session.signedIn && asking === null && (await signIn(sentAt))) again();
  } catch {
    // Not reached: the page says so by itself.
  }
}

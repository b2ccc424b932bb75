/** The words of the server: is the page live, how late is it, what does it compute on, who may see it. */

export const delayText = (milliseconds) => `${milliseconds < 1000 ? Math.round(milliseconds) : '>999'} ms`;

export const tailText = (milliseconds) => `99%: ${delayText(milliseconds)}`;

/** @param error of the two clocks' difference, in milliseconds */
export const delayTitle = (error) =>
  `From the end of a training step to its point on this screen: the median of the last 500 frames, and what 99% of them stayed within. The clocks agree to ${error < 1 ? 'less than 1 ms' : `${Math.ceil(error)} ms`}.`;

export const DELAY = 'Delay, step to screen';

/** @param delays a Delays */
export const delaySummary = (delays) => `Median ${delayText(delays.quantile(0.5))}, 99% within ${delayText(delays.quantile(0.99))}`;

/** What the server computes on: `{ backend, reason }` as it tells it. */
export function backendText({ backend, reason }) {
  if (backend === 'starting') return 'The server is loading its numerics library.';
  if (backend === 'none') return `The server can’t train: ${reason}.`;
  return `Computed on the server’s ${backend === 'cuda' ? 'GPU' : 'processor'}: ${reason}.`;
}

/** Why the page is not live. */
export const FETCHING = {
  proxied:
    'No WebSocket gets through to the server, so this page fetches what is new every few seconds: nothing is missing, it only comes a little later. If there is a proxy in between, it has to pass the headers Upgrade and Connection on, and Host as it is.',
  refused: (reason) => `The server takes no further WebSocket, so this page fetches what is new every few seconds: nothing is missing, it only comes a little later. The server says: ${reason}`,
};

export const LOGIN = {
  title: 'Sign in',
  why: 'This server asks for its token. Whoever started it knows it.',
  token: 'Token',
  send: 'Sign in',
  cancel: 'Not now',
  empty: 'Type or paste the token.',
  unreachable: 'The server cannot be reached. Check that Tandem is running, then try again.',
  signOut: 'Sign out',
};

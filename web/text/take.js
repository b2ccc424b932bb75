/** The words of what can be taken away: pictures, reports, commands. */

export const FIGURE = {
  loss: 'Training loss',
  accuracy: 'Test accuracy',
  'accuracy-difference': 'Difference in test accuracy',
  'loss-difference': 'Difference in smoothed training loss',
};

export const TAKE = {
  as: (figure, kind) => `${figure} as ${kind}`,
  report: 'Report (HTML)',
  bandsCsv: 'Means and bands (CSV)',
  bandsJson: 'Means and bands (JSON)',
  curl: 'Copy as curl',
  cmd: 'Copy as curl (Windows cmd)',
  powershell: 'Copy as PowerShell',
  python: 'Copy as Python',
  copied: 'Copied.',
  shown: 'Select the text below to copy it.',
  token: 'The token is taken from the environment variable TANDEM_TOKEN.',
};

export const REPORT = {
  findings: 'What this run shows',
  aspect: 'Aspect',
  expected: 'Expected',
  found: 'In this run',
  verdict: 'Verdict',
  charts: 'Charts',
  settings: 'Settings',
  setting: 'Setting',
  value: 'Value',
  results: 'Results by epoch',
  repeats: 'Results by repeat',
  epoch: 'Epoch',
  columns: ['training loss, nats', 'test loss, nats', 'test accuracy'],
  from: 'From Tandem:',
};

/** JSON that no shell takes anything in for its own: what they might is written as \\u and a number, as is all beyond ASCII. */
const escaped = (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
const plain = (settings) =>
  JSON.stringify(settings)
    .replace(/\\(["\\])/g, (pair, character) => escaped(character))
    .replace(/[^ -~]|[&|<>^%!'`$]/g, escaped);

/** An address in either kind of quotes. */
const quotable = (address) => address.replaceAll("'", '%27');

/**
 * The commands that start the same run again. With `token` they take the server's from the environment.
 *
 * @param address of the server's runs
 */
export const curl = (settings, address, token) =>
  `curl -X POST '${quotable(address)}' -H 'Content-Type: application/json' \\\n${token ? '  -H "Authorization: Bearer $TANDEM_TOKEN" \\\n' : ''}  -d '${plain(settings)}'`;

export const cmd = (settings, address, token) =>
  `curl -X POST "${address}" -H "Content-Type: application/json"${token ? ' -H "Authorization: Bearer %TANDEM_TOKEN%"' : ''} -d "${plain(settings).replaceAll('"', '\\"')}"`;

export const powershell = (settings, address, token) =>
  `Invoke-RestMethod -Method Post '${quotable(address)}' -ContentType application/json${token ? ' -Headers @{ Authorization = "Bearer $env:TANDEM_TOKEN" }' : ''} -Body '${plain(settings)}'`;

/** A few lines that read the run's numbers, from the address of its events. */
export const python = (address, token) => `import json${token ? ', os' : ''}, urllib.request

url = "${address}"
${token ? `request = urllib.request.Request(url, headers={"Authorization": "Bearer " + os.environ["TANDEM_TOKEN"]})
events = json.load(urllib.request.urlopen(request))` : 'events = json.load(urllib.request.urlopen(url))'}

for event in events:
    if event["type"] == "epoch":
        print(event["variant"], event["repeat"], event["epoch"], event["testAccuracy"])

losses = {}  # (variant, repeat) -> training loss of every iteration, in nats
for event in events:
    if event["type"] == "steps":
        losses.setdefault((event["variant"], event["repeat"]), []).extend(event["losses"])
`;

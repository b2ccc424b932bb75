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
  python: 'Copy as Python',
  copied: 'Copied.',
  shown: 'Select the text below to copy it.',
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

/** The command that starts the same run again. */
export const curl = (settings, origin) =>
  `curl -X POST ${origin}/api/runs -H 'Content-Type: application/json' \\\n  -d '${JSON.stringify(settings).replaceAll("'", "'\\''")}'`;

/** A few lines that read the run's numbers. */
export const python = (id, origin) => `import json, urllib.request

url = "${origin}/api/runs/${id}/events"
events = json.load(urllib.request.urlopen(url))

for event in events:
    if event["type"] == "epoch":
        print(event["variant"], event["repeat"], event["epoch"], event["testAccuracy"])

losses = {}  # (variant, repeat) -> training loss of every iteration, in nats
for event in events:
    if event["type"] == "steps":
        losses.setdefault((event["variant"], event["repeat"]), []).extend(event["losses"])
`;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text as it may stand in markup and in attributes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** A page that stands alone. */
export interface StandalonePage {
  /** Text; it is escaped. */
  readonly title: string;
  /** CSS. */
  readonly style: string;
  /** Markup, everything in it that others wrote escaped. */
  readonly body: string;
  /** What the script reads from the element `data`; any JSON. */
  readonly data: unknown;
  /** JavaScript. */
  readonly script: string;
}

/**
 * An HTML document in one file: nothing is loaded from anywhere, and a policy in the page forbids it to. The data is JSON in which no end
 * tag and no comment can begin.
 */
export function standalonePage({ title, style, body, data, script }: StandalonePage): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${style}</style>
</head>
<body>
${body}
<script id="data" type="application/json">${JSON.stringify(data).replaceAll('<', '\\u003c')}</script>
<script>${script}</script>
</body>
</html>
`;
}

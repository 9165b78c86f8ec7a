/** The page. Its script and style are files of their own, so that the policy it comes with may forbid all others. */
export const PAGE_HTML = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<link rel="icon" href="data:,">
<title>Switchyard: gas of a call</title>
<link rel="stylesheet" href="page/style.css">
<script type="module" src="page/main.js"></script>
</head>
<body>
<header>
<h1>Switchyard</h1>
<p id="service" role="status">Asking the service…</p>
<label class="key">API key <input id="key" autocomplete="off" spellcheck="false" placeholder="if the service wants one"></label>
</header>
<main>
<form id="form" autocomplete="off" novalidate>
<fieldset>
<legend>Contract</legend>
<div class="choice" role="radiogroup" aria-label="Where the contract is">
<label><input type="radio" name="source" value="module" checked> A module</label>
<label><input type="radio" name="source" value="address"> A deployed contract</label>
</div>
<div id="module-fields">
<label for="file">File</label>
<input id="file" type="file">
<label for="code">or its bytes, hexadecimal</label>
<textarea id="code" rows="3" spellcheck="false" placeholder="7f454c46…"></textarea>
<div id="module" role="status"></div>
</div>
<div id="address-fields" hidden>
<label for="contract">Address</label>
<input id="contract" spellcheck="false" placeholder="64 hexadecimal digits">
</div>
</fieldset>
<fieldset>
<legend>Call</legend>
<label for="entry">Entry</label>
<div class="side-by-side">
<select id="entry"></select>
<input id="entry-name" aria-label="Name of the entry" placeholder="entry_0, hook_0, a function" spellcheck="false" hidden>
</div>
<div class="choice" role="radiogroup" aria-label="Form of the parameters">
<span>Parameters</span>
<label><input type="radio" name="form" value="typed" checked> typed</label>
<label><input type="radio" name="form" value="raw"> raw bytes</label>
</div>
<div id="typed-fields">
<div id="args"></div>
<button id="add" type="button" class="quiet">Add a parameter</button>
</div>
<div id="raw-fields" hidden>
<textarea id="input" rows="2" aria-label="Input bytes, hexadecimal" spellcheck="false" placeholder="hexadecimal digits"></textarea>
</div>
<label for="from">Sender</label>
<input id="from" spellcheck="false" placeholder="64 hexadecimal digits; zeros by default">
<div class="pair">
<div><label for="value">Value</label><input id="value" inputmode="numeric" placeholder="0"></div>
<div><label for="gasLimit">Gas limit</label><input id="gasLimit" inputmode="numeric" placeholder="the service's"></div>
</div>
<details>
<summary>More</summary>
<div class="pair">
<div><label for="gasPrice">Gas price</label><input id="gasPrice" inputmode="numeric" placeholder="the service's"></div>
<div><label for="marginPercent">Margin, %</label><input id="marginPercent" inputmode="numeric" placeholder="the policy's"></div>
</div>
<label class="check"><input id="static" type="checkbox"> Read-only: any change fails the call</label>
<label for="state">State taken to be, as JSON</label>
<textarea id="state" rows="3" spellcheck="false" placeholder='{ "ADDRESS": { "balance": "1000" } }'></textarea>
<label for="block">Block taken to be, as JSON</label>
<textarea id="block" rows="2" spellcheck="false" placeholder='{ "height": 7 }'></textarea>
</details>
</fieldset>
<p id="problem" role="alert"></p>
<div class="buttons">
<button type="submit" value="estimate" class="main">Estimate</button>
<button type="submit" value="run">Run</button>
<button type="submit" value="trace">Trace</button>
<button id="cancel" type="button" class="quiet" hidden>Cancel</button>
</div>
</form>
<section aria-label="Result">
<p id="said" role="status" aria-live="polite"></p>
<div id="result" tabindex="-1">
<p class="empty">Load a module, choose an entry, and ask for an estimate.<br>Nothing is kept: every call runs on a copy of the state.</p>
</div>
</section>
</main>
<noscript><p>This page needs JavaScript; <code>POST /rpc</code> and <code>GET /openapi.json</code> do not.</p></noscript>
</body>
</html>
`;

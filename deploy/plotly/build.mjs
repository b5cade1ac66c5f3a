// Builds assets/vendor from the pinned npm packages: our own selections of plotly.js and Bootstrap, licences beside them.
import { copyFileSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { parse } from 'acorn';
import { full } from 'acorn-walk';
import { build, transform } from 'esbuild';
import { Logger, compile } from 'sass';

const here = dirname(fileURLToPath(import.meta.url));
const modules = join(here, 'node_modules');
const vendor = join(here, '..', '..', 'assets', 'vendor');

await bundlePlotly();
await minifyRegenerator();
await selectStyles();
copyRapidoc();

async function bundlePlotly() {
    const { version } = JSON.parse(readFileSync(join(modules, 'plotly.js', 'package.json'), 'utf8'));
    const { metafile } = await build({
        entryPoints: [join(here, 'entry.js')],
        outfile: join(vendor, 'plotly.min.js'),
        bundle: true,
        minify: true,
        format: 'iife',
        globalName: 'Plotly',
        target: 'es2020',
        define: { global: 'window', 'define.amd': 'false' },
        // maplibre's stylesheet is pulled in by the core and serves maps only.
        loader: { '.css': 'empty' },
        legalComments: 'none',
        metafile: true,
        banner: { js: `/*! plotly.js ${version}, our selection of traces; licence: plotly.LICENSE.txt */` },
        plugins: [{ name: 'trimmed', setup: trim }],
    });
    writeFileSync(join(vendor, 'plotly.LICENSE.txt'), licences(Object.keys(metafile.inputs)));
}

// Every package that ended up in the bundle, plotly.js first: minifying has removed the notices from the code.
function licences(inputs) {
    const found = inputs.map((path) => path.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
    const names = ['plotly.js', ...[...new Set(found)].filter((name) => name !== 'plotly.js').sort()];
    return names.map(notice).join(`\n${'-'.repeat(80)}\n\n`);
}

function notice(name) {
    const folder = join(modules, name);
    const { version, license } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    const wording = file ? readFileSync(join(folder, file), 'utf8').trim() : 'The package carries no licence file.';
    return `${name} ${version} (${license})\n\n${wording}\n`;
}

function trim({ onLoad }) {
    onLoad({ filter: /plotly\.js[\\/]src[\\/].*\.js$/ }, ({ path }) => {
        const source = withoutHosts(readFileSync(path, 'utf8'));
        return { contents: /\bdescription\s*:/.test(source) ? withoutDescriptions(source) : source, loader: 'js' };
    });
}

// Where maps would be loaded from, and where a chart could be sent to: nothing of ours leaves for another host.
function withoutHosts(source) {
    return source.replace(/(['"])https:\/\/(cdn\.plot\.ly|cloud\.plotly\.com)[^'"]*\1/g, "''");
}

// plotly.js documents each attribute in its own source, for a reference nobody reads in the browser: a tenth of the file.
function withoutDescriptions(source) {
    const found = [];
    full(parse(source, { ecmaVersion: 'latest', sourceType: 'script', allowReturnOutsideFunction: true }), (node) => {
        if (node.type === 'Property' && node.key.name === 'description' && isWording(node.value)) found.push(node.value);
    });
    found.sort((a, b) => b.start - a.start);
    // An empty string stays, for a few attributes quote another's description.
    return found.reduce((text, { start, end }) => `${text.slice(0, start)}''${text.slice(end)}`, source);
}

function isWording(node) {
    if (node.type === 'Literal') return typeof node.value === 'string';
    if (node.type === 'TemplateLiteral') return true;
    if (node.type === 'BinaryExpression') return node.operator === '+';
    return node.type === 'CallExpression' && node.callee.property?.name === 'join';
}

async function minifyRegenerator() {
    await build({
        entryPoints: [join(modules, 'regenerator-runtime', 'runtime.js')],
        outfile: join(vendor, 'regenerator.min.js'),
        minify: true,
        target: 'es2020',
        // Without a module to hang it on, it sets the global that Dash's scripts look for.
        define: { module: 'undefined' },
        legalComments: 'none',
    });
    copyFileSync(join(modules, 'regenerator-runtime', 'LICENSE'), join(vendor, 'regenerator.LICENSE.txt'));
}

// A whole Bootstrap is five times as big, and the first paint waits for it.
async function selectStyles() {
    const folder = join(modules, 'bootstrap');
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const { css } = compile(join(here, 'bootstrap.scss'), { loadPaths: [modules], quietDeps: true, logger: Logger.silent });
    const { code } = await transform(css, { loader: 'css', minify: true, target: ['chrome80', 'firefox78', 'safari13'] });
    const banner = `/*! Bootstrap ${version}, our selection of its parts; licence: bootstrap.LICENSE.txt */\n`;
    writeFileSync(join(vendor, 'bootstrap.min.css'), banner + code);
    copyFileSync(join(folder, 'LICENSE'), join(vendor, 'bootstrap.LICENSE.txt'));
}

// The page to try the API with. It asks for no fonts of another host there, and could not: their addresses are taken out.
function copyRapidoc() {
    const folder = join(modules, 'rapidoc');
    const script = readFileSync(join(folder, 'dist', 'rapidoc-min.js'), 'utf8');
    const trimmed = script.replace(/url\(https:\/\/fonts\.gstatic\.com[^)]*\)/g, "local('Open Sans')").replace(/\/\/# sourceMappingURL=.*\s*$/, '');
    writeFileSync(join(vendor, 'rapidoc.min.js'), trimmed);
    const { dependencies } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const notices = ['rapidoc', ...Object.keys(dependencies).sort()].map(notice);
    const bundled = readFileSync(join(folder, 'dist', 'rapidoc-min.js.LICENSE.txt'), 'utf8').trim();
    writeFileSync(join(vendor, 'rapidoc.LICENSE.txt'), [...notices, `${bundled}\n`].join(`\n${'-'.repeat(80)}\n\n`));
}

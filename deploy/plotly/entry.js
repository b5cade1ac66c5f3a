'use strict';

// The traces our figures are made of; scatter is part of the core. The locale is only registered:
// the page chooses it, for it is shown in Chinese or in English.
const Plotly = require('plotly.js/lib/core');

Plotly.register([
    require('plotly.js/lib/bar'),
    require('plotly.js/lib/sankey'),
    require('plotly.js/lib/treemap'),
    require('plotly.js/lib/heatmap'),
    require('plotly.js/lib/locales/zh-cn'),
]);

// The logo is a link to another host.
Plotly.setPlotConfig({ displaylogo: false });

module.exports = Plotly;

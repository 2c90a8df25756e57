// The look of a report: that of the product's page, dark first and light as good, in one self-contained sheet.

export const STYLE = `
:root{color-scheme:dark light;--bg:#0f1115;--panel:#161a21;--raised:#1d222b;--line:#2a303b;--ink:#e7eaf0;--dim:#9aa3b2;--asked:#f5a524;--machine:#2dd4bf;--lost:#fb7185}
@media (prefers-color-scheme:light){:root{--bg:#f6f7f9;--panel:#fff;--raised:#eef0f4;--line:#d9dde5;--ink:#171a21;--dim:#596273;--asked:#a86500;--machine:#0b7a6e;--lost:#c42c4c}}
*{box-sizing:border-box}
body{margin:0;padding:32px 24px 64px;background:var(--bg);color:var(--ink);font:14px/1.5 Inter,system-ui,sans-serif;font-variant-numeric:tabular-nums}
main{max-width:1240px;margin:0 auto;display:grid;gap:24px}
h1{font-size:22px;line-height:1.3;margin:0}h2{font-size:15px;margin:0}p{margin:0;color:var(--dim);max-width:100ch}
.cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(168px,1fr));gap:12px}
.card{background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:12px 14px}
.card b{display:block;font-size:26px;line-height:1.25;font-weight:650}.card span{color:var(--dim);font-size:12px;display:block}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,480px),1fr));gap:16px}
figure{margin:0;background:var(--panel);border:1px solid var(--line);border-radius:10px;padding:14px 16px 8px}
figcaption{display:grid;gap:2px;margin-bottom:8px}figcaption p{font-size:12px}
svg{width:100%;height:auto;display:block}svg text{font:11px Inter,system-ui,sans-serif;fill:var(--dim)}svg .label{font-size:11.5px}
.grid{stroke:var(--line);stroke-width:1}.axis{stroke:var(--dim);stroke-width:1}
.line{fill:none;stroke-width:2;stroke-linejoin:round}.line.asked{stroke:var(--asked)}.line.machine{stroke:var(--machine)}.line.lost{stroke:var(--lost)}.line.ideal{stroke:var(--dim);stroke-width:1.2}.dashed{stroke-dasharray:5 4}
.area{opacity:.14}.area.asked{fill:var(--asked)}.area.lost{fill:var(--lost)}
.dot.asked{fill:var(--asked)}.dot.machine{fill:var(--machine)}.dot.lost{fill:var(--lost)}.dot.faint{opacity:.42}
.bar.machine{fill:var(--machine);opacity:.6}.bar.asked{fill:var(--asked)}
svg .note.inside{fill:var(--bg);font-weight:600}svg .note.strong{fill:var(--ink);font-weight:600}svg .note.machine{fill:var(--machine)}svg .note.lost{fill:var(--lost)}
section{display:grid;gap:10px}.scroll{overflow-x:auto;background:var(--panel);border:1px solid var(--line);border-radius:10px}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:6px 14px;border-bottom:1px solid var(--line);vertical-align:middle}
tr:last-child td{border-bottom:0}th{color:var(--dim);font-weight:500;font-size:12px}td.n,th.n{text-align:right}code{font:12px "JetBrains Mono",ui-monospace,monospace;color:var(--dim)}
.span{width:200px;min-width:140px}.span i{display:block;position:relative;height:8px;border-radius:4px;background:var(--raised)}
.span u{position:absolute;top:0;bottom:0;border-radius:4px;background:var(--asked);opacity:.45;min-width:2px}.span s{position:absolute;top:-3px;width:3px;height:14px;margin-left:-1px;border-radius:2px;background:var(--asked)}
.bad{color:var(--lost)}.good{color:var(--machine)}
`.replaceAll('\n', '');

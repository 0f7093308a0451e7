/** Readable on a screen and on paper, in the fonts that are there. */
export const htmlStyle = `
:root { --ink: #1c2024; --soft: #5b6670; --line: #d9dee3; --good: #1a7340; --bad: #b3261e; --wait: #8a5a00; }
* { box-sizing: border-box; }
body { margin: 0; background: #f3f5f7; color: var(--ink); font: 16px/1.6 "Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei", system-ui, sans-serif; }
main { max-width: 52rem; margin: 2rem auto; padding: 2.5rem 3rem; background: #fff; border: 1px solid var(--line); border-radius: 6px; }
[lang=en] { color: var(--soft); font-size: .9em; font-family: system-ui, "Noto Sans", Helvetica, Arial, sans-serif; }
.kind { margin: 0; font-weight: 600; }
h1 { margin: .2rem 0 1.5rem; font-size: 1.7rem; line-height: 1.3; overflow-wrap: anywhere; }
h2 { margin: 2.2rem 0 .6rem; padding-bottom: .3rem; border-bottom: 1px solid var(--line); font-size: 1.15rem; }
h2 [lang=en] { font-weight: 400; margin-left: .3rem; }
.verdict { padding: 1rem 1.4rem; border-left: 6px solid; border-radius: 4px; background: #f7f9fa; }
.verdict p { margin: .2rem 0; }
.verdict .word { font-size: 1.35rem; font-weight: 700; }
.verdict.clean { border-color: var(--good); } .clean .word { color: var(--good); }
.verdict.findings { border-color: var(--bad); } .findings .word { color: var(--bad); }
.verdict.incomplete { border-color: var(--wait); } .incomplete .word { color: var(--wait); }
.figures { display: grid; grid-template-columns: repeat(4, 1fr); gap: 1rem; margin: 1.6rem 0 0; }
.figures dt { font-size: .9rem; } .figures dt [lang=en] { display: block; }
.figures dd { margin: 0; font-size: 1.5rem; font-weight: 600; font-variant-numeric: tabular-nums; }
ul { padding-left: 1.2rem; } li { margin: .45rem 0; }
table { width: 100%; border-collapse: collapse; }
th { text-align: left; font-weight: 600; }
th, td { padding: .35rem .8rem .35rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
th:first-child, td:first-child { width: 50%; }
.value, time { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
code { font: .9em ui-monospace, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
.findings li { margin: 0 0 1.1rem; padding: .8rem 1rem; border: 1px solid var(--line); border-radius: 4px; break-inside: avoid; }
ol.findings { padding-left: 0; list-style: none; } .findings li p { margin: 0 0 .4rem; } .findings li td { border: 0; padding-bottom: 0; }
.findings li td:first-child { width: 9rem; white-space: nowrap; }
footer { margin-top: 2.5rem; padding-top: .8rem; border-top: 1px solid var(--line); font-size: .85rem; color: var(--soft); }
footer p { margin: .2rem 0; }
@media (max-width: 40rem) { main { margin: 0; padding: 1.2rem; border: 0; } .figures { grid-template-columns: repeat(2, 1fr); } }
@media print { @page { margin: 18mm 16mm; } body { background: #fff; font-size: 10.5pt; } main { max-width: none; margin: 0; padding: 0; border: 0; } h2 { break-after: avoid; } section > table, tr { break-inside: avoid; } .verdict { print-color-adjust: exact; } }
`;

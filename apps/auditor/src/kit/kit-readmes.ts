/** What stands in a kit beside the log, by file name. */
export function kitReadmes(of: { readonly origin: string; readonly size: number }): Readonly<Record<string, string>> {
  return { 'README.md': english(of), 'README.zh-CN.md': chinese(of) };
}

function english({ origin, size }: { readonly origin: string; readonly size: number }): string {
  return `# Audit kit of ${origin}

The public log of the ledger, ${size} entries, and the program that checks it. It needs Node.js 20.19 or newer, no
network, and nothing to be installed:

    node audit.mjs                          what is wrong, and what was checked
    node audit.mjs --html report.html       a page to print
    node audit.mjs --json                   for programs
    node audit.mjs --sample 60              redemptions to look for in the world
    node audit.mjs --help                   everything else

Exit status: 0 nothing was found, 1 findings, 2 it could not run.

Compare \`log-policy.txt\` with one that you did not get from the ledger itself: it says whose signature counts. Keep
\`log/checkpoint\`; next time \`--since\` holds the log to it. The formats are public (C2SP tlog-tiles, signed notes, RFC 6962,
RFC 8785), so that you can also check the log with programs of others.
`;
}

function chinese({ origin, size }: { readonly origin: string; readonly size: number }): string {
  return `# ${origin} 审计包

内含账本的公开日志（${size} 个条目）和核对它的程序。只需要 Node.js 20.19 或更新版本，无需联网，无需安装：

    node audit.mjs                          发现了什么问题，检查了什么
    node audit.mjs --html report.html       可打印的报告
    node audit.mjs --json                   供程序读取
    node audit.mjs --sample 60              抽取核销记录，到现场核实
    node audit.mjs --help                   其他用法

退出码：0 未发现问题，1 发现问题，2 无法运行。

请将 \`log-policy.txt\` 与不是从账本方得到的一份对照：它决定谁的签名有效。请保存 \`log/checkpoint\`，下次用
\`--since\` 可核对日志是否仍是同一份历史。所有格式均为公开标准（C2SP tlog-tiles、signed note、RFC 6962、RFC 8785），
也可以用他人的程序核对。
`;
}

import { inBoth } from '../language/words.js';

export const dataWords = inBoth(
  {
    title: '数据接口',
    lead: '公开数字、公开日志和证明，任何人都可以用程序读取，不需要账号和密钥。本站的页面用的也是这些接口。',
    addresses: '地址',
    about: {
      'public/figures': '最新公布的数字（JSON）。带 ETag，没有变化时回答 304；还没有公布时回答 404。',
      'public/figures/{cut}': '以往某次公布的数字，cut 是那次截取的日志条数，即文件里的 treeSize。公布过的不会改。',
      'public/figures/disclosed': '需要私密字段才能计算的数字（L2）：按商品类别、按商户、个人资料删除次数。',
      'public/figures.csv?table={table}': '一张表的 CSV：table 是表名，如 redeemed-by-county，或 totals、settlements、corrections。',
      'public/stream': '服务器推送：公布新数字时发出事件 figures，内容为 {"cut":…,"leaf":…,"digest":…}；日志公布时发出事件 log，内容为 {"size":…}；连上时先发最新的。',
      'events?from={index}&limit={count}': '日志的记录，按顺序，每行一条；只有已进入签名检查点的。',
      'log/status': '日志发布到哪里、见证方联署到哪里。',
      'openapi.json': '全部接口的 OpenAPI 说明。',
    },
    log: '日志文件（C2SP tlog-tiles）：检查点、哈希、记录。可以整份下载并审计。',
    format: '格式',
    formatText: (name: string) =>
      `${name}：规范化 JSON（RFC 8785）。金额是最小货币单位的整数，不用小数。每个数都带 level（L1 或 L2）和 asOf（准确到的日志条数）。`,
    suppressed:
      '没有 value 而有 suppressed 的，是按规则不公布的数：k、complement、dominance 或 differencing。rules 里写明规则的参数。',
    anchored:
      '文件的 SHA-256 写在日志的 FiguresPublished 里（data.digest，base64），文件本身就是 data.cut 条记录之内重算的结果。npx aidtrail audit 会逐份重算并比对。',
    definitions: '每个数字怎么算',
  },
  {
    title: 'Public data interface',
    lead: 'Published figures, the public log and its proofs, for any program to read, without an account or a key. The pages of this site use nothing else.',
    addresses: 'Addresses',
    about: {
      'public/figures': 'The newest figures (JSON). With an ETag: 304 while nothing changed, 404 while none are published.',
      'public/figures/{cut}':
        'An earlier publication, by how many entries of the log it counts: the `treeSize` of its document. It never changes.',
      'public/figures/disclosed':
        'Figures for which private fields are needed (L2): by goods, by merchant, and how often data were erased.',
      'public/figures.csv?table={table}':
        'One table as CSV: its name, such as `redeemed-by-county`, or `totals`, `settlements` or `corrections`.',
      'public/stream':
        'Server-sent events: `figures` with {"cut":…,"leaf":…,"digest":…} and `log` with {"size":…}, the newest at once and others as soon as figures, or entries of the log, are published.',
      'events?from={index}&limit={count}':
        'Entries of the log in order, one a line; only those that a signed checkpoint covers.',
      'log/status': 'How far the log is published, and cosigned by its witnesses.',
      'openapi.json': 'All of the interface, as OpenAPI.',
    },
    log: 'The files of the log (C2SP tlog-tiles): checkpoints, hashes, entries, for anybody to copy and audit.',
    format: 'Format',
    formatText: (name: string) =>
      `${name}: canonical JSON (RFC 8785). Money is an integer of minor units. Each number has a level (L1 or L2) and \`asOf\`, the number of entries for which it is exact.`,
    suppressed:
      'Where there is `suppressed` and no number, rules keep it back: k, complement, dominance or differencing. Their parameters stand in `rules`.',
    anchored:
      'The SHA-256 of a document stands in the log as FiguresPublished (`data.digest`, base64), and the document is what the first `data.cut` entries say. `npx aidtrail audit` computes each again and compares.',
    definitions: 'How each figure is computed',
  },
);

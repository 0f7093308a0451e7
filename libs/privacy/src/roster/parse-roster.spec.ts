import iconv from 'iconv-lite';
import fc from 'fast-check';
import { formatProblems, formatRoster } from './format-roster.js';
import { normaliseCell } from './normalise-cell.js';
import { parseRoster, type ParsedRoster, type RosterOptions } from './parse-roster.js';
import { chineseHeader, chineseLines, chineseRoster, inventedId, inventedPeople, today } from './roster.examples.js';

const utf8 = (text: string) => new TextEncoder().encode(text);
const parse = (text: string, options: Partial<RosterOptions> = {}) => parseRoster(utf8(text), { today, ...options });
const codes = (roster: ParsedRoster) => roster.problems.map(({ line, code }) => [line, code]);
const [first, second] = inventedPeople;

describe('reading a roster whatever program wrote it', () => {
  const text = chineseRoster();
  const expectedRows = parse(text).rows;

  it('reads names, numbers, phones, communities and groups', () => {
    expect(expectedRows).toHaveLength(4);
    expect(expectedRows[0]).toEqual({
      line: 2,
      name: first.name,
      idType: 'resident_id',
      idNumber: first.id,
      phone: first.phone,
      community: '上坝村',
      group: 'elderly',
    });
    expect(expectedRows[2]).not.toHaveProperty('phone');
  });

  it.each([
    ['utf-8', utf8(text)],
    ['utf-8-bom', utf8(`\ufeff${text}`)],
    ['utf-16le', iconv.encode(text, 'utf-16le', { addBOM: true })],
    ['utf-16be', iconv.encode(text, 'utf-16be', { addBOM: true })],
    ['gb18030', iconv.encode(text, 'gbk')],
    ['gb18030', iconv.encode(text, 'gb18030')],
  ])('detects %s and reads the same rows', (encoding, bytes) => {
    const roster = parseRoster(bytes, { today });
    expect(roster.encoding).toBe(encoding);
    expect(roster.problems).toEqual([]);
    expect(roster.rows).toEqual(expectedRows);
  });

  it('keeps a rare ideograph that only GB18030 has', () => {
    const bytes = iconv.encode(chineseRoster([`石𠮷,${first.id},,上坝村,老人`]), 'gb18030');
    expect(parseRoster(bytes, { today }).rows[0]?.name).toBe('石𠮷');
  });

  it.each([
    [',', ','],
    ['tab', '\t'],
    [';', ';'],
  ])('detects the delimiter %s and any line end', (_, delimiter) => {
    for (const lineEnd of ['\n', '\r\n', '\r']) {
      const roster = parse(text.replaceAll(',', delimiter).replaceAll('\n', lineEnd));
      expect(roster.dialect?.delimiter).toBe(delimiter);
      expect(roster.rows).toEqual(expectedRows);
    }
  });

  it('understands English headers, marks and remarks in headers, and a title above', () => {
    const roster = parse(
      [
        'Relief roster of an invented county,,,,,',
        '',
        'No.,* Name,ID Number (18 digits),Phone,Village/Community,Target group,Favourite colour',
        `1,${first.name},${first.id},${first.phone},Upper Dam,elderly,blue`,
      ].join('\n'),
    );
    expect(roster.problems).toEqual([]);
    expect(roster.dialect).toMatchObject({ headerLine: 3, ignoredColumns: ['Favourite colour'] });
    expect(roster.rows).toHaveLength(1);
    expect(roster.rows[0]).toMatchObject({ line: 4, community: 'Upper Dam', group: 'elderly' });
    expect(JSON.stringify(roster.rows)).not.toContain('blue');
  });

  it('passes over blank lines, totals, signatures and repeated headers, and says so', () => {
    const [a, b] = chineseLines();
    const roster = parse(`${chineseHeader}\n${a}\n,,,,\n\n${chineseHeader}\n${b}\n合 计,2,,,\n制表人：某某,,,,\n`);
    expect(roster.rows.map(({ line }) => line)).toEqual([2, 6]);
    expect(roster.problems).toEqual([]);
    expect(roster.notes).toEqual([
      { line: 5, code: 'repeated_header_ignored' },
      { line: 7, code: 'total_row_ignored' },
      { line: 8, code: 'footer_ignored' },
    ]);
  });

  it('numbers lines as an editor does, also after a cell with line ends in it', () => {
    const roster = parse(
      `${chineseHeader},备注\r\n${first.name},${first.id},,上坝村,老人,"第一\r\n第二"\r\n${second.name},1,,上坝村,老人,\r\n`,
    );
    expect(roster.rows[0]?.note).toBe('第一 第二');
    expect(codes(roster)).toEqual([[4, 'id_malformed']]);
  });
});

describe('what spreadsheets do to numbers', () => {
  const line = (id: string, phone = '') => chineseRoster([`${first.name},${id},${phone},上坝村,老人`]);
  const fullWidth = (text: string) =>
    text.replace(/[!-~]/g, (character) => String.fromCharCode(character.charCodeAt(0) + 0xfee0));

  it.each([
    ['full-width digits', fullWidth(first.id)],
    ['spaces inside', first.id.replace(/(.{6})(.{8})/, '$1 $2 ')],
    ['an ideographic space', `\u3000${first.id}\u3000`],
    ['a leading apostrophe', `'${first.id}`],
    ['a leading tab', `\t${first.id}`],
    ['formula text', `="${first.id}"`],
    ['quoted formula text', `"=""${first.id}"""`],
    ['zero-width characters', `\u200b${first.id}\ufeff`],
  ])('reads an identity number with %s', (_, cell) => {
    const roster = parse(line(cell));
    expect(roster.problems).toEqual([]);
    expect(roster.rows[0]?.idNumber).toBe(first.id);
  });

  it('reads thousands separators and a decimal tail', () => {
    const digits = inventedId('522632', '19700101', 2);
    expect(digits).toMatch(/^\d{18}$/);
    const grouped = digits.replace(/\B(?=(\d{3})+$)/g, ',');
    expect(parse(line(`"${grouped}"`)).rows[0]?.idNumber).toBe(digits);
    expect(parse(line(`${digits}.00`)).rows[0]?.idNumber).toBe(digits);
  });

  it('makes a lower-case x upper case and upgrades old numbers with a note', () => {
    expect(parse(line('34052419800101001x')).rows[0]?.idNumber).toBe('34052419800101001X');
    const old = parse(line('340524800101001'));
    expect(old.rows[0]?.idNumber).toBe('34052419800101001X');
    expect(old.notes).toEqual([{ line: 2, code: 'old_id_number_upgraded' }]);
  });

  it('refuses a number whose digits Excel has lost, with advice', () => {
    for (const cell of ['4.30102E+17', '4.30102e17', `${first.id.slice(0, 15)}000`]) {
      const roster = parse(line(cell));
      expect(codes(roster)).toEqual([[2, 'excel_lost_digits']]);
      expect(roster.problems[0]?.sentenceZh).toContain('文本');
    }
  });

  it('accepts a true number that ends in three zeros, with a note', () => {
    let zeros = '';
    for (let day = 1; day <= 28 && zeros === ''; day += 1) {
      const candidate = inventedId('522632', `197001${String(day).padStart(2, '0')}`, 0);
      if (candidate.endsWith('000')) zeros = candidate;
    }
    expect(zeros).toHaveLength(18);
    const roster = parse(line(zeros));
    expect(roster.problems).toEqual([]);
    expect(roster.notes).toEqual([{ line: 2, code: 'id_ends_in_zeros' }]);
  });

  it.each([
    ['+86 138-0000-0011', '13800000011'],
    ['8613800000011', '13800000011'],
    ['13800000011.0', '13800000011'],
    ['1.3800000011E+10', '13800000011'],
    ['0855-3220011', '08553220011'],
    ['无', undefined],
  ])('reads the telephone number %s', (cell, number) => {
    expect(parse(line(first.id, cell)).rows[0]?.phone).toBe(number);
  });

  it.each([
    ['1.38E+10', 'excel_lost_digits'],
    ['1380000001', 'phone_impossible'],
    ['12345678901', 'phone_impossible'],
    ['13333333333', 'phone_impossible'],
  ])('refuses the telephone number %s', (cell, code) => {
    expect(codes(parse(line(first.id, cell)))).toEqual([[2, code]]);
  });
});

describe('problems of a roster', () => {
  it.each([
    [`,${first.id},,上坝村,老人`, ['missing_name']],
    [`12,${first.id},,上坝村,老人`, ['name_implausible']],
    [`=SUM(A1),${first.id},,上坝村,老人`, ['name_implausible']],
    [`石?,${first.id},,上坝村,老人`, ['unreadable_characters']],
    [`石小禾,,,上坝村,老人`, ['missing_id_number']],
    [`石小禾,${first.id},,,老人`, ['missing_community']],
    [`石小禾,${first.id},,上坝村,`, ['missing_target_group']],
    [`石小禾,${first.id},,上坝村,宇航员`, ['unknown_target_group']],
    [`石小禾,${first.id},,上坝村,老人,多余`, ['extra_cells']],
    [`石小禾,${first.id},,${'村'.repeat(101)},老人`, ['value_too_long']],
    [
      `,340524198001010013,1,,`,
      ['missing_name', 'id_check_digit', 'phone_impossible', 'missing_target_group', 'missing_community'],
    ],
  ])('finds all that is wrong with a line: %#', (line, expected) => {
    const roster = parse(chineseRoster([line]));
    expect(roster.problems.map(({ code }) => code)).toEqual(expected);
    expect(roster.rows).toEqual([]);
  });

  it('finds the same person twice, also when one line has the old number', () => {
    const roster = parse(
      chineseRoster(['石小禾,34052419800101001X,,上坝村,老人', '石小禾,340524800101001,,上坝村,老人']),
    );
    expect(codes(roster)).toEqual([[3, 'duplicate_in_file']]);
    expect(roster.problems[0]?.otherLine).toBe(2);
    const withoutFirst = parse(
      chineseRoster(['石小禾,34052419800101001X,,上坝村,老人', '石小禾,340524800101001,,上坝村,老人']),
      { excludeLines: [2] },
    );
    expect(withoutFirst.problems).toEqual([]);
    expect(withoutFirst.rows.map(({ line }) => line)).toEqual([3]);
  });

  it('reads other papers when a column names them', () => {
    const header = '姓名,证件类型,证件号码,村,类别';
    const roster = parse(`${header}\n石小禾,护照,e1234567,上坝村,老人\n杨溪月,月票,E7654321,上坝村,老人\n`);
    expect(roster.rows[0]).toMatchObject({ idType: 'passport', idNumber: 'E1234567' });
    expect(codes(roster)).toEqual([[3, 'document_type_unknown']]);
  });

  it('excludes lines by number and notices numbers that hold no row', () => {
    const roster = parse(chineseRoster([`,1,,,`, ...chineseLines()]), { excludeLines: [2, 99] });
    expect(roster.problems).toEqual([]);
    expect(roster.rowCount).toBe(4);
    expect(roster.unknownExcludedLines).toEqual([99]);
  });

  it.each([
    ['too large', new Uint8Array(10 * 1024 * 1024 + 1), 'file_too_large'],
    ['a workbook', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0), 'excel_workbook'],
    ['an old workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0), 'excel_workbook'],
    ['binary', Uint8Array.of(65, 0, 66), 'binary_file'],
    ['without header', utf8(chineseLines().join('\n')), 'no_header_row'],
    ['empty', new Uint8Array(0), 'no_header_row'],
    ['a header only', utf8(chineseHeader), 'no_rows'],
    ['with an open quote', utf8(`${chineseHeader}\n"石小禾,1\n`), 'unclosed_quote'],
    ['without a column', utf8(`姓名,身份证号,村\n石小禾,${first.id},上坝村`), 'missing_column'],
    ['with a column twice', utf8(`${chineseHeader},联系电话\n`), 'ambiguous_column'],
    ['too long', utf8(`${chineseHeader}\n${'a,1,,,\n'.repeat(200_001)}`), 'too_many_rows'],
  ])('refuses a file that is %s', (_, bytes, code) => {
    const roster = parseRoster(bytes, { today });
    expect(roster.problems.map((problem) => [problem.scope, problem.code])).toEqual([['file', code]]);
    expect(roster.rows).toEqual([]);
  });

  it('takes community and group from the options where the file has none', () => {
    const roster = parse(`姓名,身份证号\n石小禾,${first.id}\n`, {
      defaults: { community: '上坝村', group: 'elderly' },
    });
    expect(roster.rows[0]).toMatchObject({ community: '上坝村', group: 'elderly' });
  });
});

describe('nothing personal in problems, and nothing that runs', () => {
  it('keeps names, numbers and phones out of problems and notes', () => {
    const lines = inventedPeople.flatMap(({ name, id, phone }) => [
      `${name},${id.slice(0, 17)},${phone}9,上坝村,${name}`,
      `${name}1,${id},${phone},上坝村,老人,${phone}`,
      `${name},${id.slice(0, 15)}000,${phone},,老人`,
      `${name},${id},${phone},上坝村,老人`,
      `${name},${id},${phone},上坝村,老人`,
    ]);
    const roster = parse(chineseRoster(lines));
    const told = JSON.stringify([roster.problems, roster.notes, roster.dialect]) + formatProblems(roster.problems);
    expect(roster.problems.length).toBeGreaterThan(15);
    for (const { name, id, phone } of inventedPeople) {
      for (const secret of [name, id, id.slice(0, 15), ...(phone === '' ? [] : [phone])]) {
        expect(told).not.toContain(secret);
      }
    }
  });

  it('neutralises formulas in headers that are echoed', () => {
    const roster = parse(`${chineseHeader},"=HYPERLINK(""http://x"")",电话（+1）\n`);
    for (const shown of [...(roster.dialect?.ignoredColumns ?? []), ...roster.problems.map(({ column }) => column)]) {
      expect(shown).not.toMatch(/^[=+\-@]/);
    }
    expect(roster.dialect?.ignoredColumns).toHaveLength(1);
  });
});

describe('normalising is idempotent', () => {
  it('for any cell', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string({ unit: 'grapheme' }), fc.string({ unit: fc.constantFrom(...'\'"=‘　 \t1a石') })),
        (cell) => {
          const once = normaliseCell(cell);
          expect(normaliseCell(once)).toBe(once);
        },
      ),
    );
  });

  it('for whole rosters: what was parsed and written again parses to the same rows', () => {
    const text = fc.string({ unit: fc.constantFrom(...'石禾 aB\'"=,;\t-+@\n　') });
    fc.assert(
      fc.property(
        fc.array(fc.record({ name: text, note: text, place: text, sequence: fc.nat(999) }), { maxLength: 20 }),
        (people) => {
          const cell = (value: string) => `"${value.replaceAll('"', '""')}"`;
          const lines = people.map(({ name, note, place, sequence }) =>
            [cell(name), inventedId('522632', '19700101', sequence), '', cell(place), 'women', cell(note)].join(','),
          );
          const once = parse(`${chineseHeader},备注\n${lines.join('\n')}\n`);
          const again = parse(formatRoster(once.rows));
          const withoutLines = (roster: ParsedRoster) => roster.rows.map((row) => ({ ...row, line: 0 }));
          expect(withoutLines(again)).toEqual(withoutLines(once));
        },
      ),
    );
  });
});

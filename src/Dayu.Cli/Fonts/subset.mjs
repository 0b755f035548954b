// Cuts the font that comes along out of Noto Sans SC Regular: node subset.mjs SOURCE.ttf TARGET.ttf.gz
import { readFileSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import subset from 'subset-font';

const [source, target] = process.argv.slice(2);

/** Characters of two bytes in an encoding: the first byte from `row` to `last`, the second from `cell` on. */
function* charactersOf(encoding, row, last, cell) {
  const decoder = new TextDecoder(encoding);
  for (; row <= last; row++)
    for (let c = cell; c <= 0xFE; c++) {
      const character = decoder.decode(Uint8Array.of(row, c));
      if (/^[^\uE000-\uF8FF\uFFFD]$/u.test(character)) yield character;   // no private places, no holes
    }
}

let text = [
  ...charactersOf('gb2312', 0xA1, 0xF7, 0xA1),                       // symbols, Greek, Cyrillic, kana; 6,763 simplified hanzi
  ...charactersOf('big5', 0xA4, 0xC6, 0x40),                         // level 1: 5,401 traditional hanzi
].join('');

const blocks = [
  [0x20, 0x7E], [0xA0, 0xFF],                                        // Latin
  [0x2000, 0x206F], [0x2100, 0x214F], [0x2190, 0x22FF],              // punctuation, letterlike, arrows, mathematics
  [0x2500, 0x25FF],                                                  // lines, blocks, shapes
  [0x3000, 0x30FF], [0xFE30, 0xFE6F],                                // CJK punctuation, kana, vertical and small forms
  [0xFF01, 0xFF5E], [0xFFE0, 0xFFE6],                                // full-width forms
];
for (const [first, last] of blocks)
  for (let c = first; c <= last; c++) text += String.fromCodePoint(c);

const font = readFileSync(source);

// "Contours may overlap" is said of every glyph. Skia then merges them, and not always rightly (句 gets a filled square);
// unmerged they are right by the nonzero rule. The bit is in a glyph's first flag, behind its contours' ends and its hints.
const table = name => font.readUInt32BE(font.indexOf(name, 12, 'latin1') + 8);
const [glyf, loca, glyphs] = [table('glyf'), table('loca'), font.readUInt16BE(table('maxp') + 4)];
for (let g = 0; g < glyphs; g++) {
  const at = glyf + font.readUInt32BE(loca + 4 * g), next = glyf + font.readUInt32BE(loca + 4 * g + 4);
  const contours = at < next ? font.readInt16BE(at) : 0;
  if (contours <= 0) continue;
  const hints = at + 10 + 2 * contours;
  font[hints + 2 + font.readUInt16BE(hints)] &= ~0x40;
}

const options = {
  targetFormat: 'truetype',
  noHinting: true,                                                   // pictures are drawn without
  keepFeatures: [],
  dropTables: ['BASE', 'GDEF', 'GPOS', 'GSUB', 'STAT', 'gasp', 'vhea', 'vmtx'],
  preserveNameIds: [0, 7, 13, 14],                                   // copyright, trademark, licence and its address
};
writeFileSync(target, gzipSync(await subset(font, text, options), { level: 9 }));

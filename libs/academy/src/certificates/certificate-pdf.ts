import { createRequire } from 'node:module';
import { buffer } from 'node:stream/consumers';
import PDFDocument from 'pdfkit';

/** What is printed. */
export interface CertificateText {
  readonly id: string;
  /** The person. */
  readonly name: string;
  /** The course's title. */
  readonly course: string;
  readonly issuedAt: Date;
}

const require = createRequire(import.meta.url);
const face = (style: string) =>
  require.resolve(`@expo-google-fonts/eb-garamond/${style}/EBGaramond_${style}.ttf`);
/** EB Garamond knows Latin, Greek and Cyrillic; the fonts built into PDF know Latin-1 only. */
const FONTS = { regular: face('400Regular'), italic: face('500Medium_Italic'), bold: face('600SemiBold') };

const INK = '#1f2a37';
const FADED = '#5b6776';
const ACCENT = '#a8501f';
const MARGIN = 28;
const TEXT_MARGIN = 90;

/** One landscape page of A4. */
export async function renderCertificate(text: CertificateText): Promise<Buffer> {
  const document = new PDFDocument({
    size: 'A4',
    layout: 'landscape',
    margin: 0,
    font: FONTS.regular,
    lang: 'en',
    displayTitle: true,
    info: { Title: `Certificate: ${text.course}`, Author: 'Trivet Academy', CreationDate: text.issuedAt },
  });
  drawFrame(document);
  drawTrivet(document, document.page.width / 2, 92);
  drawText(document, text);
  document.end();
  return buffer(document);
}

function drawFrame(document: PDFKit.PDFDocument): void {
  const { width, height } = document.page;
  document.rect(0, 0, width, height).fill('#fdfaf4');
  document.lineWidth(2.5).strokeColor(ACCENT);
  document.rect(MARGIN, MARGIN, width - 2 * MARGIN, height - 2 * MARGIN).stroke();
  const inner = MARGIN + 7;
  document.lineWidth(0.6).strokeColor(INK);
  document.rect(inner, inner, width - 2 * inner, height - 2 * inner).stroke();
  for (const x of [inner, width - inner]) {
    for (const y of [inner, height - inner]) {
      document.circle(x, y, 9).fillAndStroke('#fdfaf4', INK);
      document.circle(x, y, 3.5).fill(ACCENT);
    }
  }
}

/** The mark: a ring on three legs. */
function drawTrivet(document: PDFKit.PDFDocument, x: number, y: number): void {
  document.lineWidth(4).lineCap('round').strokeColor(ACCENT);
  for (const degrees of [90, 210, 330]) {
    const angle = (degrees * Math.PI) / 180;
    const [dx, dy] = [Math.cos(angle), Math.sin(angle)];
    document.moveTo(x + 16 * dx, y + 16 * dy).lineTo(x + 27 * dx, y + 27 * dy);
  }
  document.stroke().circle(x, y, 16).stroke();
}

function drawText(document: PDFKit.PDFDocument, { id, name, course, issuedAt }: CertificateText): void {
  const date = issuedAt.toLocaleDateString('en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'UTC',
  });
  const line = centred(document);
  line('TRIVET ACADEMY', { y: 134, size: 13, font: FONTS.bold, colour: FADED, spacing: 4 });
  line('Certificate', { y: 156, size: 50, font: FONTS.bold, colour: INK });
  line('This is to certify that', { y: 232, size: 17, font: FONTS.italic, colour: FADED });
  line(name, { y: 258, size: 40, font: FONTS.italic, colour: ACCENT });
  document.lineWidth(0.6).strokeColor(FADED);
  document
    .moveTo(250, 316)
    .lineTo(document.page.width - 250, 316)
    .stroke();
  line('has taken the course', { y: 328, size: 17, font: FONTS.italic, colour: FADED });
  line(course, { y: 356, size: 30, font: FONTS.bold, colour: INK });
  line(date, { y: 424, size: 18, font: FONTS.regular, colour: INK });
  line(`No. ${id}`, { y: 494, size: 11, font: FONTS.regular, colour: FADED });
  line(`To verify it, sign in and open /certificates/${id}`, {
    y: 510,
    size: 11,
    font: FONTS.regular,
    colour: FADED,
  });
}

interface Line {
  readonly y: number;
  readonly size: number;
  readonly font: string;
  readonly colour: string;
  readonly spacing?: number;
}

/** Writes one centred line, in smaller type when it is too long. */
function centred(document: PDFKit.PDFDocument): (text: string, line: Line) => void {
  const width = document.page.width - 2 * TEXT_MARGIN;
  return (text, { y, size, font, colour, spacing = 0 }) => {
    document.font(font).fontSize(size).fillColor(colour);
    const natural = document.widthOfString(text, { characterSpacing: spacing });
    const fitting = Math.min(size, (size * width) / natural);
    document.fontSize(fitting);
    const sunk = y + (size - fitting) / 2;
    document.text(text, TEXT_MARGIN, sunk, {
      width,
      align: 'center',
      lineBreak: false,
      characterSpacing: spacing,
    });
  };
}

const MAX_LENGTH = 200;
const UUID = /[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}/gi;
const SEPARATORS = /([:/|#,;&{}()[\]\s]+)/;
const JOINERS = /([._+=~-]+)/;

/** The parts of a name or pattern: texts at even places, what separates them at odd ones. */
export function segmentsOf(pattern: string): string[] {
  return pattern.split(SEPARATORS);
}

/** What a name looks like once ids, numbers, hashes and addresses are `*`, e.g. `sess:*`. */
export function patternOf(name: string): string {
  const cut = name.length > MAX_LENGTH ? `${name.slice(0, MAX_LENGTH)}*` : name;
  return segmentsOf(cut)
    .map((segment, place) => (place % 2 === 0 ? collapseSegment(segment) : segment))
    .join('');
}

function collapseSegment(segment: string): string {
  const text = segment.replace(UUID, '*');
  if (isRandom(text) || text.includes('@')) return '*';
  return text
    .split(JOINERS)
    .map((part, place) => (place % 2 === 0 ? collapsePart(part) : part))
    .join('')
    .replace(/\*(?:[._+=~-]*\*)+/g, '*');
}

function collapsePart(part: string): string {
  if (/^v\d{1,2}$/i.test(part)) return part; // a version of the format, not an id
  if (/^(?=.*\d)[\da-f]{8,}$/i.test(part) || digitRuns(part) > 1) return '*';
  return part.replace(/^\d+|\d+$/g, '*');
}

/** Base64, ULID, nanoid and the like: long, with digits or capitals all over, or letters nobody can pronounce. */
function isRandom(text: string): boolean {
  if (text.length < 16 || text.includes('.')) return false; // a dot: a file, a host, a version
  const isMixed = text.split(JOINERS).some((part) => part.length >= 8 && digitRuns(part) > 1);
  return isMixed || /[b-df-hj-np-tv-z]{6}/i.test(text) || changesOfCase(text) > 0.35 * text.length;
}

function changesOfCase(text: string): number {
  return text.match(/[a-z](?=[A-Z\d])|[A-Z](?=[a-z\d])|\d(?=[A-Za-z])/g)?.length ?? 0;
}

function digitRuns(text: string): number {
  return text.match(/\d+/g)?.length ?? 0;
}

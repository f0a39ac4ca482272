const MAX_BYTES = 1_024;
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** A key's name as printable text: what could steer a terminal is escaped, what is longer than 1 KiB is cut. */
export function printableName(name: Buffer): string {
  const text = escaped(name.subarray(0, MAX_BYTES));
  return name.length > MAX_BYTES ? `${text}… (${name.length} bytes)` : text;
}

function escaped(bytes: Buffer): string {
  try {
    return UTF8.decode(bytes).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCharacter);
  } catch {
    // Not UTF-8: byte by byte, as redis-cli does it.
    return bytes.toString('latin1').replace(/[^ -~]/g, escapeCharacter);
  }
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}

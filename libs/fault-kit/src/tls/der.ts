/** The few pieces of DER that a certificate is made of. */
export function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  return Buffer.concat([Buffer.from([tag, ...lengthOf(body)]), body]);
}

export const sequence = (...items: Buffer[]): Buffer => der(0x30, ...items);
export const integer = (value: number): Buffer => der(0x02, Buffer.from([value]));
export const octets = (content: Buffer): Buffer => der(0x04, content);
export const bits = (content: Buffer): Buffer => der(0x03, Buffer.from([0]), content);
export const yes = der(0x01, Buffer.from([0xff]));

/** An object identifier from its encoded bytes, in hex. */
export const oid = (hex: string): Buffer => der(0x06, Buffer.from(hex, 'hex'));

/** A distinguished name with nothing but a common name. */
export const commonName = (name: string): Buffer =>
  sequence(der(0x31, sequence(oid('550403'), der(0x0c, Buffer.from(name)))));

/** `YYMMDDhhmmssZ` */
export const time = (date: Date): Buffer =>
  der(0x17, Buffer.from(`${date.toISOString().replace(/\D/g, '').slice(2, 14)}Z`));

function lengthOf(body: Buffer): number[] {
  if (body.length < 0x80) return [body.length];
  if (body.length < 0x100) return [0x81, body.length];
  return [0x82, body.length >> 8, body.length & 0xff];
}

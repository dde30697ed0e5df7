/** A field of a protobuf message as it lies on the wire: a number, or the bytes of whatever it is. */
export type WireValue = bigint | Uint8Array;

/** The fields of a message by number, in their order. */
export type WireMessage = ReadonlyMap<number, readonly WireValue[]>;

/** Reads a protobuf message without its schema. */
export function readMessage(bytes: Uint8Array): WireMessage {
  const fields = new Map<number, WireValue[]>();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let at = 0;

  function varint(): bigint {
    let value = 0n;
    for (let shift = 0n; ; shift += 7n) {
      const byte = view.getUint8(at);
      at += 1;
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  function read(type: bigint): WireValue {
    if (type === 0n) return varint();
    if (type !== 1n && type !== 2n && type !== 5n) throw new Error(`wire type ${type}`);
    const length = type === 1n ? 8 : type === 5n ? 4 : Number(varint());
    at += length;
    if (type === 1n) return view.getBigUint64(at - length, true);
    return type === 5n ? BigInt(view.getUint32(at - length, true)) : bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const tag = varint();
    const value = read(tag & 7n);
    const number = Number(tag >> 3n);
    fields.set(number, [...(fields.get(number) ?? []), value]);
  }
  return fields;
}

export function messagesAt(message: WireMessage, number: number): WireMessage[] {
  return (message.get(number) ?? []).map((value) => readMessage(bytesOf(value)));
}

export function textAt(message: WireMessage, number: number): string {
  return Buffer.from(bytesOf(message.get(number)?.[0])).toString();
}

export function hexAt(message: WireMessage, number: number): string {
  return Buffer.from(bytesOf(message.get(number)?.[0])).toString('hex');
}

/** 0 where it is absent, as protobuf has it. */
export function integerAt(message: WireMessage, number: number): bigint {
  const value = message.get(number)?.[0] ?? 0n;
  if (typeof value !== 'bigint') throw new Error(`field ${number} is no number`);
  return value;
}

function bytesOf(value: WireValue | undefined): Uint8Array {
  if (typeof value === 'bigint') throw new Error('a number, and no bytes');
  return value ?? new Uint8Array();
}

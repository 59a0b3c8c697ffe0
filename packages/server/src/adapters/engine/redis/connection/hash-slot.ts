/** Number of hash slots of a Redis Cluster. */
const slotCount = 16_384;

/** Returns the hash slot of a key or topic, as the specification of Redis Cluster defines it. */
export function hashSlotOf(key: string): number {
  return crc16(Buffer.from(hashTagOf(key))) % slotCount;
}

/** Returns the part of a key that decides on its hash slot: what is in its first braces, or all of it. */
export function hashTagOf(key: string): string {
  const start = key.indexOf("{");
  const end = key.indexOf("}", start + 1);
  return start === -1 || end <= start + 1 ? key : key.slice(start + 1, end);
}

/** The CRC-16 of XModem: polynomial 0x1021, from 0. */
function crc16(bytes: Uint8Array): number {
  let crc = 0;
  for (const byte of bytes) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc & 0x80_00) === 0 ? crc << 1 : (crc << 1) ^ 0x10_21;
    crc &= 0xff_ff;
  }
  return crc;
}
